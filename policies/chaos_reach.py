"""What an experiment may hit, how far it goes, what stops it, and who gets to know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from contract.names import OPT_IN
from policies.experiment import Target, targets
from pricing.resource import UNKNOWN, Plain, Resource

MOST_TARGETS: Final = 5
MOST_PERCENT: Final = 50
_ALARM: Final = "aws:cloudwatch:alarm"
_INSTANCE: Final = "aws:ec2:instance"
_SUBNET: Final = "aws:ec2:subnet"
_ZONE: Final = "availabilityZoneIdentifier"
_STATE: Final = "State.Name"
_SELECTION: Final = re.compile(r"(COUNT|PERCENT)\((\d{1,3})\)", re.ASCII)
_ALARM_ARN: Final = re.compile(r"arn:[^:]+:cloudwatch:[^:]*:[^:]*:alarm:.+")
_MOST = {"COUNT": MOST_TARGETS, "PERCENT": MOST_PERCENT}


def stopped_by_an_alarm(template: Resource) -> Iterator[str]:
    """At least one alarm stops the experiment."""
    conditions = template.get("stopConditions")
    entries = conditions if isinstance(conditions, list) else []
    known = [entry for entry in entries if isinstance(entry, dict)]
    if conditions is UNKNOWN or len(known) < len(entries):
        yield f"experiment {template.name} has `stopConditions` that are unknown at preview; write them out"
        return
    alarms = [entry for entry in known if entry.get("source") == _ALARM]
    if not alarms:
        yield f"experiment {template.name} is stopped by nothing; set `stopConditions` with source {_ALARM}"
    for entry in alarms:
        # The ARN of an alarm of this stack is known only when it exists.
        value = entry.get("value")
        if value is not UNKNOWN and not _ALARM_ARN.fullmatch(str(value)):
            yield f"experiment {template.name} has a stop condition without an alarm; set its `value` to an alarm's ARN"


def opted_in(template: Resource) -> Iterator[str]:
    """Nothing is hit that has not been offered: by the tag, or by its name."""
    key, value = OPT_IN
    for target in targets(template):
        if target.arns is UNKNOWN or (isinstance(target.arns, list) and target.arns):
            continue
        if target.tags is None or target.tags.get(key) != value:
            yield (
                f"experiment {template.name}, target {target.name}: whatever has the type may be hit; add the tag "
                f"{key}={value} to its `resourceTags`, and to the resources that may suffer"
            )


def capped(template: Resource) -> Iterator[str]:
    """Only a few are hit, only those that run, and hitting none is a failure."""
    for target in targets(template):
        for fault in _too_far(target):
            yield f"experiment {template.name}, target {target.name}: {fault}"
    for fault in _too_far_together(list(targets(template))):
        yield f"experiment {template.name}: {fault}"
    mode = template.get("experimentOptions.emptyTargetResolutionMode", "fail")
    if mode != "fail":
        shown = "unknown at preview" if mode is UNKNOWN else f"`{mode}`"
        yield f"experiment {template.name} may hit nothing and pass: `emptyTargetResolutionMode` is {shown}; set fail"


def _too_far(target: Target) -> Iterator[str]:
    yield from _selection(target)
    running = None if target.filters is None else target.filters.get(_STATE)
    if target.resource_type == _INSTANCE and not target.arns and running != ["running"]:
        yield f"instances that are stopped or gone may be picked; add the filter {_STATE} = running"
    within = target.parameters.get(_ZONE) if isinstance(target.parameters, dict) else None
    if target.resource_type == _SUBNET and not target.arns and within in (None, UNKNOWN):
        yield f"subnets of every zone may be cut off at once; name the subnets, or set the target's parameter {_ZONE}"


def _too_far_together(found: Sequence[Target]) -> Iterator[str]:
    """Each may be within its limit, and all of them a landslide."""
    named = [len(target.arns) for target in found if target.selection == "ALL" and isinstance(target.arns, list)]
    chosen = [match for target in found if (match := _SELECTION.fullmatch(str(target.selection)))]
    counted = sum(named) + sum(int(match[2]) for match in chosen if match[1] == "COUNT")
    shares = [int(match[2]) for match in chosen if match[1] == "PERCENT"]
    if len(found) > 1 and counted > MOST_TARGETS:
        yield f"its targets together hit up to {counted}; accepted: {MOST_TARGETS} in all targets of a template"
    if len(shares) > 1 and sum(shares) > MOST_PERCENT:
        yield f"its targets together hit {sum(shares)} %; accepted: {MOST_PERCENT} % in all targets of a template"


def _selection(target: Target) -> Iterator[str]:
    # A zone has several subnets, which are cut off together or not at all.
    most = MOST_TARGETS if target.resource_type == _SUBNET else 1
    if target.selection == "ALL" and isinstance(target.arns, list) and 1 <= len(target.arns) <= most:
        return
    found = _SELECTION.fullmatch(str(target.selection)) if target.selection is not UNKNOWN else None
    accepted = f"accepted: COUNT(1) to COUNT({MOST_TARGETS}), PERCENT(1) to PERCENT({MOST_PERCENT})"
    if found is None:
        shown = "unknown at preview" if target.selection is UNKNOWN else f"`{target.selection}`"
        yield f"`selectionMode` is {shown}; {accepted}"
    elif not 1 <= int(found[2]) <= _MOST[found[1]]:
        yield f"`selectionMode` is {target.selection}; {accepted}"


def logged(template: Resource) -> Iterator[str]:
    """What the experiment does is written down."""
    logs = template.get("logConfiguration")
    if logs is UNKNOWN:
        yield f"experiment {template.name} has a `logConfiguration` that is unknown at preview; write it out"
        return
    group = template.get("logConfiguration.cloudwatchLogsConfiguration.logGroupArn")
    bucket = template.get("logConfiguration.s3Configuration.bucketName")
    if group is None and bucket is None:
        yield f"experiment {template.name} leaves no log; set `logConfiguration` with a log group or a bucket"
    elif not _accepted(group):
        yield f"experiment {template.name} logs to {group}; FIS takes the group's ARN with `:*` at its end"


def lever_left_alone(lever: Resource) -> Iterator[str]:
    """The safety lever belongs to people."""
    yield (
        f"{lever.name} puts FIS's safety lever under Pulumi: an ordinary update would release a lever that somebody "
        f"pulled; remove it, and use `ial chaos halt`"
    )


def _accepted(group: Plain) -> bool:
    return group is None or group is UNKNOWN or str(group).endswith(":*")
