"""What a plan says of the channels that it asks members about."""

from msgspec import Struct

from festoon.plan.values import Slug, Text


class ConsentPlan(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A channel that members are asked about: may we write to you there?"""

    title: Text = ""
    """What members call the channel; of the well-known ones there is a name already."""
    text: Text = ""
    """What a member agrees to: who writes, about what, how often."""
    wording: Slug = "1"
    """The version of that text. What a member agreed to is kept with it: another text needs another name."""
