"""Which type token costs what: every type is priced, priced by usage, free, or billed through its parent."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from pricing.billing import Billing
from pricing.dynamic_code import is_dynamic, is_known
from pricing.line_item import LineItem
from pricing.price_book import PriceBook
from pricing.quantity import Quantity
from pricing.resource import Graph, Resource
from pricing.usage import Usage

Rule = Callable[[Billing], Iterable[LineItem]]


class Classification(StrEnum):
    """How a resource type is billed."""

    PRICED = "priced"
    USAGE_PRICED = "usage-priced"
    FREE = "free"
    BILLED_BY_PARENT = "billed-by-parent"
    DECLARED_FREE = "declared-free"
    DECLARED_COST = "declared-cost"
    UNCLASSIFIED = "unclassified"


@dataclass(frozen=True, kw_only=True)
class UsageKey:
    """A usage that a rule asks for. `default` is used when nothing is declared; None means it must be declared."""

    name: str
    unit: str
    meaning: str
    default: str | None = None


@dataclass(frozen=True, kw_only=True)
class PriceRule:
    """The entry of one type token: its classification, its rule, and why it is free if it is."""

    type: str
    classification: Classification
    rule: Rule | None = None
    usage: tuple[UsageKey, ...] = ()
    why: str = ""
    source: str = ""

    def billing(
        self, resource: Resource, graph: Graph, usage: Usage, book: PriceBook, *, region: str, as_of: date
    ) -> Billing:
        """What the rule is given for a resource: the usage keys that need not be declared have what is assumed."""
        return Billing(
            resource=resource,
            graph=graph,
            usage=usage,
            book=book,
            default_region=region,
            as_of=as_of,
            unit_of=unit_of,
            defaults={key.name: Quantity.exact(key.default) for key in self.usage if key.default is not None},
        )


_rules: dict[str, PriceRule] = {}


def priced(*types: str, usage: Iterable[UsageKey] = (), by_usage: bool = False) -> Callable[[Rule], Rule]:
    """Registers a rule for type tokens; `by_usage` when nothing is billed without declared usage."""
    kind = Classification.USAGE_PRICED if by_usage else Classification.PRICED

    def register(rule: Rule) -> Rule:
        for token in types:
            _add(PriceRule(type=token, classification=kind, rule=rule, usage=tuple(usage)))
        return rule

    return register


def free(*types: str, why: str, source: str) -> None:
    """Registers types that AWS does not charge for, with the reason and where it says so."""
    for token in types:
        _add(PriceRule(type=token, classification=Classification.FREE, why=why, source=source))


def through_parent(*types: str, why: str, source: str) -> None:
    """Registers types whose cost appears on another resource's lines."""
    for token in types:
        _add(PriceRule(type=token, classification=Classification.BILLED_BY_PARENT, why=why, source=source))


def _add(entry: PriceRule) -> None:
    if entry.type in _rules:
        msg = f"{entry.type} is classified twice"
        raise ValueError(msg)
    _rules[entry.type] = entry


def rule_for(type_token: str) -> PriceRule | None:
    """The entry of a type token; None when the type is unclassified."""
    _load_rules()
    return _rules.get(type_token)


def rule_of(resource: Resource) -> PriceRule | None:
    """The entry of a resource; None also for a dynamic resource whose code is not this repository's own.

    Such a resource may do anything under any type token.
    """
    if is_dynamic(resource.type) and not is_known(resource.type, resource.code):
        return None
    return rule_for(resource.type)


def all_rules() -> Iterator[PriceRule]:
    """Every entry, sorted by type token."""
    _load_rules()
    return iter(sorted(_rules.values(), key=lambda entry: entry.type))


def usage_keys() -> dict[str, dict[str, str]]:
    """The usage keys of every type that has a rule, each with its unit."""
    return {entry.type: {key.name: key.unit for key in entry.usage} for entry in all_rules() if entry.rule}


@lru_cache(maxsize=1024)
def unit_of(type_token: str, key: str) -> str | None:
    """The unit of a usage key: as the type's own rule asks for it, else as other rules do that read it there."""
    keys = usage_keys()
    if key in keys.get(type_token, {}):
        return keys[type_token][key]
    units = {units[key] for units in keys.values() if key in units}
    return units.pop() if len(units) == 1 else None


@lru_cache(maxsize=1)
def _load_rules() -> None:
    package = importlib.import_module("pricing.rules")
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"pricing.rules.{module}")
