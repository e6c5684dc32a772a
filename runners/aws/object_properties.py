"""Everything that S3 says about a version, for copies that keep it and for checks that compare it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# What S3 says of a version that is no property of the object; everything else is compared.
NO_PROPERTY: Final = {
    "ResponseMetadata": "about the answer",
    "Body": "compared by its SHA-256",
    "ContentLength": "compared as the size",
    "AcceptRanges": "about the answer",
    "ContentRange": "about the answer",
    "RequestCharged": "about the answer",
    "LastModified": "each version has its own",
    "VersionId": "each version has its own",
    "ETag": "differs for equal bytes by parts and keys; the bytes are compared",
    "PartsCount": "how it was uploaded",
    "TagCount": "the tags themselves are compared",
    "Metadata": "compared entry by entry",
    "Expires": "compared as it was sent, ExpiresString",
    "Expiration": "follows from the bucket's rules and the day",
    "Restore": "for how long an archived version can be read",
    "ReplicationStatus": "follows from the bucket's rules",
    "DeleteMarker": "markers are not read",
}
# A copy gets a checksum of S3's choice; the bytes are compared by a better one.
_CHECKSUM: Final = "Checksum"
PRIVATE: Final = "private"


def properties_of(answer: Mapping[str, Any], tags: Mapping[str, str], access: str) -> tuple[tuple[str, str], ...]:
    """What an answer of GetObject or HeadObject says, with tags and ACL, as sorted pairs."""
    found = {name: str(value) for name, value in answer.items() if _is_property(name) and value not in (None, "")}
    found.setdefault("StorageClass", "STANDARD")
    found |= {f"metadata:{name}": value for name, value in answer.get("Metadata", {}).items()}
    found |= {f"tag:{name}": value for name, value in tags.items()}
    found["ACL"] = access
    return tuple(sorted(found.items()))


def _is_property(name: str) -> bool:
    return name not in NO_PROPERTY and not name.startswith(_CHECKSUM)


def access_of(acl: Mapping[str, Any]) -> str:
    """An ACL as one text; `private` is the owner's full control and nothing else."""
    owner = acl.get("Owner", {}).get("ID")
    grants = sorted((grant["Permission"], _grantee(grant["Grantee"])) for grant in acl.get("Grants", []))
    if grants == [("FULL_CONTROL", f'id="{owner}"')]:
        return PRIVATE
    return ", ".join(f"{permission} to {grantee}" for permission, grantee in grants)


def grants_of(acl: Mapping[str, Any]) -> dict[str, str]:
    """An ACL as the parameters that give it to a new object in the same request; none for a private one."""
    if access_of(acl) == PRIVATE:
        return {}
    names = {
        "FULL_CONTROL": "GrantFullControl",
        "READ": "GrantRead",
        "READ_ACP": "GrantReadACP",
        "WRITE_ACP": "GrantWriteACP",
    }
    found: dict[str, list[str]] = {}
    for grant in acl.get("Grants", []):
        # WRITE means nothing on an object.
        if grant["Permission"] in names:
            found.setdefault(names[grant["Permission"]], []).append(_grantee(grant["Grantee"]))
    return {name: ", ".join(grantees) for name, grantees in found.items()}


def _grantee(grantee: Mapping[str, str]) -> str:
    return f'uri="{grantee["URI"]}"' if "URI" in grantee else f'id="{grantee.get("ID", "")}"'
