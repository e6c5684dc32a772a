"""Reads what preflight judges. What cannot be read becomes None, which refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from runners.chaos.alarms import Alarms
from runners.chaos.chaos_budget import ChaosBudget
from runners.chaos.halting import halt_mark
from runners.chaos.injection import Injection, InjectionState
from runners.chaos.preflight import AlarmSituation, Situation
from runners.chaos.service_address import ServiceAddress, asks_service
from runners.chaos.targets import Targets
from runners.chaos.template_hash import runs_through_agent, template_hash
from runners.chaos.terms import allowed, terms_text
from runners.chaos_outputs import Chaos, Experiment
from runners.clock import Clock
from runners.errors import AwsError
from runners.records import Records

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class SituationReader:
    """One stack. `incident_alarms` are those that mean trouble; `recovery_point` is the database's newest one."""

    stack: str
    chaos: Chaos
    incident_alarms: tuple[str, ...]
    injection: Injection
    alarms: Alarms
    targets: Targets
    records: Records
    budget: ChaosBudget
    recovery_point: Callable[[], datetime | None]
    service: Callable[[], ServiceAddress]
    clock: Clock

    def read(self, experiment: Experiment, confirm: str | None) -> Situation:
        """Everything at once: nothing that is read hides the rest."""
        now = self.clock.now()
        template = _or_none(lambda: self.injection.template(experiment.template_id))
        active = _or_none(self.injection.unfinished)
        mark = _or_none(lambda: (halt_mark(self.records),))
        watched = _or_none(lambda: self.alarms.situations([*experiment.stop_alarms, *self.incident_alarms]))
        rule = experiment.mute_rule
        through_agent = template is not None and runs_through_agent(template)
        return Situation(
            lever_engaged=_or_none(self.injection.lever),
            halted=None if mark is None else mark[0] is not None,
            active_own=None if active is None else self._own(active),
            active_all=None if active is None else len(active),
            alarms={name: (watched or {}).get(name) for name in experiment.stop_alarms},
            incidents=None if watched is None else self._incidents(watched),
            targets=self.targets.situation(experiment.blast_radius, through_agent=through_agent),
            service=_or_none(self.service) if asks_service(experiment) else None,
            template_sha256=None if template is None else template_hash(template),
            spent_usd=_or_none(self.budget.spent),
            budget_usd=self.budget.monthly_usd,
            allowed_now=allowed(self.chaos.window, self.chaos.freezes, now),
            window_text=terms_text(self.chaos.window, self.chaos.freezes),
            recovery_point=_or_none(self.recovery_point) if experiment.needs_recovery_point else None,
            mute=None if rule is None else _or_none(lambda: self.alarms.mute_rule(rule)),
            now=now,
            confirmed=not self.chaos.confirm or confirm == self.stack,
            stack=self.stack,
        )

    def _own(self, active: list[InjectionState]) -> tuple[str, ...]:
        templates = [experiment.template_id for experiment in self.chaos.experiments]
        return tuple(held.id for held in active if held.belongs_to(self.chaos.owner, templates))

    def _incidents(self, watched: object) -> tuple[str, ...] | None:
        found = []
        states = watched if isinstance(watched, dict) else {}
        for name in self.incident_alarms:
            alarm: AlarmSituation | None = states.get(name)
            if alarm is None:
                return None
            if alarm.state == "ALARM":
                found.append(name)
        return tuple(found)


def _or_none(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except AwsError:
        return None
