"""Actions that FIS will accept and do what they say: ids, targets, parameters, documents, directions, durations."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from contract.reading.json_text import read_json
from contract.reading.numbers import plain_number
from policies.experiment import Action, actions, seconds, targets
from policies.fis_catalogue import Signature, catalogue, suggestion
from pricing.resource import UNKNOWN, Plain, Resource

SEND_COMMAND: Final = "aws:ssm:send-command"
STOP_INSTANCES: Final = "aws:ec2:stop-instances"
# How long a fault may last: an hour of a broken service teaches nothing that ten minutes don't.
LONGEST_SECONDS: Final = 3600
SHORTEST_SECONDS: Final = 60
# Volume faults are the only ones that FIS takes by the second.
_FINE_GRAINED: Final = "aws:ebs:"
# The document undoes its fault by itself; the action must still be watching when it does.
UNDO_SECONDS: Final = 60
_DURATIONS: Final = ("duration", "maxDuration", "startInstancesAfterDuration", "durationBeforeInterruption")
_CHOICES: Final = {
    "trafficType": ("ingress", "egress"),
    "alarmStates": ("OK", "ALARM", "INSUFFICIENT_DATA"),
    "scope": ("all", "availability-zone", "dynamodb", "prefix-list", "s3", "s3express", "vpc"),
    "managedResourceTypes": ("ASG", "ALB", "NLB", "EKS"),
    "zonalAutoshiftStatus": ("ENABLED", "DISABLED", "ANY"),
}
_ZONE: Final = re.compile(r"[a-z]{2,5}\d(-[a-z]+\d)?-az\d{1,2}|[a-z]{2}(-[a-z]+)+-\d[a-z]")
_PERCENTAGE: Final = ("percent", "percentage")
_PERCENT: Final = re.compile(r"100|[1-9]?\d", re.ASCII)
# Of a volume's I/O the least is a tenth of a percent.
# Source: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-fis-latency-injection.html
_OF_IO: Final = ("readIOPercentage", "writeIOPercentage")
_PERCENT_OF_IO: Final = re.compile(r"100|[1-9]\d?|(?!0\.0)[1-9]?\d\.\d", re.ASCII)
DOCUMENT_ARN: Final = re.compile(
    r"arn:aws[a-z-]*:ssm:(?P<region>[a-z0-9-]+):(?P<account>\d{12})?:document/(?P<name>[\w.-]+)", re.ASCII
)
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_NETWORK: Final = ("AWSFIS-Run-Network-", "aws:ecs:task-network-", "aws:eks:pod-network-")
_DIRECTIONS: Final = ("ingress", "egress")


def valid(template: Resource) -> Iterator[str]:
    """Every action exists, has the target and the parameters it needs, and none that it doesn't know."""
    types = {target.name: target.resource_type for target in targets(template)}
    found = list(actions(template))
    if not found:
        yield f"experiment {template.name} has no `actions`; give it one"
    for action in found:
        for fault in _faults(action, types):
            yield f"experiment {template.name}, action {action.name}: {fault}"
    yield from _collisions(template, found)


def bounded(template: Resource) -> Iterator[str]:
    """Every fault ends by itself, soon, and its undoing is still watched."""
    for action in actions(template):
        for fault in _unbounded(action):
            yield f"experiment {template.name}, action {action.name}: {fault}"


def _faults(action: Action, types: Mapping[str, Plain]) -> Iterator[str]:
    known = catalogue().actions
    if not isinstance(action.id, str):
        yield "its `actionId` is unknown at preview; write it out"
        return
    signature = known.get(action.id)
    if signature is None:
        yield f"FIS has no action `{action.id}`; {suggestion(action.id, known)}"
        return
    yield from _target_faults(action, signature, types)
    yield from _parameter_faults(action.parameters, signature)
    for name, value in (action.parameters or {}).items():
        yield from _value_faults(name, value)
    if action.id.startswith("aws:ssm:") and action.parameters is not None:
        yield from _document_faults(action.parameters, action.id)


def _target_faults(action: Action, signature: Signature, types: Mapping[str, Plain]) -> Iterator[str]:
    if not signature.targets:
        if action.target is not None:
            yield f"`{action.id}` takes no target; remove `target`"
        return
    [(key, resource_type)] = signature.targets.items()
    if action.target is None:
        yield f"`{action.id}` needs a target; set `target` with key `{key}`"
        return
    given, name = action.target
    if given != key:
        shown = "unknown at preview" if given is UNKNOWN else f"`{given}`"
        yield f"the key of its target is {shown}; `{action.id}` takes `{key}`"
    if name not in types:
        yield f"its target {name!r} is none of the template's; accepted: {', '.join(sorted(types)) or 'none is there'}"
    elif types[str(name)] != resource_type:
        yield f"its target {name} is of type {types[str(name)]}; `{action.id}` takes {resource_type}"


def _parameter_faults(given: Mapping[str, Plain] | None, signature: Signature) -> Iterator[str]:
    if given is None:
        yield "its `parameters` are unknown at preview; write out their names"
        return
    for name in sorted(given.keys() - signature.names):
        yield f"parameter `{name}` does not exist; {suggestion(name, signature.names)}"
    for name in sorted(signature.required - given.keys()):
        yield f"parameter `{name}` is missing"


def _value_faults(name: str, value: Plain) -> Iterator[str]:
    choices: Collection[str] = _CHOICES.get(name, ())
    if choices and value is not UNKNOWN:
        wrong = [part.strip() for part in str(value).split(",") if part.strip() not in choices]
        if wrong:
            yield f"parameter `{name}` is `{value}`; accepted: {', '.join(choices)}"
    if name == "availabilityZoneIdentifier" and value is not UNKNOWN and not _ZONE.fullmatch(str(value)):
        yield f"parameter `{name}` is `{value}`; accepted: one zone's id or name, such as use1-az1"
    if name.lower().endswith(_PERCENTAGE) and value is not UNKNOWN:
        least, accepted = ("0.1", _PERCENT_OF_IO) if name in _OF_IO else ("0", _PERCENT)
        if not accepted.fullmatch(str(value)):
            yield f"parameter `{name}` is `{value}`; accepted: {least} to 100"


def _document_faults(parameters: Mapping[str, Plain], action: str) -> Iterator[str]:
    if action == SEND_COMMAND and document_parameters(parameters.get("documentParameters")) is None:
        yield "`documentParameters` must be a JSON object of texts, each name once, known at preview; write it out"
    # One that is missing is said to be missing already. An unknown one is a document of this very stack: its name is
    # known only when it exists, its content is in the change.
    arn = parameters.get("documentArn", UNKNOWN)
    if arn is UNKNOWN:
        return
    found = DOCUMENT_ARN.fullmatch(str(arn))
    if found is None:
        yield f"`documentArn` is `{arn}`; accepted: arn:aws:ssm:REGION:[ACCOUNT]:document/NAME"
        return
    name, account = found["name"], found["account"]
    if account is not None:
        return
    signature = catalogue().documents.get(name)
    if action != SEND_COMMAND or signature is None:
        yield f"AWS's document {name} is not one that injects a fault; {suggestion(name, catalogue().documents)}"
        return
    yield from _aws_document_faults(name, signature, parameters.get("documentParameters"))


def _aws_document_faults(name: str, signature: Signature, text: Plain) -> Iterator[str]:
    given = document_parameters(text)
    if given is None:
        return
    if name in ("AWSFIS-Run-Network-Latency", "AWSFIS-Run-Network-Packet-Loss"):
        yield f"{name} takes interface eth0, which most instances don't have; use {name}-Sources with Interface DEFAULT"
    for fault in _parameter_faults(given, signature):
        yield f"{name}: {fault}"
    direction = given.get("TrafficType")
    if "TrafficType" in signature.names and direction not in _DIRECTIONS:
        shown = f"is `{direction}`" if direction else "is not set, which means ingress"
        yield f"{name}: TrafficType {shown}; say ingress or egress: calls to a database are egress"


def document_parameters(text: Plain) -> dict[str, Plain] | None:
    """The parameters that an action gives to its document; None when they can't be read."""
    if text is None:
        return {}
    try:
        given = read_json(text, "documentParameters", plain_number).data if isinstance(text, str) else None
    except ValueError:
        return None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        return None
    return dict(given)


def _unbounded(action: Action) -> Iterator[str]:
    given = action.parameters
    if given is None or not isinstance(action.id, str):
        yield "how long it lasts is unknown at preview"
        return
    if action.id == STOP_INSTANCES and "startInstancesAfterDuration" not in given:
        yield "the instances stay stopped; set `startInstancesAfterDuration`"
    shortest = 1 if action.id.startswith(_FINE_GRAINED) else SHORTEST_SECONDS
    for name in _DURATIONS:
        if name not in given:
            continue
        lasting = seconds(given[name])
        if lasting is None:
            shown = "unknown at preview" if given[name] is UNKNOWN else f"`{given[name]}`"
            yield f"`{name}` is {shown}; accepted: PT1M to PT1H"
        elif not shortest <= lasting <= LONGEST_SECONDS:
            yield f"`{name}` is {given[name]}; accepted: PT1M to PT1H"
        elif action.id == SEND_COMMAND:
            yield from cut_short(lasting, document_parameters(given.get("documentParameters")))


def cut_short(lasting: int, given: Mapping[str, Plain] | None) -> Iterator[str]:
    """Whether a fault of `DurationSeconds` outlives the action, which lasts so many seconds."""
    inside = (given or {}).get("DurationSeconds")
    if inside is None:
        return
    if not _NUMBER.fullmatch(str(inside)):
        yield f"DurationSeconds is `{inside}`; accepted: a number of seconds"
    elif lasting < int(str(inside)) + UNDO_SECONDS:
        yield (
            f"it is over after {lasting} s and the fault lasts {inside} s: the fault would outlive the action that "
            f"watches it; set `duration` to {int(str(inside)) + UNDO_SECONDS} s or more"
        )


def _collisions(template: Resource, found: list[Action]) -> Iterator[str]:
    """AWS's network faults exclude each other on one target; in a sequence they don't."""
    seen: dict[Plain, str] = {}
    for action in found:
        if action.target is None or action.after or not _is_network(action):
            continue
        other = seen.setdefault(action.target[1], action.name)
        if other != action.name:
            yield (
                f"experiment {template.name}, action {action.name}: {other} disturbs the network of the same target "
                f"at the same time, which fails; start one after the other with `startAfters`"
            )


def _is_network(action: Action) -> bool:
    document = str((action.parameters or {}).get("documentArn")).rsplit("/", 1)[-1]
    return str(action.id).startswith(_NETWORK) or document.startswith(_NETWORK)
