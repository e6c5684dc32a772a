"""The types that policies look for exist: one that is misspelt would be looked for in vain, and refuse nothing."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from typing import Any

import policies
from policies.tags import REQUIRED, TAGGABLE
from pricing.registry import rule_for
from tests.policies.conftest import Declared, Servicer


def types_in(value: Any) -> Iterator[str]:
    """Type tokens in a module's tables: a key such as `aws:SourceArn`, or an action of FIS, has no such slash."""
    if isinstance(value, str) and re.match(r"aws:[\w-]+/", value):
        yield value
    elif isinstance(value, Mapping):
        yield from types_in([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from types_in(inner)


def test_every_type_that_a_policy_names_has_a_price_or_a_reason_to_have_none() -> None:
    """The price rules, which a test compares with the provider, know every type there is."""
    found = {
        (info.name, token)
        for info in pkgutil.iter_modules(policies.__path__)
        if info.name != "__main__"
        for value in vars(importlib.import_module(f"policies.{info.name}")).values()
        for token in types_in(value)
    }
    assert {name for name, _ in found} >= {"alarms", "chaos_roles", "cost_traps", "data", "schedules", "tags"}
    assert {(name, token) for name, token in found if rule_for(token) is None} == set()


def test_every_taggable_type_needs_its_tags(pack: Servicer) -> None:
    for token in sorted(TAGGABLE):
        found = [said for said in pack.resource(Declared(token)) if said.policy == "tags-present"]
        assert [f"no tag {', '.join(REQUIRED)}" in said.message for said in found] == [True], token
