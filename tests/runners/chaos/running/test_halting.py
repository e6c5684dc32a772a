"""The kill switch: what is the stack's, and whether it really stopped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from contract.names import RUN_OWNER_TAG
from runners.aws.injection import AwsInjection
from runners.chaos.equipment import Equipment
from runners.chaos.running.halting import halt_mark
from runners.errors import AwsError
from tests.runners.chaos.conftest import Rehearsal
from tests.runners.chaos.four_kinds import KINDS
from tests.runners.chaos.halts import halting_of

pytestmark = pytest.mark.cloud


@pytest.fixture
def kit(rehearsal: Rehearsal) -> Iterator[Equipment]:
    held = rehearsal.cycle().kit
    yield held
    halting_of(held).release("tests")


def template(rehearsal: Rehearsal) -> str:
    """A template that is there."""
    experiment, action = KINDS["latency"]
    return rehearsal.template(experiment, action).template_id


def fresh(rehearsal: Rehearsal, kit: Equipment, *settings: str) -> Equipment:
    """The equipment in a new rehearsal."""
    rehearsal.begin(*settings)
    kit.clock.sleep(0)
    return kit


def test_it_stops_what_is_ours_and_only_that(rehearsal: Rehearsal, kit: Equipment) -> None:
    own, other = template(rehearsal), template(rehearsal)
    fresh(rehearsal, kit)
    tagged = kit.injection.start(other, "tagged", {RUN_OWNER_TAG: "ial-dev"}).id
    by_hand = kit.injection.start(own, "from the console", {}).id
    theirs = kit.injection.start(other, "theirs", {RUN_OWNER_TAG: "ial-prod"}).id
    kit.clock.sleep(30)
    done = halting_of(kit, own).halt("enough", "tests", lever=False)
    assert (set(done.stopped), done.left, done.exit_code) == ({tagged, by_hand}, (), 0)
    statuses = [kit.injection.state(id_).status for id_ in (tagged, by_hand, theirs)]
    assert statuses == ["stopped", "stopped", "running"]
    assert any(f"experiment {tagged}: FIS says that it is stopping" in told for told in rehearsal.said)
    engaged = halting_of(kit, own).halt("everything", "tests", lever=True)
    assert engaged.lever_engaged
    kit.clock.sleep(30)
    assert kit.injection.state(theirs).status == "stopped"


def test_with_nothing_running_the_list_is_watched_for_a_minute(rehearsal: Rehearsal, kit: Equipment) -> None:
    fresh(rehearsal, kit)
    before = kit.clock.now()
    done = halting_of(kit).halt("a deployment", "tests", lever=False)
    assert (done.stopped, done.left, done.exit_code) == ((), (), 0)
    assert 60 <= (kit.clock.now() - before).total_seconds() < 70
    assert rehearsal.said == [
        "nothing runs; FIS's list is watched for 60 s after the halt: it lists late what has just started"
    ]


@pytest.mark.parametrize("looks", [1, 7, 12])
def test_what_fis_lists_late_is_stopped(
    rehearsal: Rehearsal, kit: Equipment, monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    own = template(rehearsal)
    fresh(rehearsal, kit)
    began = kit.injection.start(own, "just now", {}).id
    unfinished, looked = AwsInjection.unfinished, list[int]()

    def late(held: AwsInjection) -> Any:
        looked.append(1)
        return [] if len(looked) <= looks else unfinished(held)

    monkeypatch.setattr(AwsInjection, "unfinished", late)
    done = halting_of(kit, own).halt("enough", "tests", lever=False)
    assert (done.stopped, done.left) == ((began,), ())
    assert kit.injection.state(began).status == "stopped"


def test_who_does_not_wait_leaves_the_mark_and_is_told(
    rehearsal: Rehearsal, kit: Equipment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(_: object) -> None:
        raise KeyboardInterrupt

    fresh(rehearsal, kit)
    monkeypatch.setattr(AwsInjection, "unfinished", pressed)
    with pytest.raises(KeyboardInterrupt):
        halting_of(kit).halt("enough", "tests", lever=False)
    assert halt_mark(kit.records) is not None
    assert [told.partition(";")[0] for told in rehearsal.said] == ["interrupted: the stack stays halted"]


def test_what_does_not_end_is_left(rehearsal: Rehearsal, kit: Equipment, monkeypatch: pytest.MonkeyPatch) -> None:
    own = template(rehearsal)
    fresh(rehearsal, kit, "faults.status=stopping", "faults.never_ends=true")
    began = kit.injection.start(own, "ours", {}).id
    kit.clock.sleep(30)
    before = kit.clock.now()
    monkeypatch.setattr(AwsInjection, "stop", lambda *_: None)
    done = halting_of(kit, own).halt("enough", "tests", lever=False)
    assert (done.stopped, done.exit_code) == ((), 7)
    assert done.left == (f"experiment {began}: FIS says that it is stopping",)
    assert 180 <= (kit.clock.now() - before).total_seconds() < 200


def test_fis_that_is_away_for_a_while_is_asked_again(
    rehearsal: Rehearsal, kit: Equipment, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = template(rehearsal)
    fresh(rehearsal, kit)
    began = kit.injection.start(own, "ours", {}).id
    kit.clock.sleep(30)
    away = {"unfinished": 1, "stop": 2, "state": 1}

    def sometimes(name: str) -> None:
        method = getattr(AwsInjection, name)

        def called(held: AwsInjection, *given: Any) -> Any:
            away[name] -= 1
            if away[name] >= 0:
                raise AwsError("FIS is away", operation=f"fis:{name}", code="ServiceUnavailable")
            return method(held, *given)

        monkeypatch.setattr(AwsInjection, name, called)

    for name in away:
        sometimes(name)
    done = halting_of(kit, own).halt("enough", "tests", lever=False)
    assert (done.stopped, done.left) == ((began,), ())


def test_a_list_that_cannot_be_read_is_left(
    rehearsal: Rehearsal, kit: Equipment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: object) -> None:
        raise AwsError("FIS is away", operation="fis:ListExperiments", code="ServiceUnavailable")

    fresh(rehearsal, kit)
    monkeypatch.setattr(AwsInjection, "unfinished", away)
    done = halting_of(kit).halt("enough", "tests", lever=False)
    assert (done.left, done.exit_code) == (("the list of experiments: FIS is away",), 7)
