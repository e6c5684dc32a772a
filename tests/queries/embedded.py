"""The figures that the queries must give: those of `ial analyze`, and for what it does not tell, plain Python's."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from contract.goals import Goals
from runners.analysis.alerts.accuracy import Accuracy
from runners.analysis.inputs import Inputs
from runners.analysis.kpis.chaos_success import ChaosSuccess
from runners.analysis.kpis.detection import Detection
from runners.analysis.kpis.drill_recovery import DrillRecovery
from runners.analysis.kpis.kpi import Measure
from runners.analysis.kpis.recovery import Recovery
from runners.analysis.model import Kpi
from runners.analysis.reading import read_record
from runners.analysis.records import ChaosRecord, ControlRecord, DrillRecord, Record
from runners.analysis.taker import hand_out
from runners.runs.run_folder import month_of
from tests.queries.documents import Stored

Row = tuple[Any, ...]
_INPUTS: Final = Inputs(goals=Goals(), now=datetime(2026, 11, 28, tzinfo=UTC), since=datetime(2025, 11, 1, tzinfo=UTC))


def _analysed(runs: Sequence[Stored]) -> Iterator[Record]:
    """The records as analysis reads them: it takes neither restores nor copies, and counts executions as such."""
    for held in runs:
        if held.type not in ("restore", "copies", "execution"):
            record = read_record(json.dumps(held.document).encode())
            assert not isinstance(record, str)
            yield record


def _measured(runs: Sequence[Stored], measure: type[Measure[Any]]) -> Iterator[tuple[str, str, Kpi]]:
    """What `ial analyze` would say of the runs of one stack and subject alone; nothing where none counts."""
    groups = defaultdict[tuple[str, str], Measure[Any]](lambda: measure(_INPUTS))
    for record in _analysed(runs):
        if isinstance(record, ChaosRecord | DrillRecord) and type(record) in measure.kinds:
            subject = record.experiment if isinstance(record, ChaosRecord) else record.resource
            hand_out([record], [groups[record.stack, subject]])
    for (stack, subject), held in groups.items():
        found = held.found()
        if found.count:
            yield stack, subject, found


def _good(kpi: Kpi) -> int:
    assert kpi.value is not None
    return round(kpi.value * kpi.count / 100)


def _longest(kpi: Kpi) -> float | None:
    """The longest that came about: analysis has no worst where one did not."""
    return max((point.value for point in kpi.points if point.value is not None), default=None)


def chaos_success(runs: Sequence[Stored]) -> Iterator[Row]:
    return ((stack, name, kpi.count, _good(kpi)) for stack, name, kpi in _measured(runs, ChaosSuccess))


def detection(runs: Sequence[Stored]) -> Iterator[Row]:
    for stack, name, kpi in _measured(runs, Detection):
        yield stack, name, kpi.count, kpi.censored, kpi.median, _longest(kpi)


def recovery(runs: Sequence[Stored]) -> Iterator[Row]:
    return _on_time(runs, Recovery)


def drills(runs: Sequence[Stored]) -> Iterator[Row]:
    return _on_time(runs, DrillRecovery)


def _on_time(runs: Sequence[Stored], measure: type[Measure[Any]]) -> Iterator[Row]:
    for stack, name, kpi in _measured(runs, measure):
        yield stack, name, kpi.count, _good(kpi), kpi.censored, kpi.median, _longest(kpi)


def alert_accuracy(runs: Sequence[Stored]) -> Iterator[Row]:
    stacks = defaultdict[str, Accuracy](Accuracy)
    for record in _analysed(runs):
        if isinstance(record, ChaosRecord | ControlRecord):
            hand_out([record], [stacks[record.stack]])
    for stack, accuracy in stacks.items():
        for alarm in accuracy.found():
            if alarm.right or alarm.missed or alarm.wrong:
                yield stack, alarm.alarm, alarm.right, alarm.missed, alarm.wrong


def _subject(held: Stored) -> str | None:
    return held.document.get("experiment") or held.document.get("resource") or held.document.get("suite")


def runs_by_week(runs: Sequence[Stored]) -> Iterator[Row]:
    found = defaultdict[Row, int](int)
    for held in runs:
        day = date(int(held.run[:4]), int(held.run[4:6]), int(held.run[6:8]))
        week = day - timedelta(days=day.weekday())
        found[held.stack, week, held.type, _subject(held), held.document.get("verdict")] += 1
    return ((*key, count) for key, count in found.items())


def cost_by_month(runs: Sequence[Stored]) -> Iterator[Row]:
    found = defaultdict[Row, list[Decimal | None]](list)
    for held in runs:
        if held.type in ("experiment", "drill", "unjudged-run"):
            priced = held.document.get("cost", held.document)
            usd = "0" if held.document["verdict"] == "refused" else priced["usd"]
            found[held.stack, month_of(held.run), held.type].append(None if usd is None else Decimal(usd))
    for group, all_ in found.items():
        known = [usd for usd in all_ if usd is not None]
        yield (*group, len(all_), sum(known, Decimal(0)) if known else None, len(all_) - len(known))


def left_behind(runs: Sequence[Stored]) -> Iterator[Row]:
    for held in runs:
        cleaned = held.document.get("cleaned", held.document.get("cleanUp", {}).get("confirmed"))
        if cleaned is False:
            yield held.stack, held.run, held.type, _subject(held), "false"


FIGURES: Final[dict[str, Callable[[Sequence[Stored]], Iterator[Row]]]] = {
    "alert-accuracy": alert_accuracy,
    "chaos-success": chaos_success,
    "cost-by-month": cost_by_month,
    "detection": detection,
    "drills": drills,
    "left-behind": left_behind,
    "recovery": recovery,
    "runs-by-week": runs_by_week,
}
