"""What a fault takes by its kind: each key that a kind has no use for is refused, by its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from components.chaos.experiment_file import read_file
from components.chaos.fault_kinds import fault_kinds, read_fault
from components.chaos.fault_settings import FaultSettings
from components.reading import Reader, SettingsError

DELAY = {"seconds": 300, "delayMs": 100, "jitterMs": 5, "sources": "10.0.0.0/16"}
TAKEN: dict[str, dict[str, Any]] = {
    "network-latency": DELAY,
    "instance-termination": {},
    "alb-stress": {"seconds": 60, "port": 8080},
    "database-connection-failure": {"seconds": 120, "port": 5432},
    "ecs-task-latency": DELAY,
    "ecs-task-blackhole": {"seconds": 180, "port": 8081, "trafficType": "ingress"},
    "database-failover": {},
    "az-impairment": {
        "seconds": 300,
        "zone": "use1-az1",
        "subnets": ["subnet-0a0a0a0a0a0a0a0a0"],
        "scope": "all",
    },
    "connection-exhaustion": {
        "seconds": 180,
        "host": "shop-db.example",
        "port": 5432,
        "engine": "postgresql",
        "connections": 90,
        "reserve": 10,
    },
}
ALL: dict[str, Any] = {key: value for given in TAKEN.values() for key, value in given.items()}
UNUSED = [(kind, key) for kind, given in TAKEN.items() for key in ALL.keys() - given.keys()]


def read(kind: str, **given: Any) -> FaultSettings:
    reader = Reader({"kind": kind, **given}, "fault.")
    found = read_fault(reader)
    reader.close()
    return found


def test_every_kind_is_here() -> None:
    assert TAKEN.keys() == fault_kinds().keys()


@pytest.mark.parametrize("kind", TAKEN)
def test_what_a_kind_takes_is_read(kind: str) -> None:
    found = read(kind, **TAKEN[kind])
    held = {name.replace("_", ""): value for name, value in vars(found).items()}
    for key, value in TAKEN[kind].items():
        name = {"trafficType": "direction"}.get(key, key.lower())
        assert held[name] == (tuple(value) if isinstance(value, list) else value)


@pytest.mark.parametrize(("kind", "key"), sorted(UNUSED))
def test_what_it_does_not_take_is_refused(kind: str, key: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(kind, **TAKEN[kind], **{key: ALL[key]})
    said = str(refused.value)
    assert said.startswith(f"fault.{key} is {json.dumps(ALL[key])}; accepted: ")
    assert said.endswith(f"for {kind} takes no {key}")
    assert all(taken in said for taken in TAKEN[kind])


@pytest.mark.parametrize("port", [80, 443])
def test_the_agent_of_a_task_can_be_told_to_stop(port: int) -> None:
    with pytest.raises(SettingsError, match=rf"fault\.port is {port}; accepted: any port but 80 and 443 with egress"):
        read("ecs-task-blackhole", port=port, trafficType="egress")
    read("ecs-task-blackhole", port=port, trafficType="ingress")
    read("ecs-task-blackhole", port=5432, trafficType="egress")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"port": 80}, r"fault\.trafficType is null; accepted: ingress, egress"),
        ({"port": 80, "trafficType": "both"}, r'fault\.trafficType is "both"; accepted: ingress, egress'),
        ({"trafficType": "ingress"}, r"fault\.port is null; accepted: the port that is cut off"),
    ],
)
def test_a_blackhole_says_port_and_direction(given: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        read("ecs-task-blackhole", **given)


@pytest.mark.parametrize("kind", TAKEN)
def test_what_is_misspelt_is_told_what_this_kind_takes(kind: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(kind, **TAKEN[kind], sceonds=60)
    assert str(refused.value) == (
        f"fault.sceonds is not a setting; accepted: {', '.join(sorted(['kind', *TAKEN[kind]]))}"
    )


def test_file_line_and_kind_are_named(tmp_path: Path) -> None:
    file = tmp_path / "infrastructure.yaml"
    file.write_text(
        "version: 1\nexperiments:\n  - name: gone\n    description: An instance goes.\n"
        "    fault:\n      kind: instance-termination\n      port: 22\n      seconds: 300\n"
    )
    with pytest.raises(SettingsError) as refused:
        read_file(file, "infrastructure")
    assert str(refused.value) == (
        f"{file}:8: experiments[0].fault.seconds is 300; accepted: nothing but kind, "
        "for instance-termination takes no seconds"
    )
