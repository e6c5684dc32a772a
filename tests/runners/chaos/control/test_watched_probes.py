from __future__ import annotations

from msgspec.structs import replace

from runners.chaos.control.watched_probes import watched_probes
from tests.runners.chaos.experiments import changed
from tests.runners.chaos.four_kinds import FAST, FEW_ERRORS, GONE, HEALTHY, LATENCY, TERMINATION


def test_each_probe_is_looked_at_once_for_all_who_have_it() -> None:
    found = watched_probes([LATENCY, TERMINATION])
    assert [(held.probe, held.experiments) for held in found] == [
        (FEW_ERRORS, ("network-latency", "instance-termination")),
        (FAST, ("network-latency",)),
        (HEALTHY, ("instance-termination",)),
    ]


def test_two_that_share_a_name_are_told_apart_and_what_was_hit_is_left_out() -> None:
    strict = replace(FEW_ERRORS, at_most=1.0)
    other = changed(TERMINATION, hypothesis=changed(TERMINATION.hypothesis, probes=(strict, GONE)))
    found = watched_probes([LATENCY, other])
    assert [held.probe.name for held in found] == ["network-latency: errors", "p99", "instance-termination: errors"]
    assert [held.probe.at_most for held in found] == [60, 1, 1]
