from __future__ import annotations

from decimal import Decimal

import pytest

from pricing.resource import UNKNOWN, Graph, Kind, Plain, Resource, component_chain, is_engines_own, urn_name, urn_type

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


@pytest.mark.parametrize(
    ("token", "custom", "external", "kind"),
    [
        ("aws:s3/bucket:Bucket", True, False, Kind.CUSTOM),
        ("aws:s3/bucket:Bucket", True, True, Kind.READ),
        ("aws:s3/bucket:Bucket", False, True, Kind.COMPONENT),
        ("pulumi:pulumi:Stack", False, True, Kind.ENGINE),
        ("pulumi:index:Stash", True, False, Kind.ENGINE),
        ("pulumi:index:Other", True, False, Kind.CUSTOM),
    ],
)
def test_what_a_resource_is_to_a_bill(token: str, custom: bool, external: bool, kind: Kind) -> None:
    made = Resource(urn=URN, type=token, name="n", custom=custom, external=external)
    assert (made.kind, made.is_cloud) == (kind, kind is Kind.CUSTOM)


def test_a_graph_keeps_what_is_only_read_apart_and_the_last_of_a_urn() -> None:
    read = Resource(urn="u::r", type="t", name="r", external=True)
    first, second = Resource(urn="u::a", type="t", name="a"), Resource(urn="u::a", type="t", name="b")
    graph = Graph({"r": read, "x": first, "y": second})
    assert (graph.read, list(graph), graph.of_type("t"), graph.find("u::r")) == ((read,), [second], [second], None)


def test_an_index_is_a_place_in_a_list() -> None:
    held: dict[str, Plain] = {"list": ["a", "b"], "map": {"0": "c"}}
    made = Resource(urn=URN, type="t", name="n", properties=held)
    found = [made.get(path) for path in ("list.0", "list.1", "list.2", "list.x", "map.0", "list.-1")]
    assert found == ["a", "b", None, None, "c", None]


def test_a_urn_of_three_parts_has_no_type() -> None:
    assert (component_chain("a::b::c$d"), urn_type("a::b::c$d"), urn_name("a::b::c")) == ((), "", "")
    assert urn_type("a::b::c$d::e") == "d"
    assert component_chain("a::b::c$d::e") == ("c",)


def test_what_nobody_says_of_a_resource() -> None:
    bare = Resource(urn=URN, type="t", name="n")
    said = {name: value for name, value in vars(bare).items() if value not in (None, "", (), {}, frozenset(), False)}
    assert said == {"urn": URN, "type": "t", "name": "n", "custom": True}
    assert Resource(urn=URN, type="t", name="n", default_tags="x").tags is UNKNOWN
