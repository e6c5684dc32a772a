from __future__ import annotations

from decimal import Decimal

import pytest

from pricing.resource import UNKNOWN, Graph, Plain, Resource, component_chain, is_engines_own, urn_name, urn_type

CHAIN = "ial:observability:Observability$ial:observability:Dashboard$aws:cloudwatch/dashboard:Dashboard"
URN = f"urn:pulumi:dev::ial::{CHAIN}::main::x"


def test_a_urn_gives_chain_type_and_name() -> None:
    assert component_chain(URN) == ("ial:observability:Observability", "ial:observability:Dashboard")
    assert urn_type(URN) == "aws:cloudwatch/dashboard:Dashboard"
    assert urn_name(URN) == "main::x"
    assert component_chain("urn:pulumi:dev::ial::aws:s3/bucket:Bucket::b") == ()
    assert urn_type("nonsense") == ""


@pytest.mark.parametrize(
    ("components", "capability"),
    [
        (("ial:backup:Backup", "ial:backup:Plan"), "backup"),
        (("team:index:Web", "ial:chaos:Chaos"), "chaos"),
        (("team:index:Web",), "other"),
        ((), "other"),
    ],
)
def test_the_outermost_component_of_ours_names_the_capability(components: tuple[str, ...], capability: str) -> None:
    assert Resource(urn=URN, type="aws:s3/bucket:Bucket", name="b", components=components).capability == capability


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.b", Decimal(1)),
        ("a.gone", "default"),
        ("list.1.k", "v"),
        ("list.7", "default"),
        ("hidden", UNKNOWN),
        ("hidden.below", UNKNOWN),
        ("a.b.c", "default"),
        ("nothing", "default"),
    ],
)
def test_a_path_reads_through_maps_and_lists_and_stops_at_an_unknown(path: str, value: Plain) -> None:
    properties: dict[str, Plain] = {
        "a": {"b": Decimal(1)},
        "list": ["x", {"k": "v"}],
        "hidden": UNKNOWN,
        "nothing": None,
    }
    assert Resource(urn=URN, type="t", name="n", properties=properties).get(path, "default") == value


def test_a_graph_finds_by_urn_and_type_in_order() -> None:
    first, second = (Resource(urn=f"u::{n}", type="t", name=n) for n in "ab")
    graph = Graph([first, second])
    assert graph.find("u::a") is first
    assert graph.find("u::c") is None
    assert graph.of_type("t", "other") == [first, second]
    assert list(graph) == [first, second]
    assert len(graph) == 2


@pytest.mark.parametrize(
    ("own", "default", "tags"),
    [
        (None, None, None),
        ({"a": "1"}, None, {"a": "1"}),
        (None, {"a": "2"}, {"a": "2"}),
        ({"a": "1"}, {"a": "2", "b": "3"}, {"a": "1", "b": "3"}),
        (UNKNOWN, {"a": "2"}, UNKNOWN),
        (None, UNKNOWN, UNKNOWN),
        ({"a": "1"}, UNKNOWN, {"a": "1"}),
    ],
)
def test_tags_are_the_resource_s_own_over_its_provider_s(own: Plain, default: Plain, tags: Plain) -> None:
    made = Resource(urn=URN, type="t", name="n", properties={"tags": own}, default_tags=default)
    assert made.tags == tags


@pytest.mark.parametrize(
    ("token", "own"),
    [
        ("pulumi:pulumi:Stack", True),
        ("pulumi:providers:aws", True),
        ("aws:s3/bucket:Bucket", False),
        ("ial:backup:Backup", False),
    ],
)
def test_what_the_engine_manages_itself(token: str, own: bool) -> None:
    assert is_engines_own(token) is own
