"""Real restores of tables that have everything, through the production adapters."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server import Running
from pricing.price_book import PriceBook
from runners.aws.session import AwsClients
from runners.aws.table_settings import AwsTableSettings
from runners.aws.tables import AwsTables
from runners.backup.drill import DrillLimits, DrillRun
from runners.backup.evidence import Check
from runners.backup.restore_result import Restored
from runners.backup.tables.table_differences import differences
from runners.backup.tables.table_restore import TableRestore
from runners.backup.tables.tables import RestoreWindow, TableShape
from runners.errors import AwsError, InputError
from runners.runs.clock import SystemClock
from runners.runs.journal import Journal, closing
from runners.runs.reason import NotNowError
from tests.runners.backup.tables.test_tables import set_knobs
from tests.runners.journal_lines import assert_fits

pytestmark = pytest.mark.cloud
UNITS = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
NOW = int(datetime.now(UTC).timestamp())


@dataclass
class Site:
    """A table with everything that its owner may have set, and what restores it."""

    clients: AwsClients
    name: str
    folder: Path
    said: list[str] = field(default_factory=list)
    settings: AwsTableSettings | None = None

    @property
    def restore(self) -> TableRestore:
        return TableRestore(
            stack="dev",
            table=self.name,
            tables=AwsTables(self.clients),
            settings=self.settings or AwsTableSettings(self.clients),
            prices=PriceBook.load(),
            region="us-east-1",
            clock=SystemClock(),
            limits=DrillLimits(every=timedelta(milliseconds=50)),
        )

    def carried_out(self) -> Restored:
        at = AwsTables(self.clients).window(self.name).latest
        assert at is not None
        plan = self.restore.plan(at)
        run = f"20261125-083000-{secrets.token_hex(2)}"
        with closing(Journal.create(self.folder / f"{run}.jsonl", SystemClock())) as journal:
            done = self.restore.carry_out(DrillRun(run, journal, SystemClock(), self.said.append), plan)
        assert_fits(self.folder / f"{run}.jsonl", "a restore of a table")
        return done


def create(clients: AwsClients, name: str) -> None:
    """Every setting, of the table and of an index, that the local cloud can hold."""
    client = clients.client("dynamodb")
    client.create_table(
        TableName=name,
        BillingMode="PROVISIONED",
        ProvisionedThroughput=UNITS,
        TableClass="STANDARD_INFREQUENT_ACCESS",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("id", "who")],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-who",
                "KeySchema": [{"AttributeName": "who", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["y", "x"]},
                "ProvisionedThroughput": UNITS,
            }
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        SSESpecification={"Enabled": True, "SSEType": "KMS"},
        Tags=[{"Key": f"k{number:02}", "Value": "v"} for number in range(30)],
    )
    arn = client.describe_table(TableName=name)["Table"]["TableArn"]
    for number in range(8):
        expires = NOW - 3600 if number < 5 else NOW + 36000
        client.put_item(TableName=name, Item={"id": {"S": f"{number}"}, "expires": {"N": str(expires)}})
    # Without RecoveryPeriodInDays.
    client.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    client.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
    client.update_contributor_insights(TableName=name, IndexName="by-who", ContributorInsightsAction="ENABLE")
    stream(clients, name)
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Resource": arn, "Principal": "*", "Action": "x"}],
    }
    client.put_resource_policy(ResourceArn=arn, Policy=json.dumps(policy))
    client.update_table(TableName=name, DeletionProtectionEnabled=True)
    scale(clients, name)


def stream(clients: AwsClients, name: str) -> None:
    kinesis = clients.client("kinesis")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    arn = kinesis.describe_stream(StreamName=name)["StreamDescription"]["StreamARN"]
    clients.client("dynamodb").enable_kinesis_streaming_destination(TableName=name, StreamArn=arn)


def scale(clients: AwsClients, name: str) -> None:
    """The index alone: the table itself is not scaled."""
    client = clients.client("application-autoscaling")
    where = {
        "ServiceNamespace": "dynamodb",
        "ResourceId": f"table/{name}/index/by-who",
        "ScalableDimension": "dynamodb:index:ReadCapacityUnits",
    }
    client.register_scalable_target(**where, MinCapacity=5, MaxCapacity=500)
    target = {
        "TargetValue": 70.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"},
    }
    client.put_scaling_policy(
        **where,
        PolicyName="follow",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=target,
    )
    client.put_scheduled_action(
        **where,
        ScheduledActionName="black-friday",
        Schedule="cron(0 6 27 11 ? *)",
        ScalableTargetAction={"MinCapacity": 400},
    )


@pytest.fixture
def site(clients: AwsClients, cloud: Running, tmp_path: Path) -> Iterator[Site]:
    set_knobs(cloud, latest_restorable_lag_seconds=0, restore_seconds=0.1)
    name = f"ledger-{secrets.token_hex(4)}"
    create(clients, name)
    yield Site(clients, name, tmp_path)
    client = clients.client("dynamodb")
    for table in client.list_tables()["TableNames"]:
        if table.startswith(name):
            client.update_table(TableName=table, DeletionProtectionEnabled=False)
            client.delete_table(TableName=table)
    clients.client("kinesis").delete_stream(StreamName=name)


def wrong(done: Restored) -> list[Check]:
    return [check for check in done.checks if check.ok is not True]


def test_everything_comes_back(site: Site) -> None:
    done = site.carried_out()
    assert (done.verdict, wrong(done)) == ("restored", [])
    tables = AwsTables(site.clients)
    source, copy = tables.describe(site.name), tables.describe(done.plan.target)
    assert [held.part.name for held in differences(source, copy).parts if not held.same] == []
    # More than one page of tags, a window that was not told, and an index that is scaled alone.
    assert len(copy.answers["Tags"]) == 30
    assert copy.answers["ContinuousBackups"]["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    [target], [action] = copy.answers["ScalableTargets"], copy.answers["ScheduledActions"]
    assert target["ResourceId"] == action["ResourceId"] == f"table/{done.plan.target}/index/by-who"
    assert copy.arn in copy.answers["ResourcePolicy"]["Policy"]
    # What would be deleted is told before the time to live goes on.
    steps = [text.split(":")[0] for text in site.said]
    assert steps.index("5 restored items have expired by expires") < steps.index("putting back time-to-live")
    [expired] = [check for check in done.checks if check.name == "expired-items"]
    assert expired.observed == "5 items"


def test_the_plan_names_all_of_it_before(site: Site) -> None:
    at = AwsTables(site.clients).window(site.name).latest
    assert at is not None
    steps = "\n".join(site.restore.plan(at).steps)
    for told in (
        *("put back point-in-time-recovery: 35 days", "put back stream: NEW_AND_OLD_IMAGES", "put back tags: k00=v"),
        *("scheduled action black-friday", "put back contributor-insights: by-who", "put back kinesis-destinations"),
        *("put back resource-policy", "put back time-to-live: expires (what has expired by then is deleted soon"),
        *("put back deletion-protection: on", "read units at most 5 a second", "leave out Table.WarmThroughput"),
    ):
        assert told in steps, steps


def test_an_unknown_price_stands_in_nobody_s_way(site: Site) -> None:
    at = AwsTables(site.clients).window(site.name).latest
    assert at is not None
    known, unknown = site.restore.plan(at), replace(site.restore, region="mars-1").plan(at)
    assert known.cost_usd is not None
    assert known.notes == ()
    assert unknown.cost_usd is None
    assert "the price of GB restored is unknown (dynamodb.restore in mars-1)" in unknown.notes
    # The second plan may be of the next second, which is part of the new table's name.
    assert [re.sub(r"-\d{8}-\d{6}", "", step) for step in unknown.steps] == [
        re.sub(r"-\d{8}-\d{6}", "", step) for step in known.steps
    ]


def test_what_is_refused_is_told_and_the_others_come_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AwsError("PutResourcePolicy: no", operation="dynamodb:PutResourcePolicy", code="LimitExceededException")

    monkeypatch.setattr(AwsTableSettings, "_put_policy", refuse)
    done = site.carried_out()
    assert done.verdict == "incomplete"
    [check] = wrong(done)
    assert (check.name, check.observed) == ("resource-policy", "none")
    assert "PutResourcePolicy: no" in check.detail


@pytest.mark.parametrize("code", ["AccessDeniedException", "UnknownOperationException", "InternalServerError"])
def test_what_may_not_be_asked_is_not_called_none(site: Site, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    def refuse(**_: object) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, "DescribeKinesisStreamingDestination")

    monkeypatch.setattr(site.clients.client("dynamodb"), "describe_kinesis_streaming_destination", refuse)
    if code == "InternalServerError":
        with pytest.raises(AwsError, match="InternalServerError"):
            AwsTables(site.clients).describe(site.name)
        return
    at = AwsTables(site.clients).window(site.name).latest
    assert at is not None
    operation = "dynamodb:DescribeKinesisStreamingDestination"
    assert AwsTables(site.clients).describe(site.name).unknown == {"KinesisDestinations": f"{operation}: {code}"}
    assert f"KinesisDestinations is not known, and is not put back: {operation}: {code}" in site.restore.plan(at).steps


def test_a_setting_that_nobody_knows_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS tells something new of the source, and the copy does not have it."""
    describe = AwsTables.describe

    def newer(tables: AwsTables, name: str) -> Any:
        found = describe(tables, name)
        if name == site.name:
            found.answers["Table"]["Lifespan"] = {"Days": 7}
        return found

    monkeypatch.setattr(AwsTables, "describe", newer)
    done = site.carried_out()
    assert done.verdict == "incomplete"
    [check] = wrong(done)
    assert check.name == "other-settings"
    assert "Table.Lifespan.Days is none, not 7" in check.detail
    assert any("leave out other-settings: Lifespan.Days=7" in step for step in done.plan.steps)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"target": "a"}, "is no name of a table; accepted: 3 to 255 letters"),
        ({"target": "carts new!"}, "is no name of a table"),
        ({"at": timedelta(days=-3)}, "outside-recovery: .* cannot be restored; accepted: 20"),
        ({"at": timedelta(hours=1)}, "outside-recovery: .* cannot be restored; accepted: 20"),
    ],
)
def test_names_and_times_that_cannot_be(site: Site, change: dict[str, Any], said: str) -> None:
    at = datetime.now(UTC) + change.get("at", timedelta(0))
    with pytest.raises(InputError, match=said):
        site.restore.plan(at, change.get("target"))


@dataclass(frozen=True)
class Otherwise(AwsTables):
    """The tables, of which one is gone, or whose recovery is another."""

    gone: bool = False
    recovery: RestoreWindow | None = None

    def shape(self, name: str) -> TableShape | None:
        return None if self.gone else super().shape(name)

    def window(self, name: str) -> RestoreWindow:
        return self.recovery or super().window(name)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"gone": True}, "table-gone: table ledger does not exist in us-east-1; a deleted table comes back"),
        ({"recovery": RestoreWindow(enabled=False)}, "no-point-in-time: point-in-time recovery of table ledger is off"),
        ({"recovery": RestoreWindow(enabled=True)}, "recovery-just-begun: table ledger has no time yet"),
    ],
)
def test_what_is_there_stands_against_it(site: Site, change: dict[str, Any], said: str) -> None:
    at = AwsTables(site.clients).window(site.name).latest
    assert at is not None
    with pytest.raises(NotNowError, match=said.replace("ledger", site.name)):
        replace(site.restore, tables=Otherwise(site.clients, **change)).plan(at)
    with pytest.raises(NotNowError, match=f"name-taken: --to {site.name}: a table of that name exists"):
        site.restore.plan(at, site.name)
    assert site.restore.plan(at).source == site.name
