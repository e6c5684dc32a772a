"""Systems Manager: parameters by tier, automation by step, on-premises nodes by the hour."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract import borrowed_types
from contract.reading.json_text import read_json
from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced
from pricing.resource import UNKNOWN
from pricing.rules.arithmetic import shown
from pricing.rules.schedules import RUNS, started_runs

_PAGE = "https://aws.amazon.com/systems-manager/pricing/"
_STANDARD_VALUE_BYTES = 4096  # a longer value needs the advanced tier


@priced(
    "aws:ssm/parameter:Parameter",
    usage=[
        UsageKey(
            name="requests", unit="requests", meaning="API requests a month for the parameter (Advanced)", default="0"
        )
    ],
)
def parameter(b: Billing) -> Iterator[LineItem]:
    """Standard parameters are free; advanced ones are billed by the month and by request."""
    tier = b.text("tier", "Standard", unknown="Advanced")
    if tier not in ("Standard", "Advanced", "Intelligent-Tiering"):
        msg = f"property `tier` is {tier!r}; accepted are Standard, Advanced, Intelligent-Tiering"
        raise Unpriceable(msg)
    if tier == "Standard" or (tier == "Intelligent-Tiering" and _fits_standard(b)):
        yield b.item("Parameter (standard)", "ssm.parameter.standard", 1, "1 parameter")
        return
    yield b.item("Parameter (advanced)", "ssm.parameter.advanced", 1, "1 parameter")
    yield b.usage_item("Parameter requests", "ssm.parameter.requests", "requests", divisor=10_000)


def _fits_standard(b: Billing) -> bool:
    value = b.resource.get("value")
    return isinstance(value, str) and len(value.encode()) <= _STANDARD_VALUE_BYTES


@priced(
    "aws:ssm/document:Document",
    usage=[
        RUNS,
        UsageKey(name="steps_per_run", unit="steps", meaning="steps of a run, when the content does not tell"),
        UsageKey(name="script_seconds", unit="seconds", meaning="seconds of executeScript steps a run", default="0"),
    ],
)
def document(b: Billing) -> Iterator[LineItem]:
    """Documents are free; runs of an automation are billed by step, since 2026 from the first one."""
    kind = b.text("documentType", unknown="Automation")
    if not kind.startswith("Automation"):
        yield b.item(f"{kind} document", "ssm.automation.step", 0, "0 steps: only automations are billed")
        return
    runs, origin = started_runs(b)
    steps = _steps(b)
    missing = RUNS.name if runs is None else "steps_per_run"
    quantity = None if runs is None or steps is None else runs * steps
    formula = f"{shown(steps)} step(s) x {origin}"
    yield b.item("Automation steps", "ssm.automation.step", quantity, formula, usage_key=missing)
    seconds = b.used("script_seconds")
    if seconds.maximum > 0:
        held = None if runs is None else runs * seconds
        text = f"{shown(seconds)} s x {origin}"
        yield b.item("Automation scripts", "ssm.automation.script", held, text, usage_key=missing)


def _count(content: str) -> int:
    document: Any = read_json(content, "content").data
    return len(document["mainSteps"])


def _steps(b: Billing) -> Quantity | None:
    content = b.resource.get("content")
    if content is UNKNOWN and b.use("steps_per_run") is not None:
        b.bounded.append("content")
    if isinstance(content, str):
        try:
            return Quantity.exact(_count(content))
        except (ValueError, KeyError, TypeError):
            pass  # YAML, or no list of steps: declared
    return b.use("steps_per_run")


@priced(
    "aws:ssm/activation:Activation",
    usage=[
        UsageKey(
            name="advanced_instance_hours",
            unit="instance-hours",
            meaning="hours of nodes in the advanced tier",
            default="0",
        ),
        UsageKey(
            name="commands", unit="invocations", meaning="Run Command invocations a month on these nodes", default="0"
        ),
    ],
    by_usage=True,
)
def activation(b: Billing) -> Iterator[LineItem]:
    """Nodes outside EC2, ECS tasks with an SSM sidecar included."""
    yield b.usage_item("Advanced on-premises nodes", "ssm.managed_instance.advanced", "advanced_instance_hours")
    yield b.usage_item("Run Command outside EC2", "ssm.run_command.hybrid", "commands")


free(
    borrowed_types.NAME_GUARD,
    why="it reads names; what it notes is in standard parameters, which are free of charge",
    source=_PAGE,
)
free(
    "aws:ssm/association:Association",
    "aws:ssm/defaultPatchBaseline:DefaultPatchBaseline",
    "aws:ssm/maintenanceWindow:MaintenanceWindow",
    "aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget",
    "aws:ssm/maintenanceWindowTask:MaintenanceWindowTask",
    "aws:ssm/patchBaseline:PatchBaseline",
    "aws:ssm/patchGroup:PatchGroup",
    "aws:ssm/resourceDataSync:ResourceDataSync",
    why="free on EC2 nodes; automations are billed with their document",
    source=_PAGE,
)
