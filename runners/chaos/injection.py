"""FIS as runners use it: a port, and what it answers in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from contract.names import RUN_OWNER_TAG

RUN_TAG: Final = "chaos:run-id"


@dataclass(frozen=True)
class ActionState:
    """One action of an experiment, as far as it came."""

    status: str
    reason: str = ""
    started: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class InjectionState:
    """An experiment of FIS. `status` is whatever FIS says: words that are not known here may come."""

    id: str
    status: str
    reason: str = ""
    error_code: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    actions: Mapping[str, ActionState] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    template: str = ""

    def belongs_to(self, owner: str, templates: Collection[str]) -> bool:
        """Whether a stack answers for it: it has its tag, or is of one of its templates, whoever began it."""
        return self.tags.get(RUN_OWNER_TAG) == owner or self.template in templates

    def faults_between(self) -> tuple[datetime | None, datetime | None]:
        """When the first action began and the last one ended, as far as FIS knows."""
        begun = [action.started for action in self.actions.values() if action.started is not None]
        ended = [action.ended for action in self.actions.values() if action.ended is not None]
        return min(begun, default=None), max(ended, default=None)


class Injection(Protocol):
    """Starts and stops experiments. Every method raises AwsError when FIS could not be asked."""

    def template(self, id_: str) -> Mapping[str, Any] | None:
        """What a template holds, as GetExperimentTemplate answers; None if there is none."""

    def start(self, template: str, token: str, tags: Mapping[str, str]) -> InjectionState:
        """Starts an experiment; the same token gives the same one."""

    def state(self, id_: str) -> InjectionState:
        """How far an experiment is."""

    def hit(self, id_: str) -> tuple[str, ...]:
        """The ARNs of what it hits, each once."""

    def stop(self, id_: str) -> None:
        """Asks it to stop; one that is over, or stopping already, is left alone."""

    def unfinished(self) -> list[InjectionState]:
        """Every experiment of the account that is not over, without its actions."""

    def of_run(self, run: str) -> InjectionState | None:
        """The experiment that carries this run's tag, over or not."""

    def lever(self) -> bool:
        """Whether the safety lever is engaged, or being engaged."""

    def pull_lever(self, reason: str, *, engaged: bool) -> None:
        """Engages the safety lever, which stops everything in the account, or releases it."""
