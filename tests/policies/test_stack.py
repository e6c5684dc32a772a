"""Components of others: they are told from resources by their providers, where providers are shown at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2

from contract.targets import Targets
from policies import environments
from policies.memory import MEMORY
from policies.stack import Stack, stack_of
from pricing.resource import Resource
from tests.policies.conftest import AS_OF, TAGS, Declared, Servicer, made, struct_of
from tests.policies.test_adapter import listed, provider

COMPONENT = Declared("acme:web:Site", "site")
OWN = Declared("ial:observability:Observability", "observability")
ROLE = Declared("aws:iam/role:Role", "role", {"tags": TAGS})
PROVIDER = "pulumi:providers:aws"


def unpriced(pack: Servicer, listed: list[Declared], with_provider: list[Declared]) -> list[str]:
    entries = [declared.in_stack() for declared in listed]
    for entry in entries:
        if entry.urn in {declared.urn for declared in with_provider}:
            entry.provider.type, entry.provider.name = PROVIDER, "p"
            entry.provider.urn = f"urn:pulumi:dev::ial::{PROVIDER}::p"
            entry.provider.properties.CopyFrom(struct_of({"region": "us-east-1"}))
    request = analyzer_pb2.AnalyzeStackRequest(resources=entries)
    said = pack.analyzer(analyzer_pb2.AnalyzeStackRequest, request)
    return [held.urn for held in said.diagnostics if held.policyName == "every-resource-priced"]


@pytest.mark.parametrize(
    ("with_provider", "refused"),
    [
        ([ROLE], []),
        # Nobody shows a provider: it may be a resource, and what has no price is refused.
        ([], [COMPONENT]),
        ([ROLE, COMPONENT], [COMPONENT]),
    ],
)
def test_a_component_is_what_has_no_provider_where_others_have_one(
    pack: Servicer, with_provider: list[Declared], refused: list[Declared]
) -> None:
    listed = [OWN, COMPONENT, ROLE]
    assert unpriced(pack, listed, with_provider) == [held.urn for held in refused]


def test_what_nobody_has_seen_and_has_no_price_is_refused_for_its_price_alone(pack: Servicer) -> None:
    said = pack.stack(Declared("aws:acme/thing:Thing", "thing"), ROLE)
    assert {held.policy for held in said if held.urn.endswith("::thing")} == {"every-resource-priced"}


def test_a_component_costs_nothing_by_itself(pack: Servicer) -> None:
    assert pack.resource(COMPONENT) == []
    assert pack.stack(COMPONENT, OWN, ROLE) == pack.stack(COMPONENT, ROLE)


NOBODY, DISPLAYED = Targets(("**::nobody",)), "aws:cloudwatch/dashboard:Dashboard"


def stacked(*entries: Any) -> Stack:
    return stack_of(entries, "dev")


def test_what_the_engine_analysed_before_is_declared_and_the_rest_is_read() -> None:
    seen, read = listed(urn="urn-seen", props={"a": "out"}), listed(urn="urn-read", props={"a": "out"})
    MEMORY.keep(made("aws:sns/topic:Topic", {"b": "in"}))
    assert [resource.external for resource in stacked(seen, read).resources] == [True, True]
    MEMORY.clear()
    # Where nothing was analysed, nothing can be told apart.
    assert [resource.external for resource in stacked(seen, read).resources] == [False, False]
    MEMORY.keep(Resource(urn="urn-seen", type="aws:sns/topic:Topic", name="it", properties={"b": "in"}))
    first, second = stacked(seen, read).resources
    assert (first.external, first.properties, first.undeclared) == (False, {"a": "out", "b": "in"}, frozenset({"a"}))
    assert (second.external, second.properties, second.undeclared) == (True, {"a": "out"}, frozenset())


def test_what_nobody_has_seen_counts_where_it_costs_money() -> None:
    board, role = listed(DISPLAYED, urn="urn-board"), listed("aws:iam/role:Role", urn="urn-role")
    foreign, component = listed("acme:index:Thing", urn="urn-foreign"), listed("ial:a:B", urn="urn-component")
    entries = (board, role, foreign, component)
    assert [resource.urn for resource in stacked(*entries).unseen] == ["urn-board"]
    # Somebody was listened to: what was not analysed is read, and costs its owner.
    MEMORY.keep(Resource(urn="urn-role", type="aws:iam/role:Role", name="it"))
    assert stacked(*entries).unseen == ()


@pytest.mark.parametrize(
    ("token", "own_provider", "other_provider", "custom"),
    [
        ("acme:web:Site", False, True, False),
        ("acme:web:Site", False, False, True),
        ("acme:web:Site", True, False, True),
        ("acme:web:Site", True, True, True),
        ("ial:backup:Backup", False, False, False),
        ("ial:backup:Backup", True, True, True),
        ("pulumi:pulumi:Stack", False, True, False),
        ("pulumi:pulumi:Stack", True, True, False),
        ("pulumi:providers:aws", False, True, True),
        ("pulumi:pulumi:StackReference", False, False, True),
    ],
)
def test_what_is_custom(token: str, own_provider: bool, other_provider: bool, custom: bool) -> None:
    one = listed(token, urn="urn-one", by=provider() if own_provider else None)
    other = listed(urn="urn-other", by=provider() if other_provider else None)
    first, _ = stacked(one, other).resources
    assert first.custom is custom


def test_what_an_update_leaves_out_is_not_in_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NOBODY.environment().items():
        monkeypatch.setenv(name, value)
    hidden, shown = listed(urn="urn-hidden"), listed(urn="urn-shown", props={"a": "b"})
    assert [resource.urn for resource in stacked(hidden, shown).resources] == ["urn-shown"]
    MEMORY.keep(Resource(urn="urn-hidden", type="aws:sns/topic:Topic", name="it"))
    assert [resource.urn for resource in stacked(hidden, shown).resources] == ["urn-hidden", "urn-shown"]
    # What is left out shows nobody's provider either.
    by = listed(urn="urn-by", by=provider())
    assert [resource.custom for resource in stacked(listed("acme:web:Site", {"a": "b"}), by).resources] == [True]


def test_a_stack_is_judged_by_the_environment_that_its_urns_name(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PULUMI_STACK")
    text = (surroundings / "dev.yaml").read_text(encoding="utf-8")
    (surroundings / "prod.yaml").write_text(text, encoding="utf-8")
    topic = made("aws:sns/topic:Topic", {})
    prod, dev = replace(topic, urn=topic.urn.replace(":dev:", ":prod:")), topic
    assert Stack((prod, dev)).terms.environment == "prod"
    assert Stack((dev, prod)).terms.environment == "dev"
    assert Stack((dev,), "prod").terms.environment == "prod"
    monkeypatch.setenv("PULUMI_STACK", "dev")
    assert Stack(()).terms.environment == "dev"
    assert Stack(()).estimate.resources == ()


def test_the_terms_are_what_a_stack_is_priced_by(surroundings: Path) -> None:
    said = "freeTypes: [{type: 'acme:index:Thing', why: w, source: s, until: 2026-12-31}]\n"
    with (surroundings / "dev.yaml").open("a", encoding="utf-8") as file:
        file.write(said)
    environments._terms.cache_clear()
    found = Stack((made("acme:index:Thing", {}),)).estimate
    assert (found.problems, found.account, found.region) == ((), "123456789012", "us-east-1")
    assert found.as_of.isoformat() == AS_OF
