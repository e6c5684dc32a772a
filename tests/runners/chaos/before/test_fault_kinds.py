"""Reasons of single kinds are found by the kind; what no kind's rule judged refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.experiments import BlastRadius
from runners.chaos.before.fault_kinds import OWN_PARTS, all_rules, judges
from runners.chaos.before.preflight import obstacles
from tests.runners.chaos.before.kinds.test_az_impairment import CANDIDATES, IMPAIRMENT, SEEN
from tests.runners.chaos.before.test_preflight import EXPERIMENT, GOOD, targets
from tests.runners.chaos.experiments import changed


def test_each_part_that_is_a_kinds_own_has_a_rule() -> None:
    assert {part for part, _ in all_rules().values()} == set(OWN_PARTS)
    always = {"resource_type", "wanted", "tags", "group_kind", "group", "most", "most_percent", "min_healthy"}
    assert set(BlastRadius.__struct_fields__) == always | set(OWN_PARTS)


def test_a_zone_that_no_rule_of_the_kind_judges_refuses() -> None:
    seen = replace(GOOD, **targets(candidates=CANDIDATES, zone=SEEN))
    assert obstacles(IMPAIRMENT, seen) == []
    [found] = obstacles(changed(IMPAIRMENT, kind="flood"), seen)
    assert str(found).startswith("kind-unknown: nothing is known here of what flood may hit: zone; ")


@pytest.mark.parametrize("kind", sorted(all_rules()))
def test_a_kind_without_its_part_refuses(kind: str) -> None:
    assert [held.code for held in obstacles(changed(EXPERIMENT, kind=kind), GOOD)] == ["kind-unknown"]


def test_a_kind_is_judged_by_one_rule() -> None:
    kind, (part, rule) = next(iter(all_rules().items()))
    with pytest.raises(ValueError, match="judged twice"):
        judges(kind, part)(rule)
    with pytest.raises(ValueError, match="none of zone, connections"):
        judges("flood", "water")(rule)
