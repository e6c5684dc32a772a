from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.billing import Billing, Unbounded, Unpriceable
from pricing.price_book import PriceBook
from pricing.quantity import Quantity
from pricing.registry import unit_of
from pricing.resource import UNKNOWN, Graph, Resource
from pricing.rules.schedules import SCHEDULE, hours_share, started_runs
from pricing.usage import Usage

TEMPLATE = "aws:fis/experimentTemplate:ExperimentTemplate"


def billing(target: Resource, *schedules: Resource, usage: object = None) -> Billing:
    declared = Usage.from_mapping({"resources": usage or {}}, "usage.yaml")
    graph = Graph([target, *schedules])
    return Billing(
        resource=target,
        graph=graph,
        usage=declared,
        book=PriceBook({}, ""),
        default_region="us-east-1",
        unit_of=unit_of,
    )


def test_without_schedules_runs_are_declared_or_not_known(declare: Callable[..., Resource]) -> None:
    target = declare(TEMPLATE, name="t")
    assert started_runs(billing(target)) == (None, "(not declared) runs declared")
    assert started_runs(billing(target, usage={"t": {"runs_per_month": 3}}))[0] == Quantity.exact(3)


def test_a_range_of_declared_runs_is_raised_to_the_schedule(declare: Callable[..., Resource]) -> None:
    target = declare(TEMPLATE, name="t")
    monthly = declare(SCHEDULE, {"scheduleExpression": "cron(0 6 1 * ? *)"}, "s", (target.urn,))
    usage = {"t": {"runs_per_month": {"minimum": 0, "expected": 1, "maximum": 4}}}
    assert started_runs(billing(target, monthly, usage=usage))[0] == Quantity(Decimal(1), Decimal(1), Decimal(4))
    less = {"t": {"runs_per_month": {"minimum": 0, "expected": 0, "maximum": 0.5}}}
    assert started_runs(billing(target, monthly, usage=less))[0] == Quantity.exact(1)


def test_a_scheduled_rule_starts_what_its_target_depends_on(declare: Callable[..., Resource]) -> None:
    document = declare("aws:ssm/document:Document", name="restore")
    rule = declare("aws:cloudwatch/eventRule:EventRule", {"scheduleExpression": "rate(7 days)"}, "weekly")
    other = declare("aws:cloudwatch/eventRule:EventRule", {"scheduleExpression": "rate(1 day)"}, "daily")
    on_event = declare("aws:cloudwatch/eventRule:EventRule", {"eventPattern": "{}"}, "on-event")
    token = "aws:cloudwatch/eventTarget:EventTarget"
    target = declare(token, {}, "target", (rule.urn, document.urn))
    reaction = declare(token, {}, "reaction", (on_event.urn, document.urn))
    runs, origin = started_runs(billing(document, rule, other, on_event, target, reaction))
    assert origin == "4.3333 runs from weekly"
    assert runs is not None
    assert runs.is_exact


def test_a_schedule_with_an_unknown_expression_is_bounded_by_its_own_usage(declare: Callable[..., Resource]) -> None:
    target = declare(TEMPLATE, name="t")
    hidden = declare(SCHEDULE, {"scheduleExpression": UNKNOWN}, "s", (target.urn,))
    with pytest.raises(Unbounded):
        started_runs(billing(target, hidden))
    runs, origin = started_runs(billing(target, hidden, usage={"s": {"runs_per_month": 2}}))
    assert (runs, origin) == (Quantity.exact(2), "2 runs from s")


@pytest.mark.parametrize(
    ("target_id", "asked", "starts"),
    [
        ("EXT1", '{"ExperimentTemplateId": "EXT1"}', True),
        ("EXT1", '{"ExperimentTemplateId": "EXT2"}', False),
        (None, '{"Name": "t"}', True),
        (None, '{"Name": "other"}', False),
        (UNKNOWN, "{}", False),
    ],
)
def test_a_schedule_starts_what_its_input_names(
    declare: Callable[..., Resource], target_id: object, asked: str, starts: bool
) -> None:
    target = declare(TEMPLATE, {"id": target_id}, name="t")
    daily = declare(SCHEDULE, {"scheduleExpression": "cron(0 6 1 * ? *)", "target": {"input": asked}}, "s")
    assert started_runs(billing(target, daily))[0] == (Quantity.exact(1) if starts else None)


def test_a_malformed_expression_names_the_schedule(declare: Callable[..., Resource]) -> None:
    target = declare(TEMPLATE, name="t")
    wrong = declare(SCHEDULE, {"scheduleExpression": "weekly"}, "monday", (target.urn,))
    with pytest.raises(Unpriceable, match="of 'monday': schedule 'weekly' is not valid"):
        started_runs(billing(target, wrong))


def test_hours_are_a_share_of_the_month_and_never_more() -> None:
    hours = Quantity(Decimal(0), Decimal(73), Decimal(9999))
    assert hours_share(hours, Decimal(730)) == Quantity(Decimal(0), Decimal("0.1"), Decimal(1))
