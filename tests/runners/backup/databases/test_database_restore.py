"""Real restores of a database over HTTP: all its settings come back, and what does not is told before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.session import get_session

from local.server import Running
from pricing.price_book import PriceBook
from runners.aws.database_settings import LEFT_OUT_OF_DRILLS, NOT_SENT, restore_arguments
from runners.aws.databases import AwsDatabases
from runners.aws.session import AwsClients
from runners.backup.databases.database_restore import DatabaseRestore
from runners.backup.databases.databases import Database
from runners.backup.drill import DrillLimits
from runners.backup.evidence import Check
from runners.backup.restore_result import Restored, RestorePlan
from runners.backup.restoring import Restoring
from runners.errors import AwsError, InputError
from runners.runs.clock import SystemClock
from runners.runs.reason import NotNowError
from runners.runs.run_folder import Runs
from tests.runners.backup.tables.test_tables import set_knobs
from tests.runners.journal_lines import assert_fits
from tests.runners.rehearsal import MemoryLeases, MemoryRecords

pytestmark = pytest.mark.cloud
NAME, TARGET = "ledger", "ledger-back"
ROLE = "arn:aws:iam::123456789012:role/rds"


@dataclass
class Site:
    """A database with every setting that the local cloud holds, and what restores it."""

    rds: Any
    restore: DatabaseRestore
    restoring: Restoring

    def plan(self, at: datetime | None = None, **change: Any) -> RestorePlan:
        source = self.restore.databases.database(NAME)
        assert source is not None
        assert source.latest_restorable is not None
        return replace(self.restore, **change).plan(at or source.latest_restorable, TARGET)

    def carry_out(self, **change: Any) -> Restored:
        chosen = replace(self.restore, **change)
        done = self.restoring.start(chosen, self.plan(**change), "dev")
        assert done.run is not None
        assert_fits(self.restoring.runs.journal(done.run), "a restore of a database")
        return done

    def described(self, name: str) -> Any:
        return self.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


@pytest.fixture(scope="module")
def rds(clients: AwsClients) -> Iterator[Any]:
    client = clients.client("rds")
    client.create_option_group(
        OptionGroupName="audited", EngineName="mysql", MajorEngineVersion="8.0", OptionGroupDescription="x"
    )
    client.create_db_parameter_group(
        DBParameterGroupName="strict", DBParameterGroupFamily="mysql8.0", Description="strict"
    )
    client.create_db_instance(
        DBInstanceIdentifier=NAME,
        DBInstanceClass="db.r6gd.4xlarge",
        Engine="mysql",
        EngineVersion="8.0.40",
        AllocatedStorage=500,
        StorageType="gp3",
        Iops=13000,
        StorageThroughput=600,
        MaxAllocatedStorage=1000,
        MasterUsername="admin",
        MasterUserPassword="not-a-secret-here",
        BackupRetentionPeriod=21,
        PreferredBackupWindow="01:10-01:40",
        PreferredMaintenanceWindow="tue:03:10-tue:03:40",
        DBParameterGroupName="strict",
        OptionGroupName="audited",
        EnableIAMDatabaseAuthentication=True,
        EnableCloudwatchLogsExports=["error", "slowquery"],
        CACertificateIdentifier="rds-ca-ecc384-g1",
        CopyTagsToSnapshot=True,
        AutoMinorVersionUpgrade=False,
        MultiAZ=True,
        MonitoringInterval=30,
        MonitoringRoleArn=ROLE,
        Tags=[{"Key": "team", "Value": "shop"}],
    )
    client.modify_db_instance(DBInstanceIdentifier=NAME, EnablePerformanceInsights=True, ApplyImmediately=True)
    client.add_role_to_db_instance(DBInstanceIdentifier=NAME, RoleArn=ROLE, FeatureName="s3Import")
    yield client
    for role in client.describe_db_instances(DBInstanceIdentifier=NAME)["DBInstances"][0]["AssociatedRoles"]:
        assert role["FeatureName"] == "s3Import"
    client.delete_db_instance(DBInstanceIdentifier=NAME, SkipFinalSnapshot=True)
    client.delete_option_group(OptionGroupName="audited")
    client.delete_db_parameter_group(DBParameterGroupName="strict")


@pytest.fixture
def site(clients: AwsClients, rds: Any, cloud: Running, tmp_path: Path) -> Iterator[Site]:
    set_knobs(cloud, database_restore_seconds=0.1)
    clock = SystemClock()
    restore = DatabaseRestore(
        stack="dev",
        name=NAME,
        databases=AwsDatabases(clients),
        prices=PriceBook.load(),
        region="us-east-1",
        clock=clock,
        limits=DrillLimits(every=timedelta(seconds=0.05)),
    )
    restoring = Restoring(
        stack="dev",
        runs=Runs(tmp_path, "dev"),
        records=MemoryRecords(),
        leases=MemoryLeases(clock),
        clock=clock,
        say=lambda _: None,
    )
    yield Site(rds, restore, restoring)
    if TARGET in {held["DBInstanceIdentifier"] for held in rds.describe_db_instances()["DBInstances"]}:
        rds.modify_db_instance(DBInstanceIdentifier=TARGET, DeletionProtection=False, ApplyImmediately=True)
        rds.delete_db_instance(DBInstanceIdentifier=TARGET, SkipFinalSnapshot=True)


def checks(done: Restored) -> dict[str, Check]:
    return {check.name: check for check in done.checks}


def test_every_setting_comes_back(site: Site) -> None:
    done = site.carry_out()
    assert done.verdict == "restored", [check for check in done.checks if not check.ok]
    source, found = site.described(NAME), site.described(TARGET)
    for member in (
        "Iops",
        "MaxAllocatedStorage",
        "EnabledCloudwatchLogsExports",
        "MultiAZ",
        "TagList",
        "MonitoringInterval",
    ):
        assert found[member] == source[member] != [], member
    assert found["DeletionProtection"] is True
    assert [role["FeatureName"] for role in found["AssociatedRoles"]] == ["s3Import"]


def test_an_unknown_price_stands_in_nobody_s_way(site: Site) -> None:
    plan = site.plan()
    assert plan.cost_usd is None
    assert any("the price of class db.r6gd.4xlarge is unknown" in note for note in plan.notes)
    assert RestorePlan.read(plan.document()) == plan


@pytest.mark.parametrize("size", ["db.t3.micro"])
def test_a_known_price_is_told_with_its_storage(site: Site, clients: AwsClients, size: str) -> None:
    @dataclass(frozen=True)
    class Small(AwsDatabases):
        def database(self, name: str) -> Database | None:
            found = super().database(name)
            return found and replace(found, size=size, storage_gb=20, storage_type="gp2", multi_az=False)

    plan = site.plan(databases=Small(clients))
    assert str(plan.cost_usd) == "14.71"
    assert not [note for note in plan.notes if "price" in note]


@pytest.mark.parametrize("moved", [timedelta(days=-30), timedelta(hours=1)])
def test_a_time_outside_the_window_is_refused_with_the_window(site: Site, moved: timedelta) -> None:
    with pytest.raises(InputError, match=r"outside-recovery: .* cannot be restored; accepted: from 20.*Z to 20.*Z"):
        site.plan(datetime.now(UTC) + moved)


def test_a_database_that_is_gone_and_a_name_that_is_taken_are_refused(site: Site) -> None:
    with pytest.raises(NotNowError, match="database-gone: database gone does not exist in us-east-1; "):
        replace(site.restore, name="gone").plan(datetime.now(UTC))
    with pytest.raises(NotNowError, match=f"name-taken: --to {NAME}: a database of that name exists"):
        site.restore.plan(datetime.now(UTC), NAME)
    with pytest.raises(InputError, match="is no name of a database; accepted: at most 63 characters"):
        site.restore.plan(datetime.now(UTC), "n" * 64)


def test_the_local_cloud_refuses_another_time_as_rds_does(site: Site) -> None:
    source = site.restore.databases.database(NAME)
    assert source is not None
    with pytest.raises(AwsError, match="cannot be restored"):
        site.restore.databases.restore(source, TARGET, datetime(2020, 1, 1, tzinfo=UTC))


def test_a_window_that_cannot_be_read_stands_in_nobody_s_way(site: Site, clients: AwsClients) -> None:
    @dataclass(frozen=True)
    class Denied(AwsDatabases):
        def earliest(self, name: str) -> datetime | None:
            raise AwsError("rds:DescribeDBInstanceAutomatedBackups: denied", operation="rds:x", code="AccessDenied")

    plan = site.plan(databases=Denied(clients))
    assert any("how far back its backups go is not known" in note and "denied" in note for note in plan.notes)


@dataclass(frozen=True)
class Otherwise(AwsDatabases):
    """Databases that RDS describes otherwise."""

    name: str = ""
    change: tuple[tuple[str, Any], ...] = ()

    def database(self, name: str) -> Database | None:
        found = super().database(name)
        return (
            found
            if found is None or name != self.name
            else replace(found, described={**found.described, **dict(self.change)})
        )


def test_what_cannot_be_put_back_is_named_before_and_after(
    site: Site, clients: AwsClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    databases = Otherwise(clients, NAME, (("ReadReplicaDBInstanceIdentifiers", ["ledger-2"]),))
    assert "RDS cannot bring back read replicas (ledger-2); set it again" in site.plan(databases=databases).notes
    done = site.carry_out(databases=databases)
    assert (done.verdict, done.exit_code) == ("incomplete", 1)
    assert checks(done)["read replicas"].expected == "ledger-2"
    assert "1 are not: read replicas" in checks(done)["settings"].observed


def test_a_member_that_nobody_knows_yet_is_compared(site: Site, clients: AwsClients) -> None:
    done = site.carry_out(databases=Otherwise(clients, NAME, (("NewSetting", {"Level": 3}),)))
    assert checks(done)["NewSetting"].expected == "Level 3"
    assert done.verdict == "incomplete"


def test_a_refused_setting_does_not_stop_a_rescue(site: Site, clients: AwsClients) -> None:
    # A volume of this size takes no IOPS, and the source is said to have them.
    change = (("AllocatedStorage", 500), ("OptionGroupMemberships", [{"OptionGroupName": "gone", "Status": "in-sync"}]))
    unknown = replace(site.restore, databases=Otherwise(clients, NAME, change))
    with pytest.raises(AwsError, match="OptionGroup"):
        site.restoring.start(unknown, site.plan(), "dev")
    site.rds.modify_db_instance(DBInstanceIdentifier=NAME, AllocatedStorage=100, ApplyImmediately=True)
    try:
        done = site.carry_out()
    finally:
        site.rds.modify_db_instance(DBInstanceIdentifier=NAME, AllocatedStorage=500, ApplyImmediately=True)
    assert done.verdict == "incomplete"
    assert "can't specify IOPS or storage throughput" in checks(done)["accepted"].observed
    assert site.described(TARGET)["DBParameterGroups"][0]["DBParameterGroupName"] == "strict"
    assert "IAM login" in checks(done)


def test_every_parameter_of_the_request_is_sent_or_has_a_reason() -> None:
    model: Any = get_session().get_service_model("rds")
    known = set(model.operation_model("RestoreDBInstanceToPointInTime").input_shape.members)
    members = model.shape_for("DBInstance").members
    full = {name: _some(shape) for name, shape in members.items()}
    sent = set(restore_arguments(full)) | {
        "SourceDBInstanceIdentifier",
        "TargetDBInstanceIdentifier",
        "RestoreTime",
    }
    assert sent | NOT_SENT.keys() == known
    assert not sent & NOT_SENT.keys()
    assert LEFT_OUT_OF_DRILLS.keys() <= sent


def _some(shape: Any) -> Any:
    if shape.type_name == "structure":
        return {name: _some(inner) for name, inner in shape.members.items()}
    if shape.type_name == "list":
        return [_some(shape.member)]
    return {"string": "a", "integer": 9000, "boolean": True}.get(shape.type_name)
