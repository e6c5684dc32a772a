"""Every input of every classified type is read, known free, or refused: held against the installed provider."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from pricing.estimate import estimate
from pricing.inputs import ANYWHERE, FOLDER, Input, faults, inputs_of
from pricing.price_book import PriceBook
from pricing.registry import all_rules
from pricing.resource import UNKNOWN, Graph, Plain, Resource
from pricing.usage import Usage
from tests.pricing.rules import provider_schema
from tests.pricing.rules.provider_schema import Schema
from tests.pricing.rules.read_scenarios import SCENARIOS

AWS = [entry for entry in all_rules() if entry.type.startswith("aws:")]
# Names that the provider gave its types earlier, or that it has dropped: states still hold them.
NOT_IN_PROVIDER = 22


def unset(node: Input, schema: Schema, path: str = "") -> Iterator[str]:
    """Inputs of the provider that are in none of the sets."""
    for name, nested in schema.items():
        where = f"{path}.{name}" if path else name
        known = node.inside.get(name, Input())
        if known.is_known or (not path and name in ANYWHERE):
            continue
        if known.inside and nested:
            yield from unset(known, nested, where)
        else:
            yield where


def gone(node: Input, schema: Schema, path: str = "") -> Iterator[str]:
    """Inputs that are declared and that the provider does not take, and those that are in two sets."""
    for name, known in node.inside.items():
        where = f"{path}.{name}" if path else name
        sets = [known.read, known.free is not None, bool(known.refused)]
        if name not in schema or sum(sets) > 1 or (known.is_known and known.inside):
            yield where
        else:
            yield from gone(known, schema[name], where)


@pytest.mark.parametrize("entry", AWS, ids=lambda entry: entry.type)
def test_every_input_of_the_provider_is_read_or_free_or_refused(entry: Any) -> None:
    declared, schema = inputs_of(entry.type), provider_schema.inputs_of(entry.type)

    assert declared is not None, "declare its inputs in pricing/rules/inputs"
    if schema is not None and not declared.anything:
        assert list(unset(declared.root, schema)) == []
        assert list(gone(declared.root, schema)) == []


def test_only_old_names_are_unknown_to_the_provider() -> None:
    assert sum(provider_schema.inputs_of(entry.type) is None for entry in AWS) == NOT_IN_PROVIDER


def test_a_new_input_of_the_provider_is_noticed() -> None:
    declared = inputs_of("aws:ecs/service:Service")
    schema = provider_schema.inputs_of("aws:ecs/service:Service")
    assert declared is not None
    assert schema is not None
    newer = {**schema, "warmTasks": {}, "networkConfiguration": {**schema["networkConfiguration"], "gateway": {}}}

    assert list(unset(declared.root, newer)) == ["networkConfiguration.gateway", "warmTasks"]


def test_what_is_declared_belongs_to_a_classified_type() -> None:
    classified = {entry.type for entry in AWS}
    for path in FOLDER.glob("*.json"):
        for token in json.loads(path.read_text()):
            assert token in classified


def free_of(entry: Any) -> Iterator[str]:
    def walk(node: Input) -> Iterator[str]:
        if node.free is not None:
            yield node.free
        for part in node.inside.values():
            yield from walk(part)

    declared = inputs_of(entry.type)
    assert declared is not None
    yield from walk(declared.root)


@pytest.mark.parametrize("entry", AWS, ids=lambda entry: entry.type)
def test_what_is_free_says_why(entry: Any) -> None:
    assert all(why or entry.why for why in free_of(entry))


def refused_of(token: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    def walk(node: Input, path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        if node.refused:
            yield path, node.refused
        for name, part in node.inside.items():
            yield from walk(part, f"{path}.{name}" if path else name)

    declared = inputs_of(token)
    assert declared is not None
    yield from walk(declared.root, "")


REFUSED = [(entry.type, path, refused) for entry in AWS for path, refused in refused_of(entry.type)]


def holding(token: str, path: str, value: Plain) -> Resource:
    for step in reversed(path.split(".")):
        value = {step: value}
    assert isinstance(value, dict)
    return Resource(urn=f"urn:pulumi:dev::ial::{token}::it", type=token, name="it", properties=value)


@pytest.mark.parametrize(("token", "path", "refused"), REFUSED, ids=lambda value: str(value)[:60])
def test_what_bills_and_has_no_price_is_refused_when_set(token: str, path: str, refused: tuple[str, ...]) -> None:
    why, *accepted = refused

    values: tuple[Plain, ...] = ("other", True, [{"a": "b"}])
    for value in values:
        ((code, message),) = faults(holding(token, path, value))
        assert code == "unpriceable"
        assert f"`{path}`" in message
        assert why in message
    ((code, message),) = faults(holding(token, path, UNKNOWN))
    assert code == "unbounded-unknown"
    harmless: tuple[Plain, ...] = (None, False, [], *accepted)
    for value in harmless:
        assert list(faults(holding(token, path, value))) == []


@pytest.mark.parametrize(
    ("token", "properties", "named"),
    [
        ("aws:sqs/queue:Queue", {"turbo": True}, "`turbo` of type aws:sqs/queue:Queue"),
        ("aws:iam/role:Role", {"goldPlated": "yes"}, "`goldPlated`"),
        ("aws:ecs/service:Service", {"networkConfiguration": [{"gateway": UNKNOWN}]}, "`networkConfiguration.gateway`"),
    ],
)
def test_what_nobody_knows_is_refused_by_name(token: str, properties: dict[str, Plain], named: str) -> None:
    resource = Resource(urn="urn", type=token, name="it", properties=properties)
    ((code, message),) = faults(resource)

    assert code == "unknown-property"
    assert named in message


@pytest.mark.parametrize(
    ("token", "properties"),
    [
        ("aws:sqs/queue:Queue", {"turbo": None, "tags": {"a": "b"}, "__defaults": [], "region": UNKNOWN}),
        ("aws:ecs/service:Service", {"networkConfiguration": UNKNOWN, "name": UNKNOWN}),
        ("random:index/randomId:RandomId", {"turbo": True}),
    ],
)
def test_what_is_absent_or_common_is_not_refused(token: str, properties: dict[str, Plain]) -> None:
    assert list(faults(Resource(urn="urn", type=token, name="it", properties=properties))) == []


def test_what_only_the_state_has_is_no_input() -> None:
    resource = Resource(urn="urn", type="aws:sqs/queue:Queue", name="it", properties={"arn": "arn:aws:sqs:1"})

    assert [code for code, _ in faults(resource)] == ["unknown-property"]
    answered = Resource(**{**vars(resource), "undeclared": frozenset({"arn"})})
    assert list(faults(answered)) == []


BORROWED = {
    # The settings of instances stand in templates, and are read as those of what is made from them.
    "aws:ec2/launchTemplate:LaunchTemplate": ("aws:autoscaling/group:Group", "aws:ec2/instance:Instance"),
    "aws:ec2/launchConfiguration:LaunchConfiguration": ("aws:autoscaling/group:Group",),
}
# A type with two names has one entry, and is looked at once, under the name that sorts last: the present one.
READING = list({id(known): entry for entry in AWS if (known := inputs_of(entry.type)) and known.read}.values())
BOOK = PriceBook.load()
TODAY = date(2026, 11, 25)


def priced(resources: list[Resource], entry: Any = None) -> None:
    for usage in ({}, {entry.type: {key.name: 1 for key in entry.usage}} if entry and entry.usage else {}):
        declared = Usage.from_mapping({"types": usage}, "usage.yaml")
        estimate(Graph(resources), declared, BOOK, region="us-east-1", today=TODAY)


def single(entry: Any) -> Iterator[list[Resource]]:
    """The type with nothing set, and with each input that its rule reads unknown, empty, or odd."""
    known = inputs_of(entry.type)
    assert known is not None
    yield [Resource(urn="urn", type=entry.type, name="it")]
    values: tuple[Plain, ...] = (UNKNOWN, [{}], "x")
    for path in known.read:
        yield from ([holding(entry.type, path.removesuffix(".*"), value)] for value in values)


@pytest.fixture(scope="session")
def asked() -> dict[str, set[str]]:
    """Which paths the rules ask for, by type, over stacks that together go through every branch."""
    found: dict[str, set[str]] = defaultdict(set)
    plain = Resource.get

    def noting(self: Resource, path: str, default: Plain = None) -> Plain:
        found[self.type].add(".".join(step for step in path.split(".") if not step.isdigit()))
        return plain(self, path, default)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Resource, "get", noting)
        for entry in READING:
            for resources in single(entry):
                priced(resources, entry)
        for resources in SCENARIOS:
            priced(resources)
    return found


@pytest.mark.parametrize("entry", READING, ids=lambda entry: entry.type)
def test_what_is_declared_as_read_is_read(entry: Any, asked: dict[str, set[str]]) -> None:
    known = inputs_of(entry.type)
    assert known is not None
    paths = {path for token in (entry.type, *BORROWED.get(entry.type, ())) for path in asked[token]}

    for path in (path.removesuffix(".*") for path in known.read):
        assert any(f"{found}.".startswith(f"{path}.") for found in paths), f"{path} is declared as read, and is not"
