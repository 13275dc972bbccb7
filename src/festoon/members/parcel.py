"""Where a member's parcels go: personal, so it is kept with his personal fields, a field for each gift."""

from collections.abc import Mapping
from typing import Any

PARCEL = "parcel/"
"""What a personal field's name begins with that says where a gift goes; the gift's id follows."""
FIELDS = ("name", "phone", "address", "postcode")


def parcel_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The personal field of an address that was given."""
    return {PARCEL + str(data["item"]): {name: data[name] for name in FIELDS if data.get(name)}}
