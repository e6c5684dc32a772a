"""AWS as kinds of rollback ask it: one call at a time, answers as AWS documents them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Calls(Protocol):
    """One account and region."""

    def ask(self, operation: str, about: str, **given: Any) -> Mapping[str, Any]:
        """One call. `operation` is as AWS writes it, such as `ecs:UpdateService`; `about` is for people.

        Raises:
            AwsError: it failed for good; its `code` is AWS's.
        """

    def all(self, operation: str, about: str, key: str, **given: Any) -> Sequence[Mapping[str, Any]]:
        """What every page of an answer has under the key.

        Raises:
            AwsError: it failed for good.
        """
