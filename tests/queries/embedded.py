"""The figures that the queries must give, computed from the records without SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import inf, isinf
from statistics import median
from typing import Any, Final

from tests.queries.documents import SCORED, Stored

Row = tuple[Any, ...]


def _says_something(held: Stored) -> bool:
    return held.type == "experiment" and held.document["scored"] and held.document["verdict"] in SCORED


def chaos_success(runs: Sequence[Stored]) -> Iterator[Row]:
    found = defaultdict[tuple[str, str], list[bool]](list)
    for held in filter(_says_something, runs):
        found[held.stack, held.document["experiment"]].append(held.document["verdict"] == "passed")
    return ((*key, len(all_), sum(all_)) for key, all_ in found.items())


def _points(
    runs: Iterable[Stored], of: str, value: Callable[[Stored], tuple[float | None, float]]
) -> dict[tuple[str, str], list[tuple[float, float]]]:
    found = defaultdict[tuple[str, str], list[tuple[float, float]]](list)
    for held in runs:
        seconds, objective = value(held)
        found[held.stack, held.document[of]].append((inf if seconds is None else seconds, objective))
    return found


def _finite(value: float) -> float | None:
    return None if isinf(value) else value


def _longest(values: Sequence[float]) -> float | None:
    return max((value for value in values if not isinf(value)), default=None)


def detection(runs: Sequence[Stored]) -> Iterator[Row]:
    def counts(held: Stored) -> bool:
        alerts = held.document.get("alerts")
        return (
            _says_something(held)
            and bool(held.document["kpis"]["degradedSeconds"])
            and alerts is not None
            and bool(alerts["fired"] or alerts["missed"])
        )

    points = _points(
        filter(counts, runs), "experiment", lambda held: (held.document["kpis"]["detectedAfterSeconds"], 0)
    )
    for key, found in points.items():
        values = [value for value, _ in found]
        yield (*key, len(values), sum(map(isinf, values)), _finite(median(values)), _longest(values))


def recovery(runs: Sequence[Stored]) -> Iterator[Row]:
    def counts(held: Stored) -> bool:
        kpis = held.document["kpis"] if held.type == "experiment" else {}
        return _says_something(held) and (bool(kpis["degradedSeconds"]) or kpis["recoveredAfterSeconds"] is None)

    points = _points(
        filter(counts, runs),
        "experiment",
        lambda held: (held.document["kpis"]["recoveredAfterSeconds"], held.document["hypothesis"]["rtoSeconds"]),
    )
    return _on_time(points)


def drills(runs: Sequence[Stored]) -> Iterator[Row]:
    def proven(held: Stored) -> tuple[float | None, float]:
        passed = held.document["verdict"] == "passed"
        return held.document["rtoSeconds"] if passed else None, 60 * held.document["objectiveMinutes"]

    counted = (held for held in runs if held.type == "drill" and held.document["verdict"] in ("passed", "failed"))
    return _on_time(_points(counted, "resource", proven))


def _on_time(points: dict[tuple[str, str], list[tuple[float, float]]]) -> Iterator[Row]:
    for key, found in points.items():
        values, on_time = [value for value, _ in found], sum(value <= objective for value, objective in found)
        yield (*key, len(values), on_time, sum(map(isinf, values)), _finite(median(values)), _longest(values))


def alert_accuracy(runs: Sequence[Stored]) -> Iterator[Row]:
    kinds = ("fired", "missed", "unexpected")
    found = defaultdict[tuple[str, str], dict[str, int]](lambda: dict.fromkeys(kinds, 0))
    for held in runs:
        alerts = held.document.get("alerts")
        if alerts is not None and (held.type == "control" or _says_something(held)):
            for kind in kinds:
                for name in alerts.get(kind, ()):
                    found[held.stack, name][kind] += 1
    return ((*key, *counts.values()) for key, counts in found.items())


def _subject(held: Stored) -> str | None:
    return held.document.get("experiment") or held.document.get("resource")


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
        if held.type in ("experiment", "drill"):
            usd = "0" if held.document["verdict"] == "refused" else held.document["cost"]["usd"]
            found[held.stack, f"{held.run[:4]}-{held.run[4:6]}", held.type].append(
                None if usd is None else Decimal(usd)
            )
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
