"""The record of one run, as `schemas/chaos-record.schema.json` describes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from contract.experiments import Experiment
from runners.chaos.evidence.expectations import Met
from runners.chaos.evidence.probing import tolerance_of
from runners.chaos.judging.alert_accuracy import AlertAccuracy
from runners.chaos.judging.hypothesis import Outcome, Sample
from runners.chaos.judging.verdict import UNKNOWN, Evidence, Judgement
from runners.exit_codes import ExitCode
from runners.runs.clock import parse_rfc3339, rfc3339
from runners.runs.outcome import RunRecord, exit_code

VERSION: Final = 1


@dataclass(frozen=True, kw_only=True)
class ChaosRecord(RunRecord):
    """One run. Times are texts in UTC; what is not known is None, never 0."""

    run: str
    stack: str
    operator: str
    experiment: Experiment
    judgement: Judgement
    evidence: Evidence
    outcome: Outcome | None
    alerts: AlertAccuracy | None
    times: Mapping[str, str | None]
    shown: Sequence[Mapping[str, Any]]
    samples: Sequence[Sample]
    expectations: Sequence[Met]
    recovered: Mapping[str, float | None]
    launches: Sequence[Sequence[str | None]] | None
    hit: tuple[str, ...] | None
    load: Mapping[str, Any] | None
    versions: Mapping[str, Any] | None = None

    @property
    def exit_code(self) -> ExitCode:
        """What the shell is told."""
        return exit_code(self.judgement.verdict, confirmed=self.cleaned, interrupted=self.evidence.interrupted)

    @property
    def usd(self) -> Decimal:
        """What the run cost at list price, at most: nothing if the fault never began, all of it if nobody knows."""
        began = self.times["injected"] is not None or self.evidence.status == UNKNOWN
        return Decimal(self.experiment.usd_per_run) if began else Decimal(0)

    @property
    def detected_after(self) -> float | None:
        """Seconds from the fault to the first alarm that was expected; None when nothing broke, or none rang."""
        broke = self.outcome is not None and self.outcome.degraded_seconds > 0
        return self.alerts.detected_after if self.alerts is not None and broke else None

    @property
    def replaced_after(self) -> float | None:
        """Seconds from the fault until the last instance that the group launched was in service."""
        return self._after_fault(2, max)

    def document(self) -> dict[str, Any]:
        """The record as it is stored, and printed by `--json`."""
        experiment, seen = self.experiment, self.evidence
        return {
            "version": VERSION,
            "run": self.run,
            "stack": self.stack,
            "operator": self.operator,
            "experiment": experiment.name,
            "kind": experiment.kind,
            "category": experiment.category,
            "weight": experiment.weight,
            "template": {"id": experiment.template_id, "sha256": experiment.template_sha256},
            "verdict": str(self.judgement.verdict),
            "scored": self.judgement.verdict.scored,
            "reasons": list(self.judgement.reasons),
            "reasonCodes": list(self.codes),
            "steadyBefore": seen.baseline,
            "stoppedBy": seen.stop_alarm,
            "exitCode": int(self.exit_code),
            "times": dict(self.times),
            "targets": {
                "wanted": experiment.blast_radius.wanted,
                "hit": None if self.hit is None else list(self.hit),
                "group": experiment.blast_radius.group,
            },
            "hypothesis": self._hypothesis(),
            "alerts": None if self.alerts is None else _alerts(self.alerts),
            "kpis": self._kpis(),
            "fis": _fis(seen),
            "evidence": list(self.shown),
            "launches": self._launches(),
            "load": self.load,
            "versions": self.versions,
            "cost": {"actionMinutes": experiment.action_minutes, "usd": str(self.usd)},
            "cleaned": self.cleaned,
            "left": list(self.left),
        }

    def _launches(self) -> list[dict[str, Any]] | None:
        if self.launches is None:
            return None
        return [{"instance": instance, "began": began, "done": done} for instance, began, done in self.launches]

    def _hypothesis(self) -> dict[str, Any]:
        expected = self.experiment.hypothesis
        return {
            "kind": expected.kind,
            "rtoSeconds": expected.rto_seconds,
            "holds": self.evidence.hypothesis,
            "probes": [
                {
                    "name": probe.name,
                    "type": probe.type,
                    "tolerance": str(tolerance_of(probe)),
                    "recoveredAfterSeconds": self.recovered.get(probe.name),
                    "samples": [
                        {"at": sample.at.isoformat(), "value": sample.value, "ok": sample.ok}
                        for sample in self.samples
                        if sample.probe == probe.name
                    ],
                }
                for probe in expected.probes
            ],
            "expectations": [expectation.document() for expectation in self.expectations],
        }

    def _kpis(self) -> dict[str, float | None]:
        seen = self.outcome
        return {
            "detectedAfterSeconds": self.detected_after,
            "recoveredAfterSeconds": None if seen is None else seen.recovered_after,
            "degradedSeconds": None if seen is None else seen.degraded_seconds,
            "okRatio": None if seen is None else seen.ok_ratio,
            "replacementBeganAfterSeconds": self._after_fault(1, min),
            "replacedAfterSeconds": self.replaced_after,
        }

    def _after_fault(self, part: int, chosen: Callable[[list[float]], float]) -> float | None:
        """Seconds from the fault to the first or last launch's beginning or end; None when one of them has none."""
        injected, moments = self.times["injected"], [launch[part] for launch in self.launches or ()]
        if injected is None or not moments or None in moments:
            return None
        began = parse_rfc3339(injected)
        return chosen([(parse_rfc3339(moment) - began).total_seconds() for moment in moments if moment is not None])


def _fis(seen: Evidence) -> dict[str, Any]:
    return {
        "status": seen.status,
        "reason": seen.status_reason,
        "error": seen.error_code or None,
        "actions": dict(seen.actions),
    }


def _alerts(alerts: AlertAccuracy) -> dict[str, Any]:
    return {
        "fired": list(alerts.fired),
        "missed": list(alerts.missed),
        "unexpected": list(alerts.unexpected),
        "excluded": list(alerts.excluded),
        "precision": alerts.precision,
        "recall": alerts.recall,
        "changes": [
            {"alarm": change.alarm, "at": rfc3339(change.at), "state": change.state} for change in alerts.changes
        ],
    }
