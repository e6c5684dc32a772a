"""Each type of probe is in the contract, in the page, and has a file that looks, but for two that look otherwise."""

from __future__ import annotations

import pkgutil
from typing import get_args

import pytest

from components.workload.workload import Workload
from contract.probe_types import PROBE_TYPES, ProbeType
from runners.aws import looks
from runners.aws.look import all_looks, look
from runners.chaos.evidence.before_the_fault import EVIDENCE_TYPES
from tests.docs.test_pages import CONFIGURATION, text

# Metrics are read together, and what was replaced is told by what the group did.
OTHERWISE = {"metric", "replaced"}


def test_each_type_looks() -> None:
    assert PROBE_TYPES.keys() == set(get_args(ProbeType)) == all_looks().keys() | OTHERWISE
    assert not all_looks().keys() & OTHERWISE


def test_a_type_is_one_file_of_its_name() -> None:
    files = {info.name.replace("_", "-") for info in pkgutil.iter_modules(looks.__path__)}
    assert files == all_looks().keys()


def test_nothing_looks_in_two_ways() -> None:
    with pytest.raises(ValueError, match="probe type alarm looks in two ways"):
        look("alarm")(lambda _at, _name, _hit: None)


@pytest.mark.parametrize("type_", PROBE_TYPES)
def test_what_a_type_looks_at_is_a_part_of_workloads(type_: ProbeType) -> None:
    kind = PROBE_TYPES[type_]
    assert {part for part in (kind.needs, *kind.parts) if part} <= Workload().held().keys()


def test_what_shows_a_fault_is_what_runners_take_for_evidence() -> None:
    assert {type_ for type_, kind in PROBE_TYPES.items() if kind.shows_fault} == EVIDENCE_TYPES


def test_the_page_names_each_type() -> None:
    told = text(CONFIGURATION).split("Probes and `evidence` are", 1)[1].split("\n\n", 1)[0]
    assert [type_ for type_ in PROBE_TYPES if f"`{type_}`" not in told] == []
