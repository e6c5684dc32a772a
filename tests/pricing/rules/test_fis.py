from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.billing import Unpriceable
from pricing.estimate import Estimate
from pricing.resource import UNKNOWN, Resource
from pricing.rules.fis import duration_minutes

TEMPLATE, SCHEDULE = "aws:fis/experimentTemplate:ExperimentTemplate", "aws:scheduler/schedule:Schedule"
MINUTES, FURTHER, REPORTS = "Action-minutes", "Action-minutes in further accounts", "Experiment reports"
Lines = Callable[..., dict[str, Decimal | None]]


def action(
    key: str = "duration", value: object = "PT5M", kind: str = "aws:ecs:task-network-latency"
) -> dict[str, object]:
    return {"name": "fault", "actionId": kind, "parameters": [{"key": key, "value": value}]}


TERMINATE = {
    "name": "terminate",
    "actionId": "aws:ec2:terminate-instances",
    "target": {"key": "Instances", "value": "t"},
}
LATENCY = {"actions": [action()]}
REPORT = {"actions": [action()], "experimentReportConfiguration": {"outputs": {}}}
MULTI = {"actions": [action()], "experimentOptions": {"accountTargeting": "multi-account"}}


@pytest.mark.parametrize(
    ("properties", "usage", "expected", "source"),
    [
        (
            {"actions": [action(value="PT20M"), action(value="PT20M"), action(value="PT10M")]}, {"runs_per_month": 1},
            {MINUTES: "5"}, "AWS's example: 2 x 20 + 10 = 50 action-minutes = 5.00",
        ),
        (LATENCY, {"runs_per_month": 1}, {MINUTES: "0.5"}, "5 minutes, whatever the number of targets"),
        ({"actions": [TERMINATE]}, {"runs_per_month": 1}, {MINUTES: "0.1"}, "no duration: 1 minute"),
        ({"actions": [action(value="PT61S")]}, {"runs_per_month": 1}, {MINUTES: "0.2"}, "rounded up"),
        ({"actions": [action("maxDuration", "PT3M")]}, {"runs_per_month": 10}, {MINUTES: "3"}, "10 x 0.30"),
        (
            {"actions": [action("startInstancesAfterDuration", "PT2M")]}, {"runs_per_month": 1},
            {MINUTES: "0.2"}, "the action lasts until instances start again",
        ),
        (
            {"actions": [action("bytes", "1"), action("documentArn", UNKNOWN)]}, {"runs_per_month": 1},
            {MINUTES: "0.2"}, "other parameters do not matter",
        ),
        (
            {"actions": [{"parameters": {"duration": "PT4M"}}]}, {"runs_per_month": 1},
            {MINUTES: "0.4"}, "parameters as the API writes them",
        ),
        (
            {"actions": {"one": {"parameters": {"duration": "PT4M"}}, "two": TERMINATE}}, {"runs_per_month": 1},
            {MINUTES: "0.5"}, "actions by name, as the API writes them",
        ),
        (REPORT, {"runs_per_month": 2}, {MINUTES: "1", REPORTS: "10"}, "5.00 per report"),
        (
            MULTI, {"runs_per_month": 1, "target_accounts": 3}, {MINUTES: "0.5", FURTHER: "1"},
            "two accounts more at 0.10 per action-minute",
        ),
        (MULTI, {"runs_per_month": 1}, {MINUTES: "0.5", FURTHER: None}, "accounts are not declared"),
        (LATENCY, None, {MINUTES: None}, "runs are not declared"),
        (
            {"actions": [action(value=UNKNOWN)]}, {"runs_per_month": 1, "action_minutes": 12},
            {MINUTES: "1.2"}, "an unknown duration is declared",
        ),
        ({"actions": UNKNOWN}, {"runs_per_month": 1, "action_minutes": 12}, {MINUTES: "1.2"}, "unknown actions"),
        (
            {"actions": [{"parameters": UNKNOWN}]}, {"runs_per_month": 1, "action_minutes": 12},
            {MINUTES: "1.2"}, "unknown parameters",
        ),
        (
            {"actions": [{"parameters": [{"key": UNKNOWN, "value": "PT1M"}]}]},
            {"runs_per_month": 1, "action_minutes": 12}, {MINUTES: "1.2"}, "an unknown key could be the duration",
        ),
    ],
)  # fmt: skip
def test_a_run_bills_action_minutes(
    lines: Lines, properties: dict[str, object], usage: dict[str, object], expected: dict[str, str | None], source: str
) -> None:
    wanted = {name: None if usd is None else Decimal(usd) for name, usd in expected.items()}
    assert lines(TEMPLATE, properties, usage) == wanted, source


def test_an_unknown_duration_needs_a_bound(refusal: Callable[..., str]) -> None:
    message = refusal(TEMPLATE, {"actions": [action(value=UNKNOWN)]}, {"runs_per_month": 1})
    assert "declare usage `action_minutes`" in message


@pytest.mark.parametrize("text", ["5 minutes", "PT0M", "PT", "P", "", "PT13H", "-PT5M"])
def test_a_duration_that_fis_would_not_take_is_refused(refusal: Callable[..., str], text: str) -> None:
    assert "accepted are PT1M to PT12H" in refusal(TEMPLATE, {"actions": [action(value=text)]}, {"runs_per_month": 1})


@pytest.mark.parametrize(
    ("expressions", "runs_declared", "usd", "source"),
    [
        (["rate(7 days)"], None, "2.166667", "0.50 x 52/12 weekly"),
        (["rate(14 days)"], None, "1.083333", "0.50 x 26/12 fortnightly"),
        (["cron(0 6 1 * ? *)"], None, "0.5", "monthly"),
        (["rate(7 days)", "rate(14 days)"], None, "3.25", "two schedules add up"),
        (["rate(7 days)"], 1, "2.166667", "a declaration cannot hide a schedule"),
        (["rate(7 days)"], 6, "3", "a declaration adds runs by hand"),
    ],
)
def test_runs_follow_from_the_schedules_of_the_stack(
    declare: Callable[..., Resource], price: Callable[..., Estimate], expressions: list[str], runs_declared: int | None,
    usd: str, source: str,
) -> None:  # fmt: skip
    template = declare(TEMPLATE, LATENCY, "latency")
    schedules = [
        declare(SCHEDULE, {"scheduleExpression": text, "target": {"input": UNKNOWN}}, f"s{n}", (template.urn,))
        for n, text in enumerate(expressions)
    ]
    unrelated = declare(SCHEDULE, {"scheduleExpression": "rate(1 minute)"}, "unrelated")
    usage = None if runs_declared is None else {"runs_per_month": runs_declared}
    (item,) = price(template, *schedules, unrelated, usage=usage).resources[0].items
    assert item.cost is not None
    assert round(item.cost.expected, 6) == Decimal(usd), source


def test_a_schedule_is_found_by_the_template_id_in_its_input_and_a_disabled_one_does_not_run(
    declare: Callable[..., Resource], price: Callable[..., Estimate]
) -> None:
    template = declare(TEMPLATE, {**LATENCY, "id": "EXT1a2b3c"}, "latency")
    target = {"input": '{"ExperimentTemplateId": "EXT1a2b3c"}'}
    weekly = declare(SCHEDULE, {"scheduleExpression": "rate(7 days)", "target": target}, "weekly")
    off = declare(SCHEDULE, {"scheduleExpression": "rate(1 minute)", "target": target, "state": "DISABLED"}, "off")
    (item,) = price(template, weekly, off).resources[0].items
    assert item.formula == "5 = 5 action-minute(s) x 4.3333 runs from weekly, off"


@pytest.mark.parametrize(("named", "usd"), [("latency", "2.166667"), ("lat", None)])
def test_a_list_of_resources_has_no_dependencies_so_the_quoted_name_links_them(
    declare: Callable[..., Resource], price: Callable[..., Estimate], named: str, usd: str | None
) -> None:
    template = declare(TEMPLATE, LATENCY, "latency")
    target = {"input": f'{{"ExperimentTemplateId": "{named}"}}'}
    weekly = declare(SCHEDULE, {"scheduleExpression": "rate(7 days)", "target": target}, "weekly")
    (item,) = price(template, weekly).resources[0].items
    cost = None if item.cost is None else round(item.cost.expected, 6)
    assert cost == (None if usd is None else Decimal(usd))


def test_target_accounts_of_the_stack_are_counted(
    declare: Callable[..., Resource], price: Callable[..., Estimate]
) -> None:
    template = declare(TEMPLATE, MULTI, "latency")
    token = "aws:fis/targetAccountConfiguration:TargetAccountConfiguration"
    accounts = [declare(token, {}, f"account{n}", (template.urn,)) for n in range(2)]
    assert price(template, *accounts, usage={"runs_per_month": 1}).total.expected == 1  # 5 minutes x 0.10 x 2


@given(st.integers(1, 12 * 3600))
def test_minutes_are_rounded_up_and_never_less_than_one(seconds: int) -> None:
    assert duration_minutes(f"PT{seconds}S") == max(1, -(-seconds // 60))


def test_a_day_is_too_long() -> None:
    with pytest.raises(Unpriceable):
        duration_minutes("P1D")
