"""After the fault, while the workload recovers: what costs a run its result, and what does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from contract.probes import Probe
from runners.aws.leases import TableLeases
from runners.aws.probes import AwsProbes
from runners.chaos.evidence.probing import Seen
from runners.chaos.judging.verdict import Verdict
from runners.errors import AwsError
from runners.runs.lease import Lease, LeaseLostError
from tests.runners.chaos.conftest import Rehearsal
from tests.runners.chaos.experiments import changed
from tests.runners.chaos.four_kinds import KINDS

pytestmark = pytest.mark.cloud


class Passing(list[str]):
    """What is told, and a thing that happens at a word."""

    def __init__(self, word: str, happens: Callable[[], object]) -> None:
        super().__init__()
        self.word, self.happens = word, happens

    def append(self, text: str) -> None:
        super().append(text)
        if text.startswith(self.word):
            self.word = "happened once"
            self.happens()


def renewing(monkeypatch: pytest.MonkeyPatch, error: Exception, times: int) -> None:
    """From now on the lock's renewal fails so many times."""
    renew, failed = TableLeases.renew, list[int]()

    def failing(held: TableLeases, lease: Lease) -> Lease:
        if len(failed) < times:
            failed.append(1)
            raise error
        return renew(held, lease)

    monkeypatch.setattr(TableLeases, "renew", failing)


def test_one_error_of_the_table_in_the_recovery_costs_nothing(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = AwsError("the table is away", operation="dynamodb:UpdateItem", code="InternalServerError")
    rehearsal.said = Passing("FIS: completed", lambda: renewing(monkeypatch, away, 1))
    experiment, action = KINDS["latency"]
    made = rehearsal.template(experiment, action)
    rehearsal.begin()
    record = rehearsal.cycle().run(made)
    assert record.judgement.verdict is Verdict.PASSED, (record.judgement, rehearsal.said)


def test_a_lock_that_is_lost_in_the_recovery_is_the_reason(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = LeaseLostError("it is somebody else's")
    rehearsal.said = Passing("FIS: completed", lambda: renewing(monkeypatch, lost, 1))
    experiment, action = KINDS["latency"]
    made = rehearsal.template(experiment, action)
    rehearsal.begin()
    record = rehearsal.cycle().run(made)
    assert (record.judgement.verdict, record.exit_code) == (Verdict.INCONCLUSIVE, 5), record.judgement
    assert record.judgement.reasons[0].startswith("the lock was lost while the workload recovered")
    assert record.cleaned


def coming_late(monkeypatch: pytest.MonkeyPatch, value: float) -> None:
    """From now on the newest period of the errors has another value than was seen of it."""
    series, moments = AwsProbes.series, list[datetime]()

    def late(held: AwsProbes, probes: Sequence[Probe], first: datetime, last: datetime) -> list[list[Seen]]:
        found = series(held, probes, first, last)
        for number, probe in enumerate(probes):
            if probe.name == "errors":
                moments.append(found[number][-1][0])
                found[number] = [(at, value if at == moments[0] else seen) for at, seen in found[number]]
        return found

    monkeypatch.setattr(AwsProbes, "series", late)


@pytest.mark.parametrize(("rto", "verdict"), [(600, Verdict.PASSED), (60, Verdict.FAILED)])
def test_what_comes_late_is_waited_out(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, rto: int, verdict: Verdict
) -> None:
    experiment, action = KINDS["hidden"]
    experiment = changed(experiment, hypothesis=changed(experiment.hypothesis, rto_seconds=rto))
    made = rehearsal.template(experiment, action)
    rehearsal.begin()
    rehearsal.said = Passing("steady again", lambda: coming_late(monkeypatch, 700))
    record = rehearsal.cycle().run(made)
    assert record.judgement.verdict is verdict, (record.judgement, rehearsal.said)
    assert rehearsal.said.count("not steady for good: what came late says otherwise") <= 4
    assert ("not steady for good: what came late says otherwise" in rehearsal.said) == (verdict is Verdict.PASSED)
