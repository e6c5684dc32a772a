"""Fault Injection Service: action-minutes of a run, times runs a month, times target accounts; reports by the run.

A minute is billed per action whatever its number of targets. AWS rounds to the nearest minute; here an action counts
whole minutes, rounded up, and at least one, so that the estimate is never below the bill.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from typing import Final

from pricing.billing import Billing, Unbounded, Unpriceable
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced
from pricing.resource import UNKNOWN, Plain
from pricing.rules.arithmetic import shown
from pricing.rules.schedules import RUNS, started_runs

_PAGE: Final = "https://aws.amazon.com/fis/pricing/"
_TEMPLATE: Final = "aws:fis/experimentTemplate:ExperimentTemplate"
_TARGET_ACCOUNT: Final = "aws:fis/targetAccountConfiguration:TargetAccountConfiguration"
_DURATION_KEYS: Final = ("duration", "maxDuration", "startInstancesAfterDuration")
_DURATION: Final = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII)
_SECONDS: Final = (86400, 3600, 60, 1)
_MAX_MINUTES: Final = 720  # FIS stops an action after 12 hours


@priced(
    _TEMPLATE,
    usage=[
        RUNS,
        UsageKey(
            name="action_minutes",
            unit="action-minutes",
            meaning="action-minutes of one run, when a duration is unknown",
        ),
        UsageKey(name="target_accounts", unit="accounts", meaning="target accounts of a multi-account experiment"),
    ],
)
def experiment_template(b: Billing) -> Iterator[LineItem]:
    """A template is free; each run bills its actions, and its report if it has one."""
    minutes, text = _action_minutes(b)
    runs, origin = started_runs(b)
    monthly = None if runs is None else minutes * runs
    formula = f"{text} = {shown(minutes)} action-minute(s) x {origin}"
    yield b.item("Action-minutes", "fis.action_minute", monthly, formula, usage_key=RUNS.name)
    accounts = _accounts(b)
    if accounts is None:
        yield b.item("Action-minutes in further accounts", "fis.action_minute_account", None,
                     "target_accounts (not declared)", usage_key="target_accounts")  # fmt: skip
    elif accounts.maximum > 1:
        further = accounts.map(lambda value: max(Decimal(0), value - 1))
        yield b.item("Action-minutes in further accounts", "fis.action_minute_account",
                     None if monthly is None else monthly * further,
                     f"{formula} x ({shown(accounts)} - 1) account(s)", usage_key=RUNS.name)  # fmt: skip
    if b.resource.get("experimentReportConfiguration") is not None:
        yield b.item("Experiment reports", "fis.report", runs, f"1 report x {origin}", usage_key=RUNS.name)


def _accounts(b: Billing) -> Quantity | None:
    """Target accounts: 1, or for a multi-account experiment those of the stack or those declared."""
    if b.text("experimentOptions.accountTargeting", "single-account", unknown="multi-account") != "multi-account":
        return Quantity.exact(1)
    configured = [t for t in b.graph.of_type(_TARGET_ACCOUNT) if b.resource.urn in t.dependencies]
    return Quantity.exact(len(configured)) if configured else b.use("target_accounts")


def _action_minutes(b: Billing) -> tuple[Quantity, str]:
    """The action-minutes of one run, and the sum in words."""
    actions = b.resource.get("actions")
    if isinstance(actions, dict):  # the API's own form, by name
        actions = list(actions.values())
    if not isinstance(actions, list) or UNKNOWN in actions:
        return _declared_minutes(b, "actions"), "declared"
    minutes = [_minutes(action) for action in actions]
    if None in minutes:
        return _declared_minutes(b, "actions.parameters.duration"), "declared"
    known = list(filter(None, minutes))
    return Quantity.exact(sum(known)), " + ".join(map(str, known)) or "0"


def _declared_minutes(b: Billing, path: str) -> Quantity:
    declared = b.use("action_minutes")
    if declared is None:
        raise Unbounded(path, "action_minutes")
    b.bounded.append(path)
    return declared


def _minutes(action: Plain) -> int | None:
    """Minutes that an action is billed for; None when its duration is unknown, 1 when it has none."""
    parameters = _parameters(action)
    if parameters is None:
        return None
    longest = 1
    for key in _DURATION_KEYS:
        value = parameters.get(key)
        if value is UNKNOWN:
            return None
        if value is not None:
            longest = max(longest, duration_minutes(str(value)))
    return longest


def _parameters(action: Plain) -> dict[str, Plain] | None:
    if not isinstance(action, dict) or action.get("parameters") is UNKNOWN:
        return None
    listed = action.get("parameters")
    if isinstance(listed, dict):  # the API's own form
        return listed
    found: dict[str, Plain] = {}
    for entry in listed if isinstance(listed, list) else []:
        if not isinstance(entry, dict) or not isinstance(key := entry.get("key"), str):
            return None
        found[key] = entry.get("value")
    return found


def duration_minutes(text: str) -> int:
    """Billed minutes of an ISO 8601 duration: rounded up, at least one.

    >>> duration_minutes("PT5M"), duration_minutes("PT90S"), duration_minutes("PT1H")
    (5, 2, 60)

    Raises:
        Unpriceable: it is none, or longer than the 12 hours that FIS allows.
    """
    match = _DURATION.fullmatch(text)
    parts = [int(part or 0) for part in match.groups()] if match else []
    seconds = sum(part * unit for part, unit in zip(parts, _SECONDS, strict=False))
    minutes = int((Decimal(seconds) / 60).to_integral_value(ROUND_CEILING))
    if not any(parts) or minutes > _MAX_MINUTES:
        msg = f"action duration is {text!r}; accepted are PT1M to PT12H"
        raise Unpriceable(msg)
    return minutes


free(
    _TARGET_ACCOUNT,
    "aws:fis/safetyLeverState:SafetyLeverState",
    why="a setting; each target account is billed with the template's action-minutes",
    source=_PAGE,
)
