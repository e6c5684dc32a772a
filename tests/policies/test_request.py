"""What one request costs: counted in reads and estimates, not in seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import Policy, ResourceValidationPolicy

from policies import stack
from policies.memory import MEMORY
from policies.request import once
from pricing import usage
from pricing.resource import Graph, Resource
from tests.policies.conftest import TAGS, Declared, Servicer, local_servicer, struct_of

QUEUE = "aws:sqs/queue:Queue"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], list[object]]:
    """Counts the calls of a function of a module."""

    def count(module: Any, name: str) -> list[object]:
        calls: list[object] = []
        original = getattr(module, name)

        def counting(*args: Any, **named: Any) -> Any:
            calls.append(args)
            return original(*args, **named)

        monkeypatch.setattr(module, name, counting)
        return calls

    return count


def queues(number: int) -> list[Declared]:
    return [Declared(QUEUE, f"queue-{i}", {"tags": TAGS}) for i in range(number)]


@pytest.mark.parametrize("number", [1, 7])
def test_properties_are_read_once_for_all_policies(
    number: int, counted: Callable[[Any, str], list[object]], pack: Servicer
) -> None:
    reads = counted(json_format, "MessageToDict")
    for declared in queues(number):
        pack.resource(declared)
    assert len(reads) == number
    pack.stack(*queues(number))
    assert len(reads) == 2 * number


def test_a_provider_is_read_once_for_all_resources_of_a_stack(
    counted: Callable[[Any, str], list[object]], pack: Servicer
) -> None:
    provider = analyzer_pb2.AnalyzerProviderResource(
        type="pulumi:providers:aws", urn="urn:pulumi:dev::ial::pulumi:providers:aws::p", name="p"
    )
    provider.properties.CopyFrom(struct_of({"region": "us-east-1"}))
    listed = [declared.in_stack() for declared in queues(5)]
    for entry in listed:
        entry.provider.CopyFrom(provider)
    reads = counted(json_format, "MessageToDict")
    pack.analyzer(analyzer_pb2.AnalyzeStackRequest, analyzer_pb2.AnalyzeStackRequest(resources=listed))
    assert len(reads) == 5 + 1


def test_a_stack_is_priced_once_for_all_policies(counted: Callable[[Any, str], list[object]], pack: Servicer) -> None:
    estimates = counted(stack, "estimate")
    pack.stack(*queues(3))
    assert len(estimates) == 1
    pack.stack(*queues(4))
    assert len(estimates) == 2


def test_usage_is_read_once_for_all_resources(counted: Callable[[Any, str], list[object]], pack: Servicer) -> None:
    reads = counted(usage, "_entries")
    pack.resource(queues(1)[0])
    first = len(reads)
    for declared in queues(9):
        pack.resource(declared)
    assert len(reads) == first > 0


def test_resources_seen_before_are_not_gone_through_again_for_the_next_one(
    monkeypatch: pytest.MonkeyPatch, pack: Servicer
) -> None:
    added: list[object] = []
    original = Graph.add

    def add(graph: Graph, resource: Resource) -> None:
        added.append(resource)
        original(graph, resource)

    monkeypatch.setattr(Graph, "add", add)
    for declared in queues(20):
        pack.resource(declared)
    assert len(added) == 20
    assert len(MEMORY.declared()) == 20


def test_a_resource_that_nobody_kept_is_priced_beside_those_seen() -> None:
    kept, other = (declared.request() for declared in queues(2))
    resources = [Resource(urn=request.urn, type=QUEUE, name=request.name) for request in (kept, other)]
    MEMORY.keep(resources[0])
    assert MEMORY.graph_with(resources[0]) is MEMORY.graph_with(resources[0])
    assert [r.urn for r in MEMORY.graph_with(resources[1])] == [kept.urn, other.urn]
    assert [r.urn for r in MEMORY.graph_with(resources[0])] == [kept.urn]


def test_nothing_of_a_request_is_left_for_the_next_one(pack: Servicer) -> None:
    del pack
    seen: list[object] = []

    def look(args: Any, report: Any) -> None:
        del report
        seen.append((once("it", object), once("it", object), args.props["name"]))

    twice: list[Policy] = [
        ResourceValidationPolicy(name=name, description=".", validate=look) for name in ("first", "second")
    ]
    asked = local_servicer(twice)
    for text in ("one", "two"):
        asked.resource(Declared(QUEUE, "q", {"name": text}))
    made: list[Any] = [entry[0] for entry in seen]  # type: ignore[index]
    assert made[0] is made[1] is not made[2]
    assert made[2] is made[3]
    assert [entry[2] for entry in seen] == ["one", "one", "two", "two"]  # type: ignore[index]
    assert once("it", object) is not once("it", object)


def test_reading_ahead_fails_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    from policies import pack

    def broken() -> None:
        raise OSError

    read: list[str] = []
    monkeypatch.setattr(pack, "known_code", broken)
    monkeypatch.setattr(pack, "catalogue", lambda: read.append("catalogue"))
    pack._read_ahead()
    assert read == ["catalogue"]
