"""The analysis of a stack's records in one pass: nothing is kept of a record but what is shown, and sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from runners.analysis.alerts.accuracy import Accuracy
from runners.analysis.error_budget import Spending
from runners.analysis.inputs import Inputs
from runners.analysis.intake import Document, Intake
from runners.analysis.kpis.kpi import all_measures
from runners.analysis.model import Analysis, Counted, Kpi, Trend, Unreadable
from runners.analysis.recent import Recent
from runners.analysis.recommendations.rule import Findings, recommendations
from runners.analysis.records import ChaosRecord, Record, UnjudgedRecord
from runners.analysis.score import Known, Scoring
from runners.analysis.score_model import Score
from runners.analysis.series import Following
from runners.analysis.taker import Taker, hand_out, some_at_a_time
from runners.analysis.trends import trends
from runners.analysis.weekly import Look
from runners.runs.run_folder import name_at


class _Unscored(Taker[ChaosRecord | UnjudgedRecord]):
    """Experiments that say nothing, by their verdict."""

    kinds: ClassVar[frozenset[type[Record]]] = frozenset({ChaosRecord, UnjudgedRecord})

    def __init__(self) -> None:
        self.verdicts = Counter[str]()

    def add(self, record: ChaosRecord | UnjudgedRecord) -> None:
        """Those that say something are counted by others."""

    def leave_out(self, record: ChaosRecord | UnjudgedRecord) -> None:
        """Counts a run."""
        self.verdicts[record.verdict] += 1


def analyse(stack: str, documents: Iterable[tuple[str, Document]], known: Sequence[Known], inputs: Inputs) -> Analysis:
    """What the documents say. Those of before `inputs.since` count for the score alone, which knows age."""
    intake, scoring = Intake(), Scoring(stack, known, inputs.now)
    measures, accuracy, spending, recent = all_measures(inputs), Accuracy(), Spending(inputs), Recent()
    following, unscored, later = Following(inputs.goals.detection_seconds), _Unscored(), 0
    takers: list[Taker[Any]] = [*measures, accuracy, spending, recent, following, unscored]
    first, last, oldest = inputs.first, inputs.last, name_at(inputs.now)
    for some in some_at_a_time(intake.records(documents)):
        begun = [record for record in some if record.run <= last]
        later += len(some) - len(begun)
        oldest = min([oldest, *(record.run for record in begun)])
        hand_out(begun, [scoring])
        hand_out([record for record in begun if record.run >= first], takers)
    findings = Findings(
        stack=stack,
        inputs=inputs,
        known=known,
        kpis={kpi.name: kpi for kpi in (held.found() for held in measures)},
        trends=trends(following.series(), Look.at(inputs.now, inputs.since, oldest), inputs.changed),
        score=scoring.score(),
        alerts=accuracy.found(),
        error_budget=spending.found(),
        recent=recent,
    )
    return _analysis(findings, _counted(intake, unscored.verdicts), later)


def _analysis(found: Findings, counted: Counted, later: int) -> Analysis:
    advice = recommendations(found)
    return Analysis(
        version=1,
        stack=found.stack,
        since=_written(found.inputs.since),
        now=_written(found.inputs.now),
        counted=counted,
        kpis=tuple(found.kpis.values()),
        trends=tuple(found.trends),
        error_budget=found.error_budget,
        score=found.score,
        alerts=tuple(found.alerts),
        recommendations=advice,
        said=(*_said(found.score, counted, found.kpis, found.trends, len(advice)), *_of_later(later)),
        runs=found.recent.listed(),
    )


def _counted(intake: Intake, unscored: Counter[str]) -> Counted:
    return Counted(
        documents=intake.documents,
        read=intake.read,
        other_kinds=intake.others.total(),
        unread=intake.unread,
        unreadable=tuple(Unreadable(place=place, why=why) for place, why in intake.unreadable),
        not_scored=dict(sorted(unscored.items())),
    )


def _said(score: Score, counted: Counted, kpis: dict[str, Kpi], found: Sequence[Trend], advice: int) -> Iterator[str]:
    yield score.said
    if counted.unread:
        yield f"{counted.unread} of {counted.documents} documents could not be read and count for nothing"
    if score.required and score.covered < score.required:
        yield f"{score.required - score.covered} required experiments have shown nothing that is new enough"
    yield from (kpi.said for kpi in kpis.values() if kpi.answer == "missed")
    yield from (trend.said for trend in found if trend.verdict == "worse")
    open_ones = [name for name, kpi in kpis.items() if kpi.answer == "not-enough-runs"]
    if open_ones:
        yield f"not enough yet to tell: {', '.join(open_ones)}"
    elif not advice and score.coverage == 1 and not counted.unread:
        yield "every goal is met, everything that is required was shown, and there is nothing to recommend"


def _of_later(runs: int) -> Iterator[str]:
    if runs:
        yield f"{runs} {'run begins' if runs == 1 else 'runs begin'} later than now, and count for nothing"


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
