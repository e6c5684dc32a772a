"""What a schedule or a rule starts: tasks on Fargate are counted, and what nobody counts here is refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey
from pricing.rules.addresses import public_address_hours
from pricing.rules.arithmetic import shown
from pricing.rules.ecs import TASK_DEFINITION, TASK_SIZE, fargate_lines, on_fargate
from pricing.rules.references import referred

STARTED_USAGE: Final = (
    UsageKey(name="task_minutes", unit="minutes", meaning="how long a task that is started runs, on average"),
    UsageKey(name="started_tasks", unit="tasks", meaning="tasks of one start, when their number is unknown"),
    *TASK_SIZE,
)
_SDK: Final = re.compile(r"arn:[a-z-]+:scheduler:::aws-sdk:([A-Za-z0-9]+):([A-Za-z0-9.]+)")
# Calls that make or start something; what they start is counted for these only, with the resource that it is.
_STARTING: Final = (
    "run",
    "start",
    "create",
    "restore",
    "copy",
    "export",
    "import",
    "allocate",
    "provision",
    "purchase",
)
_COUNTED_CALLS: Final = frozenset({"fis:startExperiment", "ssm:startAutomationExecution", "sfn:startExecution"})
_UNCOUNTED: Final = ("codebuild", "codepipeline", "batch", "sagemaker", "glue", "redshift", "redshift-serverless",
                     "imagebuilder", "emr-serverless", "elasticmapreduce", "inspector", "workspaces")  # fmt: skip


def started_tasks(b: Billing, path: str, cluster: str, runs: Quantity | None, origin: str) -> Iterator[LineItem]:
    """The hours of tasks that each of `runs` starts in the cluster that `cluster` names; `path` holds their parameters.

    A task bills at least one minute: https://aws.amazon.com/fargate/pricing/
    """
    if b.resource.get(path) is None or not on_fargate(b, f"{path}.", cluster):
        return
    count = b.number(f"{path}.taskCount", unknown="started_tasks", default=1)
    minutes = b.use("task_minutes")
    hours = None
    if runs is not None and minutes is not None:
        hours = runs * count * minutes.map(lambda value: max(value, Quantity.exact(1).minimum)) / 60
    missing = "task_minutes" if minutes is None else "runs_per_month"
    formula = f"{shown(count)} task(s) x {shown(minutes)} minutes / 60 x {origin}"
    task = referred(b, b.resource.get(f"{path}.taskDefinitionArn"), TASK_DEFINITION)
    yield from fargate_lines(b, task, hours, formula, missing=missing)
    if b.flag(f"{path}.networkConfiguration.assignPublicIp", unknown=True):
        yield public_address_hours(b, hours, formula, missing)


def refuse_uncounted(b: Billing, path: str) -> None:
    """Refuses a target that starts builds, jobs or other resources whose runs nobody counts here.

    Raises:
        Unpriceable: it does.
    """
    arn = b.resource.get(path)
    if not isinstance(arn, str):
        return
    call = _SDK.fullmatch(arn)
    if call is not None:
        service, action = call[1], call[2]
        if action.lower().startswith(_STARTING) and f"{service}:{action}" not in _COUNTED_CALLS:
            msg = f"property `{path}` calls {service}:{action}, which starts what nobody counts here; declare it apart"
            raise Unpriceable(msg)
    elif arn.count(":") >= 5 and arn.split(":")[2] in _UNCOUNTED:
        msg = f"property `{path}` is of {arn.split(':')[2]}, whose runs nobody counts here; leave the target out"
        raise Unpriceable(msg)
