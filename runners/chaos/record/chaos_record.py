"""The record of one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from contract.experiments import Experiment
from contract.parts import plain
from contract.probes import Probe
from runners.chaos.evidence.expectations import Met
from runners.chaos.evidence.probing import tolerance_of
from runners.chaos.judging.alert_accuracy import AlertAccuracy
from runners.chaos.judging.hypothesis import HypothesisKind, Outcome, Sample
from runners.chaos.judging.verdict import UNKNOWN, Evidence, Judgement
from runners.chaos.record.chaos_document import (
    AlarmChange,
    AlarmState,
    AlertsDocument,
    ChaosCost,
    ChaosDocument,
    ChaosKpis,
    ChaosTimes,
    FisDocument,
    LaunchDocument,
    LoadDocument,
    TargetsHit,
    TemplateRun,
    VersionsDocument,
)
from runners.chaos.record.hypothesis_document import (
    EvidenceDocument,
    ExpectationDocument,
    HypothesisDocument,
    LookDocument,
    ProbeDocument,
)
from runners.exit_codes import ExitCode
from runners.runs.clock import parse_rfc3339, rfc3339
from runners.runs.outcome import RunRecord, exit_code


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
        return plain(
            ChaosDocument(
                run=self.run,
                stack=self.stack,
                operator=self.operator,
                experiment=experiment.name,
                kind=experiment.kind,
                category=experiment.category,
                weight=experiment.weight,
                template=TemplateRun(id=experiment.template_id, sha256=experiment.template_sha256),
                verdict=self.judgement.verdict,
                scored=self.judgement.verdict.scored,
                reasons=tuple(self.judgement.reasons),
                reason_codes=self.codes,
                steady_before=seen.baseline,
                stopped_by=seen.stop_alarm,
                exit_code=int(self.exit_code),
                times=ChaosTimes(**self.times),
                targets=TargetsHit(
                    wanted=experiment.blast_radius.wanted, hit=self.hit, group=experiment.blast_radius.group
                ),
                hypothesis=self._hypothesis(),
                alerts=None if self.alerts is None else _alerts(self.alerts),
                kpis=self._kpis(),
                fis=_fis(seen),
                # What the journal has as it is published: one of before may lack what came later.
                evidence=cast("tuple[EvidenceDocument, ...]", self.shown),
                launches=self._launches(),
                load=cast("LoadDocument | None", self.load),
                versions=cast("VersionsDocument | None", self.versions),
                cost=ChaosCost(action_minutes=experiment.action_minutes, usd=str(self.usd)),
                cleaned=self.cleaned,
                left=self.left,
            )
        )

    def _launches(self) -> tuple[LaunchDocument, ...] | None:
        if self.launches is None:
            return None
        return tuple(
            LaunchDocument(instance=str(instance), began=str(began), done=done)
            for instance, began, done in self.launches
        )

    def _hypothesis(self) -> HypothesisDocument:
        expected = self.experiment.hypothesis
        return HypothesisDocument(
            kind=HypothesisKind(expected.kind),
            rto_seconds=expected.rto_seconds,
            holds=self.evidence.hypothesis,
            probes=tuple(self._probe(probe) for probe in expected.probes),
            expectations=cast(
                "tuple[ExpectationDocument, ...]", [expectation.document() for expectation in self.expectations]
            ),
        )

    def _probe(self, probe: Probe) -> ProbeDocument:
        return ProbeDocument(
            name=probe.name,
            type=probe.type,
            tolerance=str(tolerance_of(probe)),
            recovered_after_seconds=self.recovered.get(probe.name),
            samples=tuple(
                LookDocument(at=sample.at.isoformat(), value=sample.value, ok=sample.ok)
                for sample in self.samples
                if sample.probe == probe.name
            ),
        )

    def _kpis(self) -> ChaosKpis:
        seen = self.outcome
        return ChaosKpis(
            detected_after_seconds=self.detected_after,
            recovered_after_seconds=None if seen is None else seen.recovered_after,
            degraded_seconds=None if seen is None else seen.degraded_seconds,
            ok_ratio=None if seen is None else seen.ok_ratio,
            replacement_began_after_seconds=self._after_fault(1, min),
            replaced_after_seconds=self.replaced_after,
        )

    def _after_fault(self, part: int, chosen: Callable[[list[float]], float]) -> float | None:
        """Seconds from the fault to the first or last launch's beginning or end; None when one of them has none."""
        injected, moments = self.times["injected"], [launch[part] for launch in self.launches or ()]
        if injected is None or not moments or None in moments:
            return None
        began = parse_rfc3339(injected)
        return chosen([(parse_rfc3339(moment) - began).total_seconds() for moment in moments if moment is not None])


def _fis(seen: Evidence) -> FisDocument:
    return FisDocument(
        status=seen.status,
        reason=seen.status_reason,
        error=seen.error_code or None,
        actions=dict(seen.actions),
    )


def _alerts(alerts: AlertAccuracy) -> AlertsDocument:
    return AlertsDocument(
        fired=tuple(alerts.fired),
        missed=tuple(alerts.missed),
        unexpected=tuple(alerts.unexpected),
        excluded=tuple(alerts.excluded),
        precision=alerts.precision,
        recall=alerts.recall,
        changes=tuple(
            AlarmChange(alarm=change.alarm, at=rfc3339(change.at), state=cast("AlarmState", change.state))
            for change in alerts.changes
        ),
    )
