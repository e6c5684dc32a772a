"""What stands against the impairment of a zone: each reason by itself, and what cannot be read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.experiments import Zone
from runners.chaos.before.preflight import obstacles
from runners.chaos.before.situation import TargetSituation, ZoneSituation
from tests.runners.chaos.before.test_preflight import GOOD
from tests.runners.chaos.experiments import OFFERED, changed, experiment, radius

ZONE = Zone(
    id="use1-az1",
    subnets=("arn:aws:ec2:us-east-1:123456789012:subnet/subnet-a",),
    load_balancer="app/shop/50dc6c495c0c9188",
    target_group="targetgroup/shop-web/6d0ecf831eec9f09",
)
IMPAIRMENT = experiment(
    kind="az-impairment",
    stop_alarms=("errors",),
    blast_radius=radius(resource_type="aws:ec2:subnet", wanted=2, group_kind=None, group=None, zone=ZONE),
)
SEEN = ZoneSituation(
    healthy={"use1-az1": 1, "use1-az2": 1}, subnets={"subnet-a": "use1-az1"}, shifts=True, runner_inside=False
)
CANDIDATES = {"subnet-a": OFFERED, ZONE.load_balancer: OFFERED}


def codes(seen: ZoneSituation | None, *, allow_outage: bool = False, **candidates: Any) -> list[str]:
    found = {"candidates": CANDIDATES, "group_size": None, "healthy": None} | candidates
    situation = replace(GOOD, targets=TargetSituation(**found, zone=seen))
    planned = changed(IMPAIRMENT, allow_outage=allow_outage)
    return [held.code + ("?" if held.warning else "") for held in obstacles(planned, situation)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, []),
        ({"healthy": {"use1-az1": 2}}, ["too-few-left"]),
        ({"healthy": {"use1-az2": 2}}, ["too-few-left"]),
        ({"healthy": {"use1-az1": 2, "use1-az2": 0}}, ["too-few-left"]),
        ({"healthy": {}}, ["too-few-left"]),
        ({"healthy": {"use1-az2": 1, "use1-az3": 1}}, []),
        ({"subnets": {"subnet-a": "use1-az2"}}, ["other-zone"]),
        ({"shifts": False}, ["no-zonal-shift"]),
        ({"runner_inside": True}, ["runner-inside"]),
        ({"runner_inside": None}, ["runner-place-unknown?"]),
        ({"healthy": None}, ["zone-unknown"]),
        ({"subnets": None}, ["subnets-unknown"]),
        ({"shifts": None}, ["zonal-shift-unknown"]),
    ],
)
def test_each_reason_about_zones_refuses(change: dict[str, Any], code: list[str]) -> None:
    assert codes(replace(SEEN, **change)) == code


def test_nothing_known_refuses() -> None:
    assert codes(None) == ["zone-unknown"]


def test_more_may_have_to_be_left_than_one() -> None:
    many = changed(IMPAIRMENT, blast_radius=changed(IMPAIRMENT.blast_radius, min_healthy=2))
    situation = replace(GOOD, targets=TargetSituation(candidates=CANDIDATES, group_size=None, healthy=None, zone=SEEN))
    assert [held.code for held in obstacles(many, situation)] == ["too-few-left"]


def test_an_outage_may_be_accepted_but_not_to_lock_the_runner_out() -> None:
    alone = replace(SEEN, healthy={"use1-az1": 2})
    assert codes(alone, allow_outage=True) == []
    assert codes(replace(alone, runner_inside=True), allow_outage=True) == ["runner-inside"]


@pytest.mark.parametrize("lacking", sorted(CANDIDATES))
def test_each_of_what_is_hit_has_to_be_offered(lacking: str) -> None:
    assert codes(SEEN, candidates={**CANDIDATES, lacking: {}}) == ["not-opted-in"]


@given(st.dictionaries(st.sampled_from(["use1-az1", "use1-az2", "use1-az3"]), st.integers(0, 3)))
def test_without_a_healthy_target_elsewhere_it_never_starts(healthy: dict[str, int]) -> None:
    elsewhere = sum(count for name, count in healthy.items() if name != "use1-az1")
    refused = "too-few-left" in codes(replace(SEEN, healthy=healthy))
    assert refused or elsewhere > 0
