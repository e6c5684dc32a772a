"""What resources bill, line by line, as `bills/*.yaml` has it worked out: quantity, price, amount, what it rests on.

In the files `?` is a value that is unknown at preview, a list of three numbers in `usage` a range; a case stands on
what its group has. A line is `name: quantity price = USD; formula [usage it rests on]`, `~` begins an unknown input
that was taken for the dearest, `!` a refusal. `python -m tests.pricing.rules.write_bills` writes the bills anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from pricing.dynamic_code import known_code
from pricing.estimate import Estimate, estimate
from pricing.line_item import LineItem
from pricing.price_book import PriceBook
from pricing.quantity import Quantity
from pricing.registry import Classification, all_rules
from pricing.resource import UNKNOWN, Graph, Plain, Resource
from pricing.usage import Usage

AS_OF = date(2026, 11, 25)
FOLDER = Path(__file__).with_name("bills")
REGION = "us-east-1"
CASES = ("minimum", "expected", "maximum")


@cache
def groups() -> list[tuple[str, dict[str, Any]]]:
    return [(path.stem, group) for path in sorted(FOLDER.glob("*.yaml")) for group in yaml.safe_load(path.read_text())]


def cases() -> Iterator[Any]:
    for name, group in groups():
        for case in group["cases"]:
            token = group["it"].rpartition(":")[2]
            yield pytest.param(group, case, id=f"{name}, {token}: {case['what']}")


def plain(value: Any) -> Plain:
    if value == "?":
        return UNKNOWN
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def resource(told: Mapping[str, Any], urns: Mapping[str, str]) -> Resource:
    name = told.get("name", "it")
    return Resource(
        urn=urns[name],
        type=told["it"],
        name=name,
        properties={key: plain(value) for key, value in told.get("has", {}).items()},
        dependencies=tuple(urns[other] for other in told.get("depends", ())),
        code=known_code().get(told["it"], ""),
    )


def declared(usage: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: dict(zip(CASES, value, strict=True)) if isinstance(value, list) else value for key, value in usage.items()
    }


def priced(group: Mapping[str, Any], case: Mapping[str, Any]) -> Estimate:
    """The stack of a case; the resource that it is about is the last one."""
    merged = {key: {**group.get(key, {}), **case.get(key, {})} for key in ("has", "usage")}
    told = [*group.get("near", ()), {**group, **case, **merged}]
    urns = {one.get("name", "it"): f"urn:pulumi:dev::ial::{one['it']}::{one.get('name', 'it')}" for one in told}
    usage = {one.get("name", "it"): declared(one["usage"]) for one in told if one.get("usage")}
    graph = Graph([resource(one, urns) for one in told])
    read = Usage.from_mapping({"resources": usage}, "usage.yaml")
    return estimate(graph, read, PriceBook.load(), region=REGION, today=AS_OF)


def bill(result: Estimate) -> list[str]:
    last = result.resources[-1]
    # Whether a source is old is not about what is billed.
    told = [problem for problem in result.problems if problem.code != "stale-price"]
    problems = [problem for problem in told if problem.urn in (None, last.resource.urn)]
    head = f"{last.resource.name} ({last.resource.type}): "
    return [
        *(line(item) for item in last.items),
        *(f"~ {path}" for path in last.bounded),
        *(f"! {problem.code}: {problem.message.removeprefix(head)}" for problem in problems),
    ]


def line(item: LineItem) -> str:
    rests = f" [{item.usage_key or 'by usage'}]" if item.by_usage else ""
    return f"{item.name}: {shown(item.quantity)} {item.price.key} = {shown(item.cost)} USD; {item.formula}{rests}"


def shown(quantity: Quantity | None) -> str:
    if quantity is None:
        return "?"
    values = (quantity.minimum, quantity.expected, quantity.maximum)
    texts = [f"{round(value, 10).normalize():f}" for value in values]
    return texts[0] if len(set(texts)) == 1 else "..".join(texts)


@pytest.mark.parametrize(("group", "case"), list(cases()))
def test_what_it_bills(group: dict[str, Any], case: dict[str, Any]) -> None:
    assert bill(priced(group, case)) == case["bill"]


def test_every_rule_has_a_bill() -> None:
    billed = {group["it"] for _, group in groups()}
    shown_by = {entry.rule for entry in all_rules() if entry.type in billed}
    assert [entry.type for entry in all_rules() if entry.rule is not None and entry.rule not in shown_by] == []


# They bill nothing of themselves: what they start or keep follows from schedules and rules, times what is declared.
BY_PROGRAM = {
    "aws:acm/certificate:Certificate",
    "aws:backup/plan:Plan",
    "aws:backup/restoreTestingPlan:RestoreTestingPlan",
    "aws:backup/restoreTestingSelection:RestoreTestingSelection",
    "aws:ecs/accountSettingDefault:AccountSettingDefault",
    "aws:fis/experimentTemplate:ExperimentTemplate",
    "aws:lambda/eventSourceMapping:EventSourceMapping",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:ssm/document:Document",
    "aws:xray/samplingRule:SamplingRule",
}


def test_who_bills_by_usage_alone_bills_nothing_without_it() -> None:
    without = {group["it"] for _, group in groups()}
    for _, group in groups():
        for case in group["cases"]:
            found = priced(group, case).resources[-1].items
            if any(item.cost is not None and item.cost.maximum > 0 and not item.by_usage for item in found):
                without.discard(group["it"])
    by_usage = {entry.type for entry in all_rules() if entry.classification is Classification.USAGE_PRICED}
    assert without - by_usage == BY_PROGRAM
    assert by_usage & {group["it"] for _, group in groups()} <= without


# Inputs that may cost less where they are unknown than where they are known, and why that is no silent zero.
LESS = {
    ("aws:autoscaling/group:Group", "desiredCapacity"): "AWS takes no known one above the maximum",
    ("aws:autoscaling/group:Group", "name"): "what names it by an unknown name depends on it",
    ("aws:cloudwatch/eventRule:EventRule", "eventBusName"): "the default bus has a name that is known",
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "metricName"): "the names of its own metrics are constants",
    ("aws:dynamodb/table:Table", "name"): "what names it by an unknown name depends on it",
    ("aws:ec2/instance:Instance", "subnetId"): "an unknown subnet of the stack is one that it depends on",
    ("aws:ecs/service:Service", "name"): "what names it by an unknown name depends on it",
    ("aws:ecs/service:Service", "taskDefinition"): "an unknown one is that of the stack",
    ("aws:fis/experimentTemplate:ExperimentTemplate", "tags"): "the runs are declared instead",
    ("aws:sfn/stateMachine:StateMachine", "tags"): "the transitions are declared instead",
}


@pytest.mark.parametrize("number", range(len(groups())))
def test_what_is_unknown_is_refused_or_never_less_than_what_is_known(number: int) -> None:
    _, group = groups()[number]
    for case in group["cases"]:
        known = priced(group, case)
        inputs = {**group.get("has", {}), **case.get("has", {})}
        for name in () if known.problems else inputs:
            unknown = priced(group, {**case, "has": {**case.get("has", {}), name: "?"}})
            if (group["it"], name) not in LESS and not unknown.problems:
                assert unknown.resources[-1].cost.maximum >= known.resources[-1].cost.maximum, (case["what"], name)


# The shorter these are, the more it costs.
SHORTER = {"period_seconds", "request_interval"}


@pytest.mark.parametrize("number", range(len(groups())))
def test_more_use_of_what_is_billed_never_costs_less(number: int) -> None:
    _, group = groups()[number]
    for case in group["cases"]:
        usage = {**group.get("usage", {}), **case.get("usage", {})}
        most = {key: value[2] if isinstance(value, list) else value for key, value in usage.items()}
        for name in most.keys() - SHORTER:
            found = [priced(group, {**case, "usage": {**most, name: times * most[name]}}) for times in (0, 1, 2)]
            costs = [one.resources[-1].cost.maximum for one in found if not one.problems]
            assert costs == sorted(costs), (case["what"], name)
