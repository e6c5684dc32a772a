"""The order in which S3 lists versions and delete markers: botocore reads them into two lists and loses it.

S3 lists the versions of a key in the order in which they were stored, the newest first (S3 user guide, "Listing objects
in a versioning-enabled bucket"). Their times have whole seconds, so that of two changes within one second only this
order tells which came first. It is read from the bytes of each answer, which botocore parses as always besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.etree import ElementTree

from runners.errors import AwsError

ORDER: Final = "IalOrder"
_EVENT: Final = "before-parse.s3.ListObjectVersions"
_SUCCESS_BELOW: Final = 300
_VERSION: Final = "Version"
_MARKER: Final = "DeleteMarker"


def keep_order(client: Any) -> None:
    """Lets a client's ListObjectVersions answers carry the order. May be called again for the same client."""
    client.meta.events.register(_EVENT, _note, unique_id=ORDER)


def in_order(page: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], bool]]:
    """A page's entries as S3 lists them, each with whether it is a delete marker.

    Raises:
        AwsError: the answer came without an order, or it does not fit what botocore has read.
    """
    versions, markers = iter(page.get("Versions", [])), iter(page.get("DeleteMarkers", []))
    order = page.get(ORDER)
    if order is None or len(order) != len(page.get("Versions", [])) + len(page.get("DeleteMarkers", [])):
        msg = "s3:ListObjectVersions: the order of versions and delete markers cannot be told, so nothing is restored"
        raise AwsError(msg, operation="s3:ListObjectVersions", code="unknown")
    for marker in order:
        held = next(markers if marker else versions, None)
        if held is None:
            msg = "s3:ListObjectVersions: the answer's order does not fit its versions and delete markers"
            raise AwsError(msg, operation="s3:ListObjectVersions", code="unknown")
        yield held, marker


def _note(response_dict: Mapping[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    if response_dict["status_code"] >= _SUCCESS_BELOW:
        return
    try:
        root = ElementTree.fromstring(response_dict["body"])
    except ElementTree.ParseError:
        # botocore reads the same bytes next, and says so.
        return
    names = (child.tag.rpartition("}")[2] for child in root)
    customized_response_dict[ORDER] = [name == _MARKER for name in names if name in (_VERSION, _MARKER)]
