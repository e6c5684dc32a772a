"""Reads what preflight judges. What cannot be read becomes None, which refuses, and why is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from contract.experiments import Chaos, Experiment
from runners.chaos.alarms import Alarms
from runners.chaos.before.looks import Looks
from runners.chaos.before.recent_drill import READ
from runners.chaos.before.service_address import ServiceAddress, asks_service
from runners.chaos.before.situation import Situation
from runners.chaos.before.template_hash import runs_through_agent, template_hash
from runners.chaos.before.terms import allowed, terms_text
from runners.chaos.injection import Injection, InjectionState
from runners.chaos.running.cloud_time import CloudTime
from runners.chaos.running.halting import halt_mark
from runners.chaos.targets import Targets
from runners.runs.clock import Clock
from runners.runs.monthly_budget import MonthlyBudget
from runners.runs.records import Records


@dataclass(frozen=True, kw_only=True)
class SituationReader:
    """One stack. `incident_alarms` are those that mean trouble; `recovery_point` is the database's newest one.

    `drilled` is when the database was last restored beside itself: when that ended, or else began.
    """

    stack: str
    chaos: Chaos
    incident_alarms: tuple[str, ...]
    injection: Injection
    alarms: Alarms
    targets: Targets
    records: Records
    budget: MonthlyBudget
    recovery_point: Callable[[], datetime | None]
    drilled: Callable[[], datetime | None]
    cloud_time: CloudTime
    service: Callable[[], ServiceAddress]
    clock: Clock

    def read(self, experiment: Experiment, confirm: str | None) -> Situation:
        """Everything at once: nothing that is read hides the rest."""
        now, looks = self.clock.now(), Looks()
        template = looks.at("template", lambda: self.injection.template(experiment.template_id) or {})
        active = looks.at("active", self.injection.unfinished)
        mark = looks.at("halt", lambda: (halt_mark(self.records),))
        watched = looks.at("alarms", lambda: self.alarms.situations(experiment.stop_alarms))
        rule, through_agent = experiment.mute_rule, bool(template) and runs_through_agent(template or {})
        return Situation(
            lever_engaged=looks.at("lever", self.injection.lever),
            halted=None if mark is None else mark[0] is not None,
            halt=(mark and mark[0]) or {},
            active_own=None if active is None else self._own(active),
            active_all=None if active is None else len(active),
            alarms={name: (watched or {}).get(name) for name in experiment.stop_alarms},
            incidents=self._incidents(looks),
            targets=self.targets.situation(experiment.blast_radius, through_agent=through_agent),
            service=looks.at("service", self.service) if asks_service(experiment) else None,
            template_sha256=None if template is None else template_hash(template) if template else "",
            spent_usd=looks.at("spent", self.budget.spent),
            budget_usd=self.budget.monthly_usd,
            allowed_now=allowed(self.chaos.window, self.chaos.freezes, now, self.chaos.timezone),
            window_text=terms_text(self.chaos.window, self.chaos.freezes),
            recovery_point=looks.at("recovery-point", self.recovery_point) if experiment.needs_recovery_point else None,
            drilled=looks.at(READ, self.drilled) if experiment.of_database else None,
            mute=None if rule is None else looks.at("mute", lambda: self.alarms.mute_rule(rule)),
            now=now,
            # Last: what was read before has brought the newest answers.
            times=looks.at("clock", self.cloud_time.compared),
            confirmed=not self.chaos.confirm or confirm == self.stack,
            stack=self.stack,
            unread=looks.unread,
        )

    def _own(self, active: list[InjectionState]) -> tuple[str, ...]:
        templates = [experiment.template_id for experiment in self.chaos.experiments]
        return tuple(held.id for held in active if held.belongs_to(self.chaos.owner, templates))

    def _incidents(self, looks: Looks) -> tuple[str, ...] | None:
        """What is in alarm; None when one of them is not known, for there may be the trouble."""
        states = looks.at("incidents", lambda: self.alarms.states(self.incident_alarms))
        if states is None:
            return None
        gone = [name for name in self.incident_alarms if name not in states]
        if gone:
            looks.unread["incidents"] = f"{', '.join(gone)} does not exist; apply the stack again"
            return None
        return tuple(name for name in self.incident_alarms if states[name] == "ALARM")
