"""`ial chaos` on a stack that asked for the kinds that are off by default: they are planned, carried out and judged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.server import Running
from tests.clouds import Clouds
from tests.runners.chaos.conftest import Deployed
from tests.runners.conftest import ROOT, Ial
from tests.runners.deployed import changed
from tests.runners.test_schemas import valid

pytestmark = pytest.mark.cloud
KINDS = ["az-impairment", "connection-exhaustion"]


@pytest.fixture(scope="module")
def site(clouds: Clouds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Running]]:
    folder = tmp_path_factory.mktemp("site")
    with changed(clouds, folder, lambda running: ask_for_all(folder, running)) as found:
        yield found


def ask_for_all(folder: Path, running: Running) -> None:
    """The shipped experiments, all enabled, with a zone and a subnet that are there."""
    shutil.copytree(ROOT / "experiments", folder / "experiments")
    [subnet] = [
        held
        for held in running.endpoint.client("ec2").describe_subnets()["Subnets"]
        if held["AvailabilityZone"] == "us-east-1a" and held["CidrBlock"] == "10.0.0.0/24"
    ]
    [database] = running.endpoint.client("rds").describe_db_instances(DBInstanceIdentifier="shop-db")["DBInstances"]
    for file in (folder / "experiments").glob("*.yaml"):
        text = file.read_text().replace("enabled: false", "enabled: true")
        text = text.replace("use1-az1", subnet["AvailabilityZoneId"])
        text = text.replace("shop-db.example.us-east-1.rds.amazonaws.com", database["Endpoint"]["Address"])
        file.write_text(text.replace("subnet-0123456789abcdef0", subnet["SubnetId"]))


@pytest.fixture
def deployed(site: tuple[Path, Running], ial: Ial) -> Deployed:
    found = Deployed(*site, ial)
    found.forget()
    return found


@pytest.mark.parametrize("name", KINDS)
def test_a_healthy_workload_passes(deployed: Deployed, name: str) -> None:
    planned = deployed.run("plan", name, "--json")
    assert planned.code == 0, planned.out
    refusing = [held for held in valid(planned, "chaos-plan")["obstacles"] if not held["warning"]]
    assert refusing == []
    ran = deployed.run("run", name, "--rehearsal", "design.seed=2", "--json")
    record = valid(ran, "chaos-record")
    assert (ran.code, record["verdict"], record["reasons"]) == (0, "passed", []), ran.err
    assert record["evidence"][0]["ok"] is True


@pytest.mark.parametrize(
    ("name", "design"),
    [("az-impairment", "design.capacity=35"), ("connection-exhaustion", "design.circuit_breaker=false")],
)
def test_a_weak_workload_does_not(deployed: Deployed, name: str, design: str) -> None:
    ran = deployed.run("run", name, "--rehearsal", design, "--json")
    assert valid(ran, "chaos-record")["verdict"] in {"failed", "aborted-by-alarm"}
    assert ran.code in (1, 4)


@pytest.mark.parametrize("name", KINDS)
def test_a_fault_without_effect_proves_nothing(deployed: Deployed, name: str) -> None:
    ran = deployed.run("run", name, "--rehearsal", "faults.no_effect=true", "--json")
    record = valid(ran, "chaos-record")
    assert (ran.code, record["verdict"]) == (5, "invalid"), record["reasons"]
