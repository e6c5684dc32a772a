"""What to do about what was found: each rule is one file in this folder, there by being there.

A rule speaks of runs that say something, never of those that prove nothing, and says on which runs it rests.
"""

from __future__ import annotations

import importlib
import pkgutil
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from runners.analysis.alerts.model import AlarmAccuracy
from runners.analysis.inputs import Inputs
from runners.analysis.model import ErrorBudget, Kpi, Recommendation, Severity, Trend
from runners.analysis.recent import Recent
from runners.analysis.records import ChaosRecord
from runners.analysis.score import Known
from runners.analysis.score_model import Score

_PACKAGE: Final = "runners.analysis.recommendations"
_ORDER: Final[dict[Severity, int]] = {"high": 0, "medium": 1, "low": 2}
Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What rules look at."""

    stack: str
    inputs: Inputs
    known: Sequence[Known]
    kpis: dict[str, Kpi]
    trends: Sequence[Trend]
    score: Score
    alerts: Sequence[AlarmAccuracy]
    error_budget: ErrorBudget
    recent: Recent

    def experiments(self) -> dict[str, list[ChaosRecord]]:
        """The newest runs of each experiment that the stack still has: nobody can run another one."""
        names = {held.name for held in self.known}
        return {name: runs for name, runs in self.recent.experiments().items() if name in names}

    def price_of(self, experiment: str) -> str | None:
        """What a run of an experiment costs, in USD."""
        return next((held.usd_per_run for held in self.known if held.name == experiment), None)


Rule = Callable[[Findings], Iterator[Recommendation]]
_rules: dict[str, Rule] = {}


def rule(found: Rule) -> Rule:
    """Registers a rule by the name of its file."""
    name = found.__module__.rpartition(".")[2]
    if name in _rules:
        msg = f"{name} has two rules; accepted: one a file"
        raise ValueError(msg)
    _rules[name] = found
    return found


def recommendations(findings: Findings) -> tuple[Recommendation, ...]:
    """What all rules say, the most important first."""
    package = importlib.import_module(_PACKAGE)
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"{_PACKAGE}.{module}")
    found = [held for name in sorted(_rules) for held in _rules[name](findings)]
    return tuple(sorted(found, key=lambda held: (_ORDER[held.severity], held.id)))


def command(*words: str) -> str:
    """A command of this program as a shell takes it: names in records are not ours, and people copy what they read."""
    return shlex.join(("ial", *words))


def sure(runs: int) -> Confidence:
    """How sure something is that so many runs show."""
    return "high" if runs >= 12 else "medium" if runs >= 6 else "low"
