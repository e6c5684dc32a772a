from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from components.chaos.experiment_file import experiments_folder, read_experiments, read_file
from components.chaos.faults.az_impairment import AzImpairment
from components.chaos.faults.connection_exhaustion import ConnectionExhaustion
from components.chaos_settings import ChaosSettings
from components.reading import Reader, SettingsError

STARTERS = ("pipeline", "scheduler", "none")
GOOD = """\
version: 1
experiments:
  - name: slow
    description: Slow calls.
    fault: {kind: network-latency, sources: 10.0.0.0/16}
    hypothesis:
      probes:
        - {name: p99, source: loadBalancer, metric: TargetResponseTime, stat: p99, atMost: 1}
    evidence:
      - {name: calls, source: logs, metric: DatabaseLatency, stat: Average, atLeast: 100}
    stopAlarms: [errors]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "network.yaml"


def test_the_shipped_files_by_stage() -> None:
    names = {stage: [spec.name for _, spec in read_experiments(experiments_folder(), stage)] for stage in (2, 3, 4, 5)}
    assert names[2] == []
    assert names[3] == ["network-latency"]
    assert names[4] == [*names[3], "instance-termination", "alb-health-check"]
    assert names[5] == [*names[4], "database-connection-failure"]


def test_what_is_left_out_has_a_default(file: Path) -> None:
    file.write_text(GOOD)
    [spec] = read_file(file, "network")
    assert (spec.targets.count, spec.targets.most_percent, spec.hypothesis.kind) == (1, 50, "recovery")
    assert (spec.schedule, spec.required, spec.allow_outage) == (None, True, False)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "10.0.0.0/16}",
            "10.0.0.0/16, seconds: 30}",
            5,
            "experiments[0].fault.seconds is 30; accepted: a whole number",
        ),
        ("kind: network-latency", "kind: earthquake", 5, "experiments[0].fault.kind"),
        (", sources: 10.0.0.0/16", "", 5, "experiments[0].fault.sources"),
        ("atMost: 1}", "atmost: 1}", 8, "experiments[0].hypothesis.probes[0]"),
        ("[errors]", "[everything]", 11, "experiments[0].stopAlarms"),
        ("[errors]", "[]", 11, "experiments[0].stopAlarms"),
        ("name: slow", "name: Slow One", 3, "experiments[0].name"),
        ("version: 1", "version: 2", 1, "version is 2"),
        ("    stopAlarms", "    haltAlarms: []\n    stopAlarms", 11, "experiments[0].haltAlarms is not a setting"),
        ("    stopAlarms", "    name: again\n    stopAlarms", 11, "experiments[0].name: given twice"),
        ("    description", "   description", 4, "not YAML"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(file: Path, old: str, new: str, line: int, message: str) -> None:
    file.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(SettingsError) as refused:
        read_file(file, "network")
    assert str(refused.value).startswith(f"{file}:{line}: "), str(refused.value)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_rate_is_refused_where_scheduler_starts(file: Path) -> None:
    file.write_text(GOOD.replace("    fault:", "    schedule: rate(14 days)\n    fault:"))
    terms = {name: ChaosSettings.read(Reader({"starter": name}, "ial:chaos."), "dev") for name in STARTERS}
    for name in ("pipeline", "none"):
        assert read_file(file, "network", terms[name])
    with pytest.raises(SettingsError) as refused:
        read_file(file, "network", terms["scheduler"])
    said = (
        f'{file}:5: experiments[0].schedule is "rate(14 days)"; accepted: with ial:chaos starter scheduler, cron(...)'
    )
    assert str(refused.value).startswith(said)
    file.write_text(GOOD.replace("    fault:", "    schedule: rate(14 days)\n    enabled: false\n    fault:"))
    assert read_file(file, "network", terms["scheduler"])


ZONE = "{kind: az-impairment, zone: use1-az1, subnets: [subnet-0a0a0a0a0a0a0a0a0]}"


def test_a_zone_is_read(file: Path) -> None:
    file.write_text(GOOD.replace("{kind: network-latency, sources: 10.0.0.0/16}", ZONE))
    [spec] = read_file(file, "infrastructure")
    fault = spec.fault
    assert isinstance(fault, AzImpairment)
    assert (fault.zone, fault.subnets, fault.scope) == ("use1-az1", ("subnet-0a0a0a0a0a0a0a0a0",), "availability-zone")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("zone: use1-az1, ", "", "fault.zone"),
        ("use1-az1", "us-east-1a", "a zone's id such as use1-az1"),
        (", subnets: [subnet-0a0a0a0a0a0a0a0a0]", "", "1 to 4 subnets of that zone"),
        ("subnet-0a0a0a0a0a0a0a0a0", "subnet-web", "a list of subnets"),
        (
            "[subnet-0a0a0a0a0a0a0a0a0]",
            "[subnet-0a0a0a0a0a0a0a0a0, 'arn:aws:ec2:us-east-1:123456789012:subnet/subnet-0a0a0a0a0a0a0a0a0']",
            "each once",
        ),
        ("[subnet-0a0a0a0a0a0a0a0a0]", str([f"subnet-{n:08x}" for n in range(5)]), "1 to 4 subnets"),
        ("zone: use1-az1", "zone: use1-az1, scope: s3", "accepted: availability-zone, all"),
    ],
)
def test_a_zone_that_cannot_be_meant(file: Path, old: str, new: str, said: str) -> None:
    file.write_text(GOOD.replace("{kind: network-latency, sources: 10.0.0.0/16}", ZONE.replace(old, new, 1)))
    with pytest.raises(SettingsError, match=r"network\.yaml:5: experiments") as refused:
        read_file(file, "infrastructure")
    assert said in str(refused.value)


HOLD = (
    "{kind: connection-exhaustion, host: db.example.com, port: 5432, engine: postgresql, connections: 40, reserve: 5}"
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (" host: db.example.com,", "", "fault.host"),
        ("db.example.com", "'db;reboot'", "the address of the database"),
        (" port: 5432,", "", "the port of the database"),
        (" engine: postgresql,", "", "accepted: postgresql, mysql"),
        ("engine: postgresql", "engine: oracle", "accepted: postgresql, mysql"),
        ("connections: 40", "connections: 501", "fault.connections is 501"),
        ("connections: 40", "connections: 0", "fault.connections is 0"),
        ("reserve: 5", "reserve: 0", "fault.reserve is 0"),
    ],
)
def test_connections_that_cannot_be_meant(file: Path, old: str, new: str, said: str) -> None:
    text = GOOD.replace("{kind: network-latency, sources: 10.0.0.0/16}", HOLD)
    file.write_text(text)
    [spec] = read_file(file, "application")
    fault = spec.fault
    assert isinstance(fault, ConnectionExhaustion)
    assert (fault.connections, fault.reserve, fault.engine) == (40, 5, "postgresql")
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(SettingsError, match=r"network\.yaml:5: experiments") as refused:
        read_file(file, "application")
    assert said in str(refused.value)


EVIDENCE = "{name: calls, source: logs, metric: DatabaseLatency, stat: Average, atLeast: 100}"


@pytest.mark.parametrize(
    "kind", ["alarm", "target-health", "target-share", "group", "service", "http", "database", "replaced"]
)
def test_what_is_looked_at_after_the_fault_is_no_evidence(file: Path, kind: str) -> None:
    file.write_text(GOOD.replace(EVIDENCE, f"{{name: calls, type: {kind}, target: a, atLeast: 1}}"))
    with pytest.raises(SettingsError, match=r"evidence.*accepted: probes of type metric or instances"):
        read_file(file, "network")


def test_what_was_hit_and_is_gone_is_evidence(file: Path) -> None:
    file.write_text(GOOD.replace(EVIDENCE, "{name: gone, type: instances, atLeast: 1}"))
    [spec] = read_file(file, "network")
    assert [probe.type for probe in spec.evidence] == ["instances"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"network\.yaml: cannot be read .*name an existing file"):
        read_experiments(tmp_path, 3)


def test_a_name_is_used_once_in_all_files(tmp_path: Path) -> None:
    for name in ("network", "infrastructure"):
        (tmp_path / f"{name}.yaml").write_text(GOOD)
    with pytest.raises(SettingsError, match="experiment slow is there twice"):
        read_experiments(tmp_path, 4)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=5))
def test_nothing_else_than_an_error_with_a_line_comes_of_anything(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    path = tmp_path_factory.mktemp("any") / "network.yaml"
    document = yaml.safe_load(GOOD)
    document["experiments"][0]["targets"] = value
    path.write_text(yaml.safe_dump(document))
    if value in (None, {}):
        assert read_file(path, "network")
        return
    with pytest.raises(SettingsError, match=r"network\.yaml:\d+: experiments\[0\]\.targets"):
        read_file(path, "network")
