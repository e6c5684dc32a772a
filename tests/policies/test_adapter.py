from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel
from pulumi_policy.policy import _PolicyAnalyzerServicer
from pulumi_policy.proxy import unknown_checking_proxy

from contract.redaction import SECRETS
from contract.targets import Targets
from policies import adapter, tags
from policies.adapter import (
    SENTINELS,
    declared,
    is_left_out,
    is_update,
    plain,
    properties,
    redacted,
    stack_name,
    stacked,
    watch_configuration,
)
from pricing.dynamic_code import HIDDEN, PROVIDER_INPUT, code_of
from pricing.resource import UNKNOWN, Resource
from tests.policies.conftest import SECRET, UNKNOWN_TEXT, Declared, Servicer


@pytest.mark.parametrize("sentinel", sorted(SENTINELS))
def test_every_sentinel_is_unknown_at_any_depth(sentinel: str) -> None:
    props = unknown_checking_proxy({"a": sentinel, "b": {"c": [1.0, sentinel, {"d": sentinel}]}})
    assert properties(props) == {"a": UNKNOWN, "b": {"c": [Decimal(1), UNKNOWN, {"d": UNKNOWN}]}}


def test_there_are_seven_sentinels() -> None:
    assert len(SENTINELS) == 7


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2.0, Decimal(2)),
        (0.1, Decimal("0.1")),
        (1e21, Decimal(10) ** 21),
        (True, True),
        (None, None),
        ("text", "text"),
        (pulumi.StringAsset("hunter2"), "<StringAsset>"),
    ],
)
def test_plain(value: Any, expected: Any) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


def test_internal_properties_are_left_out() -> None:
    assert properties(unknown_checking_proxy({"__provider": "gASV", "table": "t"})) == {"table": "t"}


def test_the_stack_is_named_by_the_urn_without_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_STACK")
    assert stack_name("urn:pulumi:prod::ial::a:b:C::n") == "prod"


def test_secrets_are_never_echoed(pack: Servicer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A secret in a property that a message would quote: the table's name, and a value without a price."""
    file = tmp_path / "report.json"
    monkeypatch.setenv("IAL_PACK_REPORT", str(file))
    secret = {**SECRET, "value": "hunter2"}
    table = Declared("pulumi-python:dynamic/backup:ContinuousBackups", inputs={"table": secret, "enabled": False})
    cluster = Declared("aws:ecs/cluster:Cluster", "c", {"settings": [{"name": "containerInsights", "value": secret}]})
    found = pack.all(table, cluster)
    assert found
    assert not [said for said in found if "hunter2" in said.message]
    assert [said for said in found if "[secret]" in said.message]
    report = file.read_text(encoding="utf-8")
    assert "[secret]" in report
    assert "hunter2" not in report


def test_an_unknown_keeps_a_mandatory_policy_mandatory(pack: Servicer) -> None:
    found = pack.all(Declared("aws:cloudwatch/logGroup:LogGroup", inputs={"retentionInDays": UNKNOWN_TEXT}))
    assert not [said for said in found if "can't run policy" in said.message]
    assert [said.level for said in found if said.policy == "cost-traps"] == [1]


URN = "urn:pulumi:dev::ial::ial:backup:Backup$aws:sns/topic:Topic::it"
TOPIC = "aws:sns/topic:Topic"
PROVIDER = "urn:pulumi:dev::ial::pulumi:providers:aws::p"
THING = Resource(urn=URN, type=TOPIC, name="it", components=("ial:backup:Backup",))


def options(**given: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"parent": "", "protect": False, "aliases": [], "ignore_changes": [], **given})


def provider(**props: Any) -> Any:
    return SimpleNamespace(urn=PROVIDER, props=unknown_checking_proxy(props))


def asked(token: str = TOPIC, *, by: Any = None, **given: Any) -> Any:
    """What the SDK hands to a resource policy."""
    known = {"urn": URN, "resource_type": token, "name": "it", "props": unknown_checking_proxy({}), "provider": by}
    return SimpleNamespace(**known, **{"opts": options(), **given})


def listed(token: str = TOPIC, props: Any = (), *, by: Any = None, **given: Any) -> Any:
    """What the SDK hands to a stack policy."""
    known = {"urn": URN, "resource_type": token, "name": "it", "props": unknown_checking_proxy(dict(props))}
    more = {"provider": by, "parent": None, "dependencies": [], "opts": options()}
    return SimpleNamespace(**(known | more | given))


@pytest.mark.parametrize(
    ("args", "resource"),
    [
        (asked(), THING),
        (asked(opts=options(parent="urn-p")), replace(THING, parent="urn-p")),
        (
            asked(opts=options(protect=True, aliases=["a"], ignore_changes=["tags"])),
            replace(THING, protect=True, aliases=("a",), ignore_changes=("tags",)),
        ),
        (asked(opts=options(protect=None)), THING),
        # Of what has no price and no provider nobody knows that it is no component.
        (asked("acme:web:Site"), replace(THING, type="acme:web:Site", custom=False)),
        (asked("acme:web:Site", by=provider()), replace(THING, type="acme:web:Site")),
        (asked(by=provider(region="eu-west-1")), replace(THING, region="eu-west-1")),
    ],
)
def test_what_a_resource_policy_sees(args: Any, resource: Resource) -> None:
    assert declared(args) == resource


@pytest.mark.parametrize(
    ("found", "resource"),
    [
        (stacked(listed(), None), THING),
        (
            stacked(listed(props={"a": 1.0, "b": UNKNOWN_TEXT}), None),
            replace(THING, properties={"a": Decimal(1), "b": UNKNOWN}),
        ),
        (
            stacked(listed(props={"a": "out", "b": UNKNOWN_TEXT, "c": "held"}), {"a": "in"}),
            replace(THING, properties={"a": "in", "c": "held"}, undeclared=frozenset({"c"})),
        ),
        (stacked(listed(props={"a": "out"}), {"a": UNKNOWN}), replace(THING, properties={"a": UNKNOWN})),
        (
            stacked(listed(props={"a": "out"}), {}),
            replace(THING, properties={"a": "out"}, undeclared=frozenset({"a"})),
        ),
        (stacked(listed(), None, custom=False, read=True), replace(THING, custom=False, external=True)),
        (stacked(listed(parent=SimpleNamespace(urn="urn-p")), None), replace(THING, parent="urn-p")),
        (
            stacked(listed(dependencies=[SimpleNamespace(urn="a"), SimpleNamespace(urn="b")]), None),
            replace(THING, dependencies=("a", "b")),
        ),
        (
            stacked(listed(opts=options(protect=True, aliases=["a"], ignore_changes=["tags"])), None),
            replace(THING, protect=True, aliases=("a",), ignore_changes=("tags",)),
        ),
        (stacked(listed(by=provider(region="eu-west-1")), None), replace(THING, region="eu-west-1")),
    ],
)
def test_what_a_stack_policy_sees(found: Resource, resource: Resource) -> None:
    assert found == resource


DYNAMIC = "pulumi-python:dynamic/backup:ContinuousBackups"


@pytest.mark.parametrize("wrapped", [True, False])
def test_the_code_of_a_dynamic_resource(wrapped: bool) -> None:
    def code(token: str, **props: Any) -> str:
        return declared(asked(token) if not props else given(token, props)).code

    def given(token: str, props: dict[str, Any]) -> Any:
        args = asked(token)
        args.props = unknown_checking_proxy(props) if wrapped else props
        return args

    assert code(DYNAMIC, table="t") == HIDDEN
    assert code(TOPIC, table="t") == ""
    assert code(DYNAMIC, **{PROVIDER_INPUT: "gASV"}) == code_of(DYNAMIC, {PROVIDER_INPUT: "gASV"}) != HIDDEN
    assert code(DYNAMIC, **{PROVIDER_INPUT: "gASV"}) != code(DYNAMIC, **{PROVIDER_INPUT: "gASW"})


@pytest.mark.parametrize(
    ("targets", "props", "left_out"),
    [
        (Targets(("**::other",)), {}, True),
        (Targets(("**::other",)), {"__internal": "x"}, True),
        (Targets(("**::other",)), {"name": "x"}, False),
        (Targets(("**::it",)), {}, False),
        (Targets(), {}, False),
    ],
)
def test_what_an_update_leaves_out(
    monkeypatch: pytest.MonkeyPatch, targets: Targets, props: dict[str, str], left_out: bool
) -> None:
    for name, value in targets.environment().items():
        monkeypatch.setenv(name, value)
    assert is_left_out(URN, unknown_checking_proxy(props)) is left_out


@pytest.mark.parametrize(
    ("said", "known"), [("false", True), ("true", False), ("", False), ("False", False), (None, False)]
)
def test_whether_resources_are_being_made(monkeypatch: pytest.MonkeyPatch, said: str | None, known: bool) -> None:
    monkeypatch.delenv("PULUMI_DRY_RUN", raising=False)
    if said is not None:
        monkeypatch.setenv("PULUMI_DRY_RUN", said)
    assert is_update() is known


def test_the_engine_s_name_of_the_stack_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_STACK", "staging")
    assert stack_name("urn:pulumi:prod::ial::a:b:C::n") == "staging"
    monkeypatch.setenv("PULUMI_STACK", "")
    assert stack_name("urn:pulumi:prod::ial::a:b:C::n") == "prod"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("0.1"), "<Decimal>"),
        (12.5, Decimal("12.5")),
        (100.0, Decimal(100)),
        (3, Decimal(3)),
        (False, False),
        ((1, "a"), [Decimal(1), "a"]),
        ({"a": None, "__b": 1, 3: [True]}, {"a": None, "3": [True]}),
    ],
)
def test_plain_values(value: Any, expected: Any) -> None:
    assert plain(value) == expected


def test_what_is_no_mapping_has_no_properties() -> None:
    nones: list[Any] = [None, [], "text", UNKNOWN_TEXT]
    for none in nones:
        assert properties(none) == {}


@pytest.fixture
def noted() -> Iterator[Callable[[Any], set[str]]]:
    """Which of the values are secret afterwards, by what is redacted."""
    SECRETS.clear()
    yield lambda values: {value for value in values if redacted(f"<{value}>") != f"<{value}>"}
    SECRETS.clear()


def test_which_values_are_secret(noted: Callable[[Any], set[str]]) -> None:
    def secret(value: Any) -> dict[str, Any]:
        return {**SECRET, "value": value}

    props = {
        "plain": "open-1",
        "list": ["open-2", secret("hidden-1")],
        "object": {"a": secret({"b": ["hidden-2", {"c": "hidden-3"}], "n": 5}), "d": "open-3"},
        "asset": {next(iter(SECRET)): "another kind", "text": "open-4"},
        "unknown": secret(UNKNOWN_TEXT),
    }
    adapter._note_secrets(props, secret=False)
    known = {f"{kind}-{number}" for kind in ("open", "hidden") for number in (1, 2, 3, 4)}
    assert noted({*known, UNKNOWN_TEXT, *SECRET, *SECRET.values()}) == {"hidden-1", "hidden-2", "hidden-3"}


def test_the_levels_that_a_pack_is_given(monkeypatch: pytest.MonkeyPatch, pack: Servicer) -> None:
    del pack
    asked_for: list[Any] = []
    monkeypatch.setattr(_PolicyAnalyzerServicer, "Configure", lambda *_: "answered")
    watch_configuration(lambda levels: asked_for.append(dict(levels)))
    servicer: Any = _PolicyAnalyzerServicer
    some = servicer("ial", "0.0.1", tags.policies(), EnforcementLevel.MANDATORY)
    request = analyzer_pb2.ConfigureAnalyzerRequest()
    request.policyConfig["one"].enforcementLevel = analyzer_pb2.MANDATORY
    request.policyConfig["two"].enforcementLevel = analyzer_pb2.ADVISORY
    assert some.Configure(request, None) == "answered"
    assert asked_for == [{"one": "mandatory", "two": "advisory"}]
