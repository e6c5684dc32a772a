"""Calls by AWS's own names of operations, through boto3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from botocore import xform_name

from runners.aws.session import Clients, calling

# How services name where the next page begins: in the answer and in the question.
_TOKENS: Final = ("nextToken", "NextToken")


@dataclass(frozen=True)
class AwsCalls:
    """One account and region."""

    clients: Clients

    def ask(self, operation: str, about: str, **given: Any) -> Mapping[str, Any]:
        """One call.

        Raises:
            AwsError: it failed for good.
        """
        service, _, name = operation.partition(":")
        with calling(operation, about):
            answer: Mapping[str, Any] = getattr(self.clients.client(service), xform_name(name))(**given)
        return answer

    def all(self, operation: str, about: str, key: str, **given: Any) -> Sequence[Mapping[str, Any]]:
        """What every page has under the key.

        Raises:
            AwsError: it failed for good.
        """
        found: list[Mapping[str, Any]] = []
        more: dict[str, Any] = {}
        while True:
            answer = self.ask(operation, about, **given, **more)
            found += answer[key]
            more = {token: answer[token] for token in _TOKENS if answer.get(token)}
            if not more:
                return found
