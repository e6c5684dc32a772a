from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from policies.memory import Finding, Memory
from pricing.resource import Resource


def test_nothing_is_lost_between_threads() -> None:
    memory = Memory()

    def work(number: int) -> None:
        memory.keep(Resource(urn=f"urn-{number}", type="t", name="n"))
        memory.note("p", "mandatory", Finding(f"m-{number}"))
        memory.fail("the same")
        memory.declared()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(200)))
    assert (len(memory.declared()), len(memory.said()), memory.failures()) == (200, 200, ["the same"])


def test_the_last_inputs_of_a_resource_count() -> None:
    memory = Memory()
    for text in ("old", "new"):
        memory.keep(Resource(urn="u", type="t", name="n", properties={"a": text}))
    assert memory.declared()["u"].properties == {"a": "new"}


def test_whoever_configures_the_pack_begins_anew() -> None:
    memory = Memory()
    memory.keep(Resource(urn="u", type="t", name="n"))
    memory.note("p", "mandatory", Finding("m"))
    memory.fail("f")
    memory.begin({"p": "advisory"})
    assert (memory.declared(), memory.said(), memory.failures()) == ({}, [], [])
    assert memory.levels() == {"p": "advisory"}
    memory.begin({})
    assert memory.levels() == {}
