"""Data sources without a cloud: computed, or from the stack's file of answers; the rest is unknown, and told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from contract.names import ACCOUNT_KEY
from preview.data_sources.answers import Answers
from preview.data_sources.computed import Where, computed
from preview.registration import Provisioner
from preview.wire import plain_properties
from pricing.resource import UNKNOWN, Plain

Ask = Callable[[str, Mapping[str, Plain], str | None], Mapping[str, Plain] | None]
_ACCOUNT_KEYS: Final = (ACCOUNT_KEY, "aws:allowedAccountIds")


@dataclass(frozen=True, order=True)
class Unanswered:
    """A call without an answer: the data source, and where the program calls it (`file:line`, empty if not known)."""

    token: str
    site: str

    def __str__(self) -> str:
        return f"data source {self.token}" + (f" ({self.site})" if self.site else "")

    def told(self) -> str:
        """What a report says of it."""
        return f"{self} has no answer here, and its values count as unknown; {self.advice()}"

    def advice(self) -> str:
        """What a person can do about it."""
        return (
            "record its answer once with `ial preview --record-answers` and credentials, "
            "or preview with `--engine pulumi`"
        )


@dataclass
class DataSources:
    """Answers what it can; asks the provisioner for everything where there is one."""

    config: Mapping[str, str]
    provisioner: Provisioner | None = None
    answers: Answers = field(default_factory=Answers)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self.unanswered: set[Unanswered] = set()
        self.asked = False
        # Who asks the data source itself; nobody does in an ordinary preview.
        self.ask: Ask | None = None

    def answer(
        self, token: str, args: Mapping[str, object], region: str | None, site: str = ""
    ) -> Mapping[str, Plain] | None:
        """The result of a call for a region, or None when it is not known.

        Raises:
            ValueError: the arguments are not what the data source accepts.
        """
        self.asked = True
        plain = plain_properties(args)[0]
        if self.provisioner is not None:
            return self.provisioner.invoke(token, plain)
        found = None if _holds_unknown(plain) else self._known(token, plain, region)
        if found is None and self.ask is not None:
            found = self.ask(token, plain, region)
        if found is None:
            with self._lock:
                self.unanswered.add(Unanswered(token, site))
        return found

    def _known(self, token: str, args: Mapping[str, Plain], region: str | None) -> Mapping[str, Plain] | None:
        found = computed(token, args, Where(region, self._account()))
        return self.answers.find(token, args, region) if found is None else found

    def _account(self) -> str | None:
        """The account, where the settings leave no choice."""
        for key in _ACCOUNT_KEYS:
            digits = "".join(c for c in self.config.get(key, "") if c.isdigit())
            if len(digits) == 12:
                return digits
        return None


def _holds_unknown(value: Plain | Mapping[str, Plain]) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_unknown(item) for item in value.values())
    return any(_holds_unknown(item) for item in value) if isinstance(value, list) else value is UNKNOWN
