"""What a fault is to the rest: its actions, targets and permissions, in the form in which FIS takes them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from components.reading import Reader, SettingsError
from components.roles import Statement
from contract import names
from contract.experiments import Connections, DatabaseEngine, GroupKind, Zone

OPT_IN = dict([names.OPT_IN])
# The document undoes its fault by itself; the action must still be watching when it does.
UNDO_SECONDS = 60
_DELAY = ("seconds", "delayMs", "jitterMs", "sources")
# What each kind takes beside itself.
_TAKES: dict[str, tuple[str, ...]] = {
    "network-latency": _DELAY,
    "instance-termination": (),
    "alb-stress": ("seconds", "port"),
    "database-connection-failure": ("seconds", "port"),
    "ecs-task-latency": _DELAY,
    "database-failover": (),
    "az-impairment": ("seconds", "zone", "subnets", "scope"),
    "connection-exhaustion": ("seconds", "host", "port", "engine", "connections", "reserve"),
}
_ENGINES: dict[str, DatabaseEngine] = {engine: engine for engine in get_args(DatabaseEngine)}
_MOST_CONNECTIONS = 500
_SCOPES = ("availability-zone", "all")
# FIS takes five names a target; the load balancer is hit beside the subnets, and an experiment hits five at most.
_MOST_SUBNETS = 4


# The keys of `fault`, and how each is read.
_KEYS: dict[str, tuple[str, Callable[[Reader], Any]]] = {
    "seconds": ("seconds", lambda reader: reader.whole("seconds", 60, 3540, 240)),
    "delayMs": ("delay_ms", lambda reader: reader.whole("delayMs", 1, 10_000, 200)),
    "jitterMs": ("jitter_ms", lambda reader: reader.whole("jitterMs", 0, 1000, 20)),
    "sources": (
        "sources",
        lambda reader: reader.maybe_text(
            "sources", r"[\w./:,-]{1,512}", "addresses, ranges or names, with commas between them"
        ),
    ),
    "port": ("port", lambda reader: reader.maybe_whole("port", 1, 65535)),
    # A zone's id is the same in every account; its name (us-east-1a) is not.
    "zone": (
        "zone",
        lambda reader: reader.maybe_text("zone", r"[a-z]{2,5}\d(-[a-z]+\d)?-az\d{1,2}", "a zone's id such as use1-az1"),
    ),
    "subnets": (
        "subnets",
        lambda reader: reader.texts(
            "subnets", r"(arn:aws[a-z-]*:ec2:[a-z0-9-]+:\d{12}:subnet/)?subnet-[0-9a-f]{8,17}", "a list of subnets"
        ),
    ),
    "scope": ("scope", lambda reader: reader.choice("scope", {scope: scope for scope in _SCOPES}, _SCOPES[0])),
    "host": (
        "host",
        lambda reader: reader.maybe_text("host", r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}", "the address of the database"),
    ),
    "engine": ("engine", lambda reader: reader.choice("engine", _ENGINES, None)),
    "connections": ("connections", lambda reader: reader.whole("connections", 1, _MOST_CONNECTIONS, 50)),
    "reserve": ("reserve", lambda reader: reader.whole("reserve", 1, 10_000, 20)),
}


@dataclass(frozen=True, kw_only=True)
class FaultSettings:
    """From `fault`: the kind and its parameters; those that a kind has no use for are refused."""

    kind: str
    seconds: int = 240
    delay_ms: int = 200
    jitter_ms: int = 20
    sources: str | None = None
    port: int | None = None
    zone: str | None = None
    subnets: tuple[str, ...] = ()
    scope: str = _SCOPES[0]
    host: str | None = None
    engine: DatabaseEngine | None = None
    connections: int = 0
    reserve: int = 0

    @classmethod
    def read(cls, reader: Reader) -> "FaultSettings":
        """Reads the section."""
        kind = reader.choice("kind", {kind: kind for kind in _TAKES}, "")
        if not kind:
            raise reader.refuse("kind", ", ".join(_TAKES))
        for key, (_, read) in _KEYS.items():
            if key not in _TAKES[kind] and reader.has(key):
                raise _unused(reader, kind, key, read)
        found = cls(kind=kind, **{_KEYS[key][0]: _KEYS[key][1](reader) for key in _TAKES[kind]})
        if kind == "network-latency" and not found.sources:
            raise reader.refuse("sources", "what calls are slowed down: addresses, ranges or names")
        if kind in ("alb-stress", "database-connection-failure") and found.port is None:
            raise reader.refuse("port", "the port that is cut off")
        if kind == "az-impairment":
            found._check_zone(reader)
        if kind == "connection-exhaustion":
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


def _unused(reader: Reader, kind: str, key: str, read: Callable[[Reader], Any]) -> SettingsError:
    read(reader)
    taken = f"only {', '.join(('kind', *_TAKES[kind]))}" if _TAKES[kind] else "nothing but kind"
    return reader.refuse(key, f"{taken}, for {kind} takes no {key}")


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
    group_kind: GroupKind | None
    group: str | None
    seconds: int
    action_minutes: int
    perturbed_metrics: tuple[str, ...]
    undo: str
    wanted: int | None = None
    zone: Zone | None = None
    connections: Connections | None = None


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
