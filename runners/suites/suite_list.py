"""What `ial suite list` tells. `make schemas` makes its schema from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta

from contract.experiments import StateMachine
from contract.parts import Amount, RecordPart, plain
from contract.suites import Suite


class ListedSuite(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """One suite.

    Attributes:
        name: Its name.
        description: What it is for.
        steps: Its steps by name, in their order.
        max_usd: What it may cost, in USD at list price.
        max_degraded_seconds: How long it may degrade the workload; null: as long as its experiments may.
        state_machine: The state machine that runs it without a runner; null where there is none.
    """

    name: str
    description: str
    steps: tuple[str, ...]
    max_usd: Amount
    max_degraded_seconds: Annotated[int, Meta(ge=1)] | None
    state_machine: str | None


class SuiteList(RecordPart, frozen=True, kw_only=True):
    """The answer of `ial suite list --json`.

    Attributes:
        version: Version of this document.
        suites: All of the stack.
    """

    version: Literal[1] = 1
    suites: tuple[ListedSuite, ...]


def listed(suites: Sequence[Suite], machines: Sequence[StateMachine]) -> dict[str, Any]:
    """The suites of a stack."""
    named = {machine.suite: machine.name for machine in machines}
    found = tuple(
        ListedSuite(
            name=suite.name,
            description=suite.description,
            steps=tuple(step.name for step in suite.steps),
            max_usd=suite.max_usd,
            max_degraded_seconds=suite.max_degraded_seconds,
            state_machine=named.get(suite.name),
        )
        for suite in suites
    )
    return plain(SuiteList(suites=found))
