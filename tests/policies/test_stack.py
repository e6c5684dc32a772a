"""Components of others: they are told from resources by their providers, where providers are shown at all."""

from __future__ import annotations

import pytest
from pulumi.runtime.proto import analyzer_pb2

from tests.policies.conftest import TAGS, Declared, Servicer, struct_of

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
