"""Values that only AWS decides, in the parts of the output document."""

from typing import Any, cast

import pulumi
from msgspec import Struct


def late(value: pulumi.Output[str]) -> str:
    """A text that Pulumi learns from AWS, in a field of the contract that is a text once it is known.

    Resolved part by part it would hide all else of its part from a preview; so it stays in the part as it is, and
    `plain` hands it on to Pulumi, which resolves it where it stands.
    """
    return cast(str, value)


def plain(value: Any) -> Any:
    """Parts of the document as objects and lists, with what is late still in them."""
    if isinstance(value, Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, dict):
        return {name: plain(entry) for name, entry in value.items()}
    return value
