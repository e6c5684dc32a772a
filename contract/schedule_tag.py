"""The tag in which a template carries the schedule by which a pipeline runs it, and by which its price is computed.

AWS's tags know few characters: `cron(0 10 ? * TUE *)` is written `cron:0 10 _ = TUE =`.
Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html (tag restrictions)
"""

from __future__ import annotations

from typing import Final

TAG: Final = "chaos:schedule"
_WRITTEN: Final = {"(": ":", "?": "_", "*": "=", ",": "+", "#": "@"}
_TO_TAG: Final = str.maketrans({**_WRITTEN, ")": ""})
_FROM_TAG: Final = str.maketrans({written: read for read, written in _WRITTEN.items()})


def written(expression: str) -> str:
    """A schedule expression as the tag's value.

    >>> written("cron(0 10 ? * TUE *)")
    'cron:0 10 _ = TUE ='
    """
    return expression.translate(_TO_TAG)


def read(value: str) -> str:
    """The schedule expression of a tag's value.

    >>> read("cron:0 10 _ = TUE =")
    'cron(0 10 ? * TUE *)'
    """
    return f"{value.translate(_FROM_TAG)})"
