"""What a draft is called: by what its text says now, in the language of whoever reads it."""

from msgspec.structs import replace

from festoon.console.texts import language
from festoon.engine.drafts import Draft
from festoon.plan.form.marks import title_of


def called(draft: Draft) -> Draft:
    """The draft under its title of now; one whose text cannot be read keeps the title that it last had."""
    return replace(draft, title=title_of(draft.text, language()) or draft.title)
