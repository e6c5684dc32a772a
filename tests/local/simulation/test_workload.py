from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.simulation.design import Design, DesignError
from local.simulation.instance import Health, Phase
from local.simulation.workload import Second, Workload

SOUND = Design()
NOTHING_TO_SPARE = Design(capacity=35)
NO_RETRIES = Design(retries=False)
NO_BREAKER = Design(circuit_breaker=False)


def started(design: Design = SOUND) -> Workload:
    made = iter(f"i-new{number}" for number in range(100))
    return Workload(design, [f"i-{number}" for number in range(design.instances)], lambda _: next(made))


def run(workload: Workload, seconds: int) -> list[Second]:
    return [workload.step() for _ in range(seconds)]


def test_a_group_that_may_not_launch_replaces_when_it_may_again() -> None:
    may = False
    workload = Workload(SOUND, ["i-0", "i-1"], lambda _: "i-new" if may else None)
    workload.terminate("i-0")
    run(workload, 300)
    assert workload.replacements == []
    may = True
    run(workload, 1)
    assert [held.launched for held in workload.replacements] == ["i-new"]


def error_share(seconds: list[Second]) -> float:
    return sum(s.errors + s.refused + s.unanswered for s in seconds) / sum(s.requests for s in seconds)


def slowest(seconds: list[Second]) -> float:
    return max(value for second in seconds for value in second.latencies)


def delay(workload: Workload) -> None:
    for instance in workload.instances:
        instance.delay_ms = 200


def terminate(workload: Workload) -> None:
    workload.terminate("i-0")


def hide(workload: Workload) -> None:
    workload.instances[0].reachable = False
    workload.extra_requests = 20


def cut_off_the_database(workload: Workload) -> None:
    workload.instances[0].database_reachable = False


def zonal(design: Design) -> Workload:
    """One instance in each of two zones."""
    made = iter(f"i-new{number}" for number in range(100))
    places = {"i-0": ("subnet-a", "use1-az1"), "i-1": ("subnet-b", "use1-az2")}
    return Workload(design, list(places), lambda _: next(made), lambda id_: places.get(id_, ("subnet-b", "use1-az2")))


FAULTS = [delay, terminate, hide, cut_off_the_database]


def test_all_is_well_without_a_fault() -> None:
    seconds = run(started(), 120)
    assert error_share(seconds) == 0
    assert slowest(seconds) < 100
    assert sum(s.requests for s in seconds) == pytest.approx(120 * 60, rel=0.05)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_sound_workload_bears_every_fault(fault: Callable[[Workload], None]) -> None:
    workload = started()
    fault(workload)
    assert error_share(run(workload, 60)) < 0.05


@pytest.mark.parametrize(
    ("design", "fault"),
    [
        (NOTHING_TO_SPARE, delay),
        (NOTHING_TO_SPARE, terminate),
        (NOTHING_TO_SPARE, hide),
        (NO_RETRIES, terminate),
        (NO_RETRIES, hide),
        (NO_BREAKER, cut_off_the_database),
    ],
)
def test_what_is_missing_shows_under_the_fault_that_needs_it(design: Design, fault: Callable[[Workload], None]) -> None:
    assert error_share(run(started(design), 60)) == 0
    workload = started(design)
    fault(workload)
    assert error_share(run(workload, 60)) > 0.1


@pytest.mark.parametrize("scope", ["availability-zone", "all"])
def test_a_zone_is_not_missed_when_its_traffic_is_shifted_away(scope: str) -> None:
    bare = Design(retries=False, circuit_breaker=False)
    shares = []
    for shifted in (True, False):
        workload = zonal(bare)
        workload.cut_off["subnet-a"] = scope
        if shifted:
            workload.shifted.add("use1-az1")
        seconds = run(workload, 120)
        assert [instance.health for instance in workload.instances] == [Health.UNHEALTHY, Health.HEALTHY]
        shares.append(error_share(seconds[60:]))
    # Without the shift, the zone's own node keeps sending to what it reaches.
    assert shares[0] == 0
    assert shares[1] > 0.45


def test_the_other_zone_must_carry_it_all() -> None:
    workload = zonal(NOTHING_TO_SPARE)
    assert error_share(run(workload, 60)) == 0
    workload.cut_off["subnet-a"] = "availability-zone"
    workload.shifted.add("use1-az1")
    assert error_share(run(workload, 60)) > 0.3


@pytest.mark.parametrize("fault", [terminate, hide])
def test_what_an_instance_does_not_answer_is_no_answer_of_it(fault: Callable[[Workload], None]) -> None:
    workload = started(NO_RETRIES)
    fault(workload)
    seconds = run(workload, 5)
    assert [second.errors for second in seconds] == [0] * 5
    assert all(second.unanswered > 0 for second in seconds)


def test_what_there_is_nobody_for_is_refused() -> None:
    workload = started()
    workload.instances.clear()
    assert [(s.refused == s.requests > 0, s.unanswered, s.errors) for s in run(workload, 3)] == [(True, 0, 0)] * 3


def test_an_instance_answers_what_it_cannot_work_on() -> None:
    workload = started(NOTHING_TO_SPARE)
    delay(workload)
    assert [(s.errors > 0, s.refused, s.unanswered) for s in run(workload, 3)] == [(True, 0, 0)] * 3


def test_a_zone_comes_back() -> None:
    workload = zonal(Design(retries=False, circuit_breaker=False))
    workload.cut_off["subnet-a"] = "all"
    run(workload, 60)
    workload.cut_off.clear()
    run(workload, SOUND.health_interval * SOUND.healthy_after)
    assert error_share(run(workload, 30)) == 0
    assert workload.instances[0].health is Health.HEALTHY


def test_a_shift_from_every_zone_is_none() -> None:
    workload = zonal(SOUND)
    workload.shifted |= {"use1-az1", "use1-az2"}
    assert error_share(run(workload, 30)) == 0


@pytest.mark.parametrize(("held", "enough"), [(0, True), (80, True), (81, False), (90, False)])
def test_a_database_without_connections_is_borne_by_breakers_only(held: int, enough: bool) -> None:
    # Two pools of ten, of a hundred connections.
    workload, without = started(), started(NO_BREAKER)
    workload.held = without.held = held
    seconds = run(workload, 60)
    assert error_share(run(without, 60)) == 0 if enough else error_share(run(without, 60)) > 0.9
    assert (sum(second.database_errors for second in seconds) == 0) is enough
    assert seconds[-1].errors == 0
    assert seconds[-1].held == held
    workload.held = 0
    run(workload, SOUND.breaker_tries_again_after)
    assert workload.step().degraded == 0


def test_latency_is_felt_and_gone_with_the_fault() -> None:
    workload = started()
    delay(workload)
    assert slowest(run(workload, 10)) > 240
    for instance in workload.instances:
        instance.delay_ms = 0
    assert slowest(run(workload, 10)) < 100


def test_a_terminated_instance_is_replaced_and_serves_again() -> None:
    workload = started()
    run(workload, 5)
    workload.terminate("i-0")
    run(workload, SOUND.replaced_after - 1)
    assert workload.replacements == []
    run(workload, 1)
    [replacement] = workload.replacements
    assert (replacement.gone, replacement.launched, replacement.started) == ("i-0", "i-new0", 35)
    assert replacement.ready == 35 + SOUND.boot
    new = workload.instance("i-new0")
    assert new is not None
    assert (new.phase, new.health) == (Phase.BOOTING, Health.INITIAL)
    run(workload, SOUND.boot + SOUND.health_interval * SOUND.healthy_after)
    assert (new.phase, new.health) == (Phase.RUNNING, Health.HEALTHY)
    assert [instance.id for instance in workload.registered] == ["i-1", "i-new0"]
    run(workload, 300)
    assert len(workload.replacements) == 1


def test_health_follows_after_the_threshold_in_both_directions() -> None:
    workload = started()
    first = workload.instances[0]
    seen = []
    for reachable in (False, True):
        first.reachable = reachable
        threshold = SOUND.healthy_after if reachable else SOUND.unhealthy_after
        run(workload, SOUND.health_interval * threshold - 1)
        seen.append(first.health)
        run(workload, 1)
        seen.append(first.health)
    assert seen == [Health.HEALTHY, Health.UNHEALTHY, Health.UNHEALTHY, Health.HEALTHY]


def test_a_load_balancer_without_healthy_targets_sends_to_all() -> None:
    workload = started()
    for instance in workload.instances:
        instance.health = Health.UNHEALTHY
    assert error_share(run(workload, 5)) == 0


def test_nothing_left_refuses_everything() -> None:
    workload = started(replace(SOUND, boot=1000))
    for name in ("i-0", "i-1"):
        workload.terminate(name)
    assert error_share(run(workload, 60)[30:]) == 1


def test_the_breaker_opens_answers_degraded_and_closes_again() -> None:
    workload = started()
    cut_off_the_database(workload)
    seconds = run(workload, 60)
    # It opens, and again after each try that fails.
    openings = [number for number, s in enumerate(seconds) if s.breakers_opened]
    assert openings == [openings[0] + number * SOUND.breaker_tries_again_after for number in range(4)]
    assert all(seconds[number].database_errors == SOUND.breaker_tries_calls for number in openings)
    assert seconds[-1].degraded > 0
    assert seconds[-1].database_errors == 0
    workload.instances[0].database_reachable = True
    run(workload, SOUND.breaker_tries_again_after)
    assert workload.step().degraded == 0


def test_a_database_that_is_down_for_all_is_borne_by_breakers_only() -> None:
    workload = started()
    workload.database_up = False
    assert run(workload, 60)[-1].errors == 0
    without = started(NO_BREAKER)
    without.database_up = False
    assert error_share(run(without, 60)) > 0.9


@given(st.integers(0, 2**32), st.sampled_from(FAULTS))
def test_the_same_seed_gives_the_same_seconds(seed: int, fault: Callable[[Workload], None]) -> None:
    runs = []
    for _ in range(2):
        workload = started(Design(seed=seed))
        fault(workload)
        runs.append(run(workload, 90))
    assert runs[0] == runs[1]


def test_another_seed_gives_others() -> None:
    assert run(started(Design(seed=1)), 5) != run(started(Design(seed=2)), 5)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"speed": 1}, "unknown key 'speed'; accepted: seed"),
        ({"retries": 1}, "retries is 1; accepted: a bool"),
        ({"capacity": "100"}, "capacity is '100'; accepted: a float"),
        ({"capacity": True}, "capacity is True"),
        ({"boot": -1}, "boot is -1; accepted: a int, not below zero"),
        ({"boot": 1.5}, "boot is 1.5"),
    ],
)
def test_a_design_that_cannot_be_read(data: dict[str, object], said: str) -> None:
    with pytest.raises(DesignError, match=said):
        Design.read(data)


def test_a_design_is_read() -> None:
    assert Design.read({"capacity": 35, "retries": False}) == Design(capacity=35.0, retries=False)
