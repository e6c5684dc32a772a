"""FIS through boto3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from runners.aws.session import Clients, calling
from runners.chaos.injection import RUN_TAG, ActionState, InjectionState
from runners.chaos.judging.verdict import TERMINAL
from runners.errors import AwsError

_ENGAGED: Final = frozenset({"engaged", "engaging"})
_GONE: Final = "ResourceNotFoundException"
_OVER: Final = "ValidationException"
_STOPPING: Final = "stopping"
_LEVER: Final = "default"


@dataclass(frozen=True)
class AwsInjection:
    """Templates, experiments and the safety lever of one account and region."""

    clients: Clients

    def template(self, id_: str) -> Mapping[str, Any] | None:
        """What a template holds; None if there is none."""
        try:
            with calling("fis:GetExperimentTemplate", id_):
                found: Mapping[str, Any] = self._fis.get_experiment_template(id=id_)["experimentTemplate"]
        except AwsError as error:
            if error.code == _GONE:
                return None
            raise
        return found

    def start(self, template: str, token: str, tags: Mapping[str, str]) -> InjectionState:
        """Starts an experiment; the same token gives the same one."""
        with calling("fis:StartExperiment", template):
            begun = self._fis.start_experiment(clientToken=token, experimentTemplateId=template, tags=dict(tags))
        return _state(begun["experiment"])

    def state(self, id_: str) -> InjectionState:
        """How far an experiment is."""
        with calling("fis:GetExperiment", id_):
            return _state(self._fis.get_experiment(id=id_)["experiment"])

    def hit(self, id_: str) -> tuple[str, ...]:
        """The ARNs of what it hits, each once."""
        found: set[str] = set()
        asked: dict[str, Any] = {"experimentId": id_}
        while True:
            with calling("fis:ListExperimentResolvedTargets", id_):
                page = self._fis.list_experiment_resolved_targets(**asked)
            found |= {_arn(entry) for entry in page["resolvedTargets"]}
            if not page.get("nextToken"):
                return tuple(sorted(found - {""}))
            asked["nextToken"] = page["nextToken"]

    def stop(self, id_: str) -> None:
        """Asks it to stop; one that is over, or stopping already, is left alone."""
        try:
            with calling("fis:StopExperiment", id_):
                self._fis.stop_experiment(id=id_)
        except AwsError as error:
            # FIS refuses to stop what has ended; any other refusal must be heard.
            if error.code != _OVER or self.state(id_).status not in TERMINAL | {_STOPPING}:
                raise

    def unfinished(self) -> list[InjectionState]:
        """Every experiment of the account that is not over, without its actions."""
        return [found for found in map(_state, self._listed()) if found.status not in TERMINAL]

    def of_run(self, run: str) -> InjectionState | None:
        """The experiment that carries this run's tag, over or not."""
        return next((_state(entry) for entry in self._listed() if entry.get("tags", {}).get(RUN_TAG) == run), None)

    def lever(self) -> bool:
        """Whether the safety lever is engaged, or being engaged."""
        with calling("fis:GetSafetyLever", _LEVER):
            return self._fis.get_safety_lever(id=_LEVER)["safetyLever"]["state"]["status"] in _ENGAGED

    def pull_lever(self, reason: str, *, engaged: bool) -> None:
        """Engages the safety lever, which stops everything in the account, or releases it."""
        state = {"status": "engaged" if engaged else "disengaged", "reason": reason}
        with calling("fis:UpdateSafetyLeverState", _LEVER):
            self._fis.update_safety_lever_state(id=_LEVER, state=state)

    def _listed(self) -> Iterator[Mapping[str, Any]]:
        asked: dict[str, Any] = {"maxResults": 100}
        while True:
            with calling("fis:ListExperiments", "this account"):
                page = self._fis.list_experiments(**asked)
            yield from page["experiments"]
            if not page.get("nextToken"):
                return
            asked["nextToken"] = page["nextToken"]

    @property
    def _fis(self) -> Any:
        return self.clients.client("fis")


def _state(found: Mapping[str, Any]) -> InjectionState:
    state = found["state"]
    return InjectionState(
        id=found["id"],
        status=state["status"],
        reason=state.get("reason", ""),
        error_code=(state.get("error") or {}).get("code", ""),
        started=_utc(found.get("startTime")),
        ended=_utc(found.get("endTime")),
        actions={name: _action(action) for name, action in (found.get("actions") or {}).items()},
        tags=dict(found.get("tags") or {}),
        template=found.get("experimentTemplateId", ""),
    )


def _action(found: Mapping[str, Any]) -> ActionState:
    state = found.get("state") or {}
    started, ended = _utc(found.get("startTime")), _utc(found.get("endTime"))
    return ActionState(state.get("status", "unknown"), state.get("reason", ""), started, ended)


def _arn(entry: Mapping[str, Any]) -> str:
    return str((entry.get("targetInformation") or {}).get("arn", ""))


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)
