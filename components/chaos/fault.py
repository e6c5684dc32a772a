"""What a fault is to the rest: its actions, targets and permissions, in the form in which FIS takes them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.reading import Reader
from components.roles import Statement

OPT_IN = {"chaos:enabled": "true"}
# The document undoes its fault by itself; the action must still be watching when it does.
UNDO_SECONDS = 60
_KINDS = (
    "network-latency",
    "instance-termination",
    "alb-stress",
    "database-connection-failure",
    "ecs-task-latency",
    "database-failover",
    "az-impairment",
    "connection-exhaustion",
)
_ENGINES = ("postgresql", "mysql")
_MOST_CONNECTIONS = 500
_SCOPES = ("availability-zone", "all")
# FIS takes five names a target; the load balancer is hit beside the subnets, and an experiment hits five at most.
_MOST_SUBNETS = 4


@dataclass(frozen=True, kw_only=True)
class FaultSettings:
    """From `fault`: the kind and its parameters; those that a kind has no use for are refused by the kind."""

    kind: str
    seconds: int
    delay_ms: int
    jitter_ms: int
    sources: str | None
    port: int | None
    zone: str | None = None
    subnets: tuple[str, ...] = ()
    scope: str = _SCOPES[0]
    host: str | None = None
    engine: str = ""
    connections: int = 0
    reserve: int = 0

    @classmethod
    def read(cls, reader: Reader) -> "FaultSettings":
        """Reads the section."""
        found = cls(
            kind=reader.choice("kind", {kind: kind for kind in _KINDS}, ""),
            seconds=reader.whole("seconds", 60, 3540, 240),
            delay_ms=reader.whole("delayMs", 1, 10_000, 200),
            jitter_ms=reader.whole("jitterMs", 0, 1000, 20),
            sources=reader.maybe_text(
                "sources", r"[\w./:,-]{1,512}", "addresses, ranges or names, with commas between them"
            ),
            port=reader.whole("port", 1, 65535, 1) if reader.has("port") else None,
            # A zone's id is the same in every account; its name (us-east-1a) is not.
            zone=reader.maybe_text("zone", r"[a-z]{2,5}\d(-[a-z]+\d)?-az\d{1,2}", "a zone's id such as use1-az1"),
            subnets=reader.texts(
                "subnets", r"(arn:aws[a-z-]*:ec2:[a-z0-9-]+:\d{12}:subnet/)?subnet-[0-9a-f]{8,17}", "a list of subnets"
            ),
            scope=reader.choice("scope", {scope: scope for scope in _SCOPES}, _SCOPES[0]),
            host=reader.maybe_text("host", r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}", "the address of the database"),
            engine=reader.choice("engine", {engine: engine for engine in _ENGINES}, ""),
            connections=reader.whole("connections", 1, _MOST_CONNECTIONS, 50),
            reserve=reader.whole("reserve", 1, 10_000, 20),
        )
        if not found.kind:
            raise reader.refuse("kind", ", ".join(_KINDS))
        if found.kind == "network-latency" and not found.sources:
            raise reader.refuse("sources", "what calls are slowed down: addresses, ranges or names")
        if found.kind in ("alb-stress", "database-connection-failure") and found.port is None:
            raise reader.refuse("port", "the port that is cut off")
        if found.kind == "az-impairment":
            found._check_zone(reader)
        if found.kind == "connection-exhaustion":
            found._check_connections(reader)
        return found

    def _check_zone(self, reader: Reader) -> None:
        ids = {subnet.rsplit("/", 1)[-1] for subnet in self.subnets}
        if not self.zone:
            raise reader.refuse("zone", "the id of the zone that is impaired, such as use1-az1")
        if not 1 <= len(self.subnets) <= _MOST_SUBNETS or len(ids) < len(self.subnets):
            raise reader.refuse("subnets", f"1 to {_MOST_SUBNETS} subnets of that zone, each once")

    def _check_connections(self, reader: Reader) -> None:
        if not self.host:
            raise reader.refuse("host", "the address of the database, as its endpoint names it")
        if not self.engine:
            raise reader.refuse("engine", ", ".join(_ENGINES))
        if self.port is None:
            raise reader.refuse("port", "the port of the database")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Actions and targets by name as FIS's API has them; `statements` allow the fault and its undoing.

    `wanted` is how many resources are hit when they are named one by one; None is what the experiment says. `zone` is
    what runners have to know of a zone that is impaired, `connections` of a database whose connections are taken.
    """

    actions: Mapping[str, Mapping[str, Any]]
    targets: Mapping[str, Mapping[str, Any]]
    statements: Sequence[Statement]
    resource_type: str
    tags: Mapping[str, str]
    group_kind: str | None
    group: str | None
    seconds: int
    action_minutes: int
    perturbed_metrics: tuple[str, ...]
    undo: str
    wanted: int | None = None
    zone: Mapping[str, Any] | None = None
    connections: Mapping[str, Any] | None = None


def document_action(document_arn: str, target: str, seconds: int, **given: str) -> dict[str, Any]:
    """An action that runs a document on instances, and watches a minute longer than its fault."""
    parameters = {"DurationSeconds": str(seconds), **given}
    return {
        "actionId": "aws:ssm:send-command",
        "parameters": {
            "documentArn": document_arn,
            "documentParameters": json.dumps(parameters, sort_keys=True),
            "duration": f"PT{minutes(seconds + UNDO_SECONDS)}M",
        },
        "targets": {"Instances": target},
    }


def minutes(seconds: int) -> int:
    """Whole minutes, rounded up: FIS bills by the minute."""
    return -(-seconds // 60)
