"""Where documents come from: each run once, the table first, and what is damaged for the reader to count."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from runners.analysis.eight_weeks.weeks import Weeks
from runners.analysis.reading import read_record
from runners.aws.score_signals import ScoreSignals
from runners.report.assembling import Beside, report_of
from runners.runs.run_folder import Runs, months
from runners.wiring.run_source import StackRuns
from tests.runners.analysis.records_for_tests import chaos
from tests.runners.analysis.test_score import score
from tests.runners.report.conftest import analysis_of
from tests.runners.suites.stage import Stage, step, suite

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 28, tzinfo=UTC)
KINDS = {"chaos": "experiment", "drills": "resource", "controls": "type"}


class Held:
    """A table in memory."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], Mapping[str, Any]] = {}

    def put(self, run: str, step: str, document: Mapping[str, Any]) -> None:
        self.items[run, step] = document

    def get(self, run: str, step: str) -> Mapping[str, Any] | None:
        return self.items.get((run, step))

    def all(self, run: str) -> Mapping[str, Mapping[str, Any]]:
        return {step: held for (name, step), held in self.items.items() if name == run}

    def snapshot(self) -> Self:
        return self

    def archive(self, *_: Any) -> None:
        """Keeps nothing beyond."""


class Months:
    """An archive of one line."""

    def __init__(self, run: str, line: bytes) -> None:
        self._held = (run, line)

    def documents(self, _: datetime) -> Iterator[tuple[str, bytes]]:
        yield self._held


class Standing:
    def now(self) -> datetime:
        return NOW

    def sleep(self, seconds: float) -> None:
        raise AssertionError(seconds)


def source(folder: Path, records: Any) -> StackRuns:
    return StackRuns(Runs(folder, "dev"), records, Standing())


def test_each_run_of_the_table_comes_once_and_open_ones_are_told(tmp_path: Path) -> None:
    held, count = Held(), 0
    for document in Weeks(2).documents():
        run, kind = document["run"], next(kind for kind, key in KINDS.items() if key in document)
        held.put(run, "record", document)
        held.put(f"{kind}#{run[:4]}-{run[4:6]}", run, {"verdict": document["verdict"]})
        count += 1
    held.put("chaos#2026-11", "20261127-000000-0000", {"verdict": None})
    held.put("chaos#2026-11", "20261127-000001-0000", {"verdict": "passed"})
    held.put("chaos#2026-11", "20261127-000002-0000", {"verdict": "refused"})
    found = source(tmp_path, held)
    documents = dict(found.documents(datetime(2026, 9, 1, tzinfo=UTC)))
    assert len(documents) == count + 1
    assert documents["20261127-000001-0000"] == {}
    assert found.open_runs == {"20261127-000000-0000"}
    late = dict(source(tmp_path, held).documents(datetime(2026, 11, 1, tzinfo=UTC)))
    assert 0 < len(late) < count


def test_journals_of_this_machine_count_where_the_table_has_none(tmp_path: Path) -> None:
    runs = Runs(tmp_path, "dev")
    runs.folder.mkdir(parents=True)
    line = {"version": 1, "number": 1, "at": "2026-11-27T00:00:00.000Z", "step": "started", "data": {"run": "x"}}
    runs.journal("20261127-000000-0000").write_text(json.dumps(line) + "\n")
    runs.journal("20261127-000001-0000").write_text("no journal\n")
    found = source(tmp_path, None)
    assert dict(found.documents(datetime(2026, 11, 1, tzinfo=UTC))) == {"20261127-000001-0000": b""}
    assert found.open_runs == {"20261127-000000-0000"}


def test_a_suite_that_this_machine_alone_knows_comes_once_and_as_it_was_stored(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    record = stage.run(suite(step("network", choice="network"), cool_down_minutes=0))
    alone = dict(source(tmp_path, None).documents(FIRST))
    assert alone == {record.run: record.document()}
    assert read_record(alone[record.run]) == "suite"
    (shown,) = report_of(analysis_of([]), [record.document()], Beside()).suites
    assert (shown.run, shown.verdict) == (record.run, "passed")
    # In the table, too, and in the archive, and in all three of them: once.
    line = json.dumps(record.document()).encode()
    for records, archive in (
        (stage.records, None),
        (None, Months(record.run, line)),
        (stage.records, Months(record.run, line)),
    ):
        found = StackRuns(Runs(tmp_path, "dev"), records, Standing(), archive)
        assert [run for run, _ in found.documents(FIRST) if run == record.run] == [record.run]


def test_a_suite_that_was_cut_off_is_told_and_not_counted(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    record = stage.run(suite(step("network", choice="network"), cool_down_minutes=0))
    journal = stage.runs.journal(record.run)
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(line for line in lines if json.loads(line)["step"] not in ("ended", "stored")))
    found = source(tmp_path, None)
    assert dict(found.documents(FIRST)) == {}
    assert found.open_runs == {record.run}


def test_months_are_all_from_the_first_to_the_last() -> None:
    assert months(datetime(2025, 12, 31, tzinfo=UTC), NOW)[:3] == ["2025-12", "2026-01", "2026-02"]
    assert months(NOW, NOW) == ["2026-11"]
    # The month's first hours belong to it, whatever the hour of the first moment.
    late, early = datetime(2026, 10, 20, 23, tzinfo=UTC), datetime(2026, 11, 1, 1, tzinfo=UTC)
    assert months(late, early) == ["2026-10", "2026-11"]


def test_a_score_is_published_and_none_is_no_zero() -> None:
    sent: list[Any] = []

    class Client:
        def client(self, _: str) -> Any:
            return self

        def put_metric_data(self, **asked: Any) -> None:
            sent.append(asked)

    signals = ScoreSignals(clients=Client(), namespace="ial/dev", clock=Standing())  # type: ignore[arg-type]
    assert (signals.publish(score()), sent) == (False, [])
    assert signals.publish(score(chaos())) is True
    [data] = sent[0]["MetricData"]
    assert (data["MetricName"], data["Value"], sent[0]["Namespace"]) == ("ResilienceScore", 50.0, "ial/dev")
