"""A zone is impaired through the production adapters, in rehearsed time: what passes, what fails, what is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from runners.aws.whereabouts import Whereabouts
from runners.chaos.judging.verdict import Verdict
from runners.chaos.record.chaos_record import ChaosRecord
from tests.runners.chaos.conftest import Rehearsal
from tests.runners.chaos.opt_in_kinds import impairment

pytestmark = pytest.mark.cloud
BARE = ("design.retries=false", "design.circuit_breaker=false")


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    stand(monkeypatch, Whereabouts(subnets=frozenset({"subnet-elsewhere"})))


def stand(monkeypatch: pytest.MonkeyPatch, here: Whereabouts | None) -> None:
    """Where this runner is to be."""
    monkeypatch.setattr("runners.aws.zones.whereabouts", lambda: here)


def run(rehearsal: Rehearsal, *settings: str, scope: str = "availability-zone") -> ChaosRecord:
    made = impairment(rehearsal, scope=scope)
    rehearsal.begin(*settings)
    return rehearsal.cycle().run(made)


@pytest.mark.parametrize("scope", ["availability-zone", "all"])
def test_a_workload_in_two_zones_passes(rehearsal: Rehearsal, scope: str) -> None:
    record = run(rehearsal, *BARE, scope=scope)
    assert record.judgement.verdict is Verdict.PASSED, (record.judgement, rehearsal.said)
    assert record.evidence.actions == {"shift": "completed", "network": "completed"}
    assert record.hit is not None
    assert len(record.hit) == 2
    # 5 minutes of disruption, and 6 of the shift.
    assert str(record.usd) == "1.10"


@pytest.mark.parametrize("settings", [("design.capacity=35",), (*BARE, "design.zonal_shift=false")])
def test_one_that_has_nothing_to_spare_or_is_not_shifted_rings(rehearsal: Rehearsal, settings: tuple[str, ...]) -> None:
    record = run(rehearsal, *settings)
    assert record.judgement.verdict is Verdict.ABORTED_BY_ALARM, (record.judgement, rehearsal.said)


@pytest.mark.parametrize("settings", ["faults.no_effect=true", "faults.hit_fewer=1", "faults.skip_action=network"])
def test_a_zone_that_was_not_impaired_proves_nothing(rehearsal: Rehearsal, settings: str) -> None:
    record = run(rehearsal, settings)
    assert record.judgement.verdict is Verdict.INVALID, (record.judgement, rehearsal.said)


def test_a_stopped_one_is_undone(rehearsal: Rehearsal) -> None:
    record = run(rehearsal, *BARE, "faults.alarm=chaos-errors", "faults.alarm_after=60")
    assert record.judgement.verdict is Verdict.ABORTED_BY_ALARM
    assert record.cleaned
    client = rehearsal.clients.client("elbv2")
    group = client.describe_target_groups(Names=["shop-web"])["TargetGroups"][0]["TargetGroupArn"]
    health = client.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert {held["TargetHealth"]["State"] for held in health} == {"healthy"}


@pytest.fixture
def without_shift(rehearsal: Rehearsal) -> Iterator[None]:
    client = rehearsal.clients.client("elbv2")
    arn = client.describe_load_balancers(Names=["shop"])["LoadBalancers"][0]["LoadBalancerArn"]
    key = "zonal_shift.config.enabled"
    client.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[{"Key": key, "Value": "false"}])
    yield
    client.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[{"Key": key, "Value": "true"}])


@pytest.mark.usefixtures("without_shift")
def test_a_balancer_that_takes_part_in_no_shift_refuses(rehearsal: Rehearsal) -> None:
    record = run(rehearsal)
    assert record.judgement.verdict is Verdict.REFUSED
    assert [reason.split(":")[0] for reason in record.judgement.reasons] == ["no-zonal-shift"]


def test_subnets_that_are_not_offered_refuse(rehearsal: Rehearsal) -> None:
    made = impairment(rehearsal)
    assert made.blast_radius.zone is not None
    [arn] = made.blast_radius.zone.subnets
    ec2, offered = rehearsal.clients.client("ec2"), [{"Key": "chaos:enabled", "Value": "true"}]
    ec2.delete_tags(Resources=[arn.rsplit("/", 1)[-1]], Tags=offered)
    try:
        rehearsal.begin()
        record = rehearsal.cycle().run(made)
    finally:
        ec2.create_tags(Resources=[arn.rsplit("/", 1)[-1]], Tags=offered)
    assert record.judgement.verdict is Verdict.REFUSED
    assert [reason.split(":")[0] for reason in record.judgement.reasons] == ["not-opted-in"]


@pytest.mark.parametrize("here", ["subnet", "range"])
def test_a_runner_that_would_cut_itself_off_refuses(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, here: str
) -> None:
    made = impairment(rehearsal)
    assert made.blast_radius.zone is not None
    subnet = made.blast_radius.zone.subnets[0].rsplit("/", 1)[-1]
    inside = (
        Whereabouts(subnets=frozenset({subnet})) if here == "subnet" else Whereabouts(ranges=frozenset({"10.0.0.0/24"}))
    )
    stand(monkeypatch, inside)
    rehearsal.begin()
    record = rehearsal.cycle().run(made)
    assert record.judgement.verdict is Verdict.REFUSED
    assert [reason.split(":")[0] for reason in record.judgement.reasons] == ["runner-inside"]


def test_a_runner_that_cannot_tell_is_warned(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    stand(monkeypatch, None)
    record = run(rehearsal)
    assert record.judgement.verdict is Verdict.PASSED, record.judgement
    assert any("runner-place-unknown" in line for line in map(str, rehearsal.said)), rehearsal.said


def test_another_zones_subnets_refuse(rehearsal: Rehearsal) -> None:
    made = impairment(rehearsal)
    assert made.blast_radius.zone is not None
    wrong = replace(made.blast_radius.zone, id="use1-az9")
    made = replace(made, blast_radius=replace(made.blast_radius, zone=wrong))
    rehearsal.begin()
    record = rehearsal.cycle().run(made)
    assert record.judgement.verdict is Verdict.REFUSED
    assert [reason.split(":")[0] for reason in record.judgement.reasons] == ["other-zone"]
