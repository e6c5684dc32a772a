"""Availability zones of AWS's regions.

Source: AWS Regions and Availability Zones user guide, "Availability Zones", zones that need no opt-in, November 2026.
An account may see fewer of an older region's zones; a program that makes something in each is then priced too dear.
"""

from __future__ import annotations

from typing import Final

_LETTERS: Final = {
    "us-east-1": "abcdef",
    "us-west-1": "ac",
    "us-west-2": "abcd",
    "ca-central-1": "abd",
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
    **dict.fromkeys(
        (
            *("us-east-2", "ca-west-1", "mx-central-1", "sa-east-1", "af-south-1", "il-central-1"),
            *("me-central-1", "me-south-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2"),
            *("eu-west-1", "eu-west-2", "eu-west-3", "ap-east-1", "ap-east-2", "ap-northeast-3", "ap-south-1"),
            *("ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4"),
            *("ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "us-gov-east-1", "us-gov-west-1", "cn-northwest-1"),
        ),
        "abc",
    ),
    "cn-north-1": "abd",
}


def zones_of(region: str) -> list[str] | None:
    """The names of a region's zones, in order; None where the region is not known here."""
    letters = _LETTERS.get(region)
    return [f"{region}{letter}" for letter in letters] if letters else None
