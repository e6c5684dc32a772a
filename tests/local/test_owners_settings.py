"""`up` and `down` around a workload whose owner has settings: stronger than ours, weaker, and foreign to us."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.borrowed.kinds import KINDS
from local.deployment import LocalStack
from local.endpoint import ACCOUNT, Endpoint
from local.provisioner import LocalProvisioner
from local.seed import BUCKET, LOG_GROUP, NAME, TABLE
from local.server import Running
from preview.errors import ProgramError, ProvisionError
from preview.project import Project
from tests.clouds import Clouds
from tests.local.leaving import LeavingStack, remove

pytestmark = pytest.mark.cloud

ROOT = Path(__file__).parents[2]
_BORROWED = ("backup-bucket-", "backup-table-", "observability-insights", "observability-logs", "observability-metrics")
_SIZE = "varies_by_storage_class"
_RULES: list[dict[str, Any]] = [
    {
        "ID": "keep-for-the-auditor",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "invoices/", "Tags": [{"Key": "kind", "Value": "invoice"}]}},
        "NoncurrentVersionTransitions": [
            {"NoncurrentDays": 30, "StorageClass": "GLACIER", "NewerNoncurrentVersions": 2}
        ],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 2555, "NewerNoncurrentVersions": 5},
    },
    {
        "ID": "archive",
        "Status": "Enabled",
        "Filter": {"ObjectSizeGreaterThan": 1024},
        "Transitions": [{"Days": 90, "StorageClass": "STANDARD_IA"}],
    },
]
_TIDY = [{"ID": "tidy", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 3}}]
_POLICY: dict[str, Any] = {
    "Version": "2008-10-17",
    "Id": "PolicyForCloudFront",
    "Statement": {
        "Sid": "AllowCloudFront",
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{BUCKET}/*",
        "Condition": {"StringEquals": {"AWS:SourceArn": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"}},
    },
}
_KEY = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/shop"}


class Owner:
    """The workload's owner: sets everything once, and looks at it by the cloud's own answers."""

    def __init__(self, endpoint: Endpoint) -> None:
        names = ("logs", "dynamodb", "ecs", "s3", "cloudwatch", "ssm")
        self.logs, self.dynamodb, self.ecs, self.s3, self.watch, self.ssm = (endpoint.client(name) for name in names)

    def new_bucket(self) -> None:
        """The bucket as it was before anybody set anything."""
        self.s3.delete_bucket_policy(Bucket=BUCKET)
        listed = self.s3.list_object_versions(Bucket=BUCKET)
        for held in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]:
            self.s3.delete_object(Bucket=BUCKET, Key=held["Key"], VersionId=held["VersionId"])
        self.s3.delete_bucket(Bucket=BUCKET)
        self.s3.create_bucket(Bucket=BUCKET)

    def stronger(self) -> None:
        """More than the stack asks for, each."""
        self._scalars(days=365, window=35, protected=True, insights="enhanced")
        self.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        self._bucket(_RULES)

    def weaker(self) -> None:
        """Less than the stack asks for, each."""
        self._scalars(days=7, window=1, protected=False, insights="disabled")
        self._bucket(_TIDY)

    def foreign(self) -> None:
        """Things of the stack's kinds, and of names that are nearly its own."""
        transformation = {"metricName": "Errors", "metricNamespace": "Shop", "metricValue": "1"}
        self.logs.put_metric_filter(
            logGroupName=LOG_GROUP, filterName="Errors", filterPattern="ERROR", metricTransformations=[transformation]
        )
        for name in ("errors", "ial-prod-errors"):
            self.watch.put_metric_alarm(
                AlarmName=name, MetricName="Errors", Namespace="Shop", Statistic="Sum", Period=60,
                EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold",
            )  # fmt: skip
        self.watch.put_dashboard(DashboardName="overview", DashboardBody='{"widgets": []}')

    def _scalars(self, *, days: int, window: int, protected: bool, insights: str) -> None:
        self.logs.put_retention_policy(logGroupName=LOG_GROUP, retentionInDays=days)
        recovery = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": window}
        self.dynamodb.update_continuous_backups(TableName=TABLE, PointInTimeRecoverySpecification=recovery)
        self.dynamodb.update_table(TableName=TABLE, DeletionProtectionEnabled=protected)
        self.ecs.update_cluster(cluster=NAME, settings=[{"name": "containerInsights", "value": insights}])

    def _bucket(self, rules: list[dict[str, Any]]) -> None:
        self.s3.put_bucket_lifecycle_configuration(
            Bucket=BUCKET, LifecycleConfiguration={"Rules": rules}, TransitionDefaultMinimumObjectSize=_SIZE
        )
        self.s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(_POLICY))
        rule = {"ApplyServerSideEncryptionByDefault": _KEY, "BucketKeyEnabled": True}
        self.s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})
        self.s3.put_public_access_block(
            Bucket=BUCKET, PublicAccessBlockConfiguration={"BlockPublicAcls": True, "IgnorePublicAcls": False}
        )

    def sees(self) -> dict[str, Any]:
        """Everything that the owner has, as it is now."""
        (group,) = self.logs.describe_log_groups(logGroupNamePrefix=LOG_GROUP)["logGroups"]
        backups = self.dynamodb.describe_continuous_backups(TableName=TABLE)["ContinuousBackupsDescription"]
        (cluster,) = self.ecs.describe_clusters(clusters=[NAME], include=["SETTINGS"])["clusters"]
        rules = self.s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)
        filters = self.logs.describe_metric_filters()["metricFilters"]
        alarms = self.watch.describe_alarms()["MetricAlarms"]
        return {
            "retention": group.get("retentionInDays"),
            "recovery": backups["PointInTimeRecoveryDescription"].get("RecoveryPeriodInDays", 0),
            "deletion": self.dynamodb.describe_table(TableName=TABLE)["Table"].get("DeletionProtectionEnabled", False),
            "insights": cluster["settings"],
            "versioning": self.s3.get_bucket_versioning(Bucket=BUCKET).get("Status"),
            "rules": rules["Rules"],
            "size": rules["TransitionDefaultMinimumObjectSize"],
            "policy": json.loads(self.s3.get_bucket_policy(Bucket=BUCKET)["Policy"]),
            "encryption": self.s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"],
            "access": self.s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"],
            "filters": [found for found in filters if not found["filterName"].startswith("ial-dev-")],
            "alarms": sorted(a["AlarmName"] for a in alarms if not a["AlarmName"].startswith("ial-dev-")),
            "dashboard": self.watch.get_dashboard(DashboardName="overview")["DashboardBody"],
        }

    def notes(self) -> list[str]:
        return [found["Name"] for found in self.ssm.describe_parameters()["Parameters"]]


def not_weaker(now: dict[str, Any], before: dict[str, Any]) -> None:
    """Each setting by its own order; what has none is untouched."""
    ladder = ["disabled", "enabled", "enhanced"]
    assert now["retention"] >= before["retention"]
    assert now["recovery"] >= before["recovery"]
    assert now["deletion"] >= before["deletion"]
    assert ladder.index(now["insights"][0]["value"]) >= ladder.index(before["insights"][0]["value"])
    assert before["versioning"] != "Enabled" or now["versioning"] == "Enabled"
    theirs = [rule for rule in now["rules"] if not rule["ID"].startswith("ial-dev-")]
    assert theirs == before["rules"]
    statements = now["policy"]["Statement"]
    others = [s for s in (statements if isinstance(statements, list) else [statements]) if "ial-dev" not in s["Sid"]]
    assert others == [before["policy"]["Statement"]]
    assert all(now["access"][flag] or not on for flag, on in before["access"].items())
    for name in ("size", "encryption", "filters", "alarms", "dashboard"):
        assert now[name] == before[name], name


@pytest.fixture(scope="module")
def running(clouds: Clouds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Running]]:
    """A cloud of these tests' own, with its folder: `down` leaves what holds data, which none of them takes away."""
    folder = tmp_path_factory.mktemp("owners")
    with clouds.seeded(folder) as found:
        yield folder, found


@pytest.fixture
def owner(running: tuple[Path, Running]) -> Owner:
    """Whose bucket is new each time: S3 never forgets that one was versioned."""
    found = Owner(running[1].endpoint)
    found.new_bucket()
    return found


@pytest.fixture
def stack(running: tuple[Path, Running]) -> Iterator[LeavingStack]:
    """The stack as far as it touches what others own, with all that an owner may ask for on the bucket."""
    project = replace(Project.load(ROOT, "dev"), directory=running[0])
    workload = json.loads(project.config["ial:workload"])
    workload["buckets"][0]["also"] = ["encryption", "policy", "publicAccessBlock"]
    changed = {"ial:workload": json.dumps(workload), "ial:stage": "2"}
    found = LeavingStack(replace(project, config={**project.config, **changed}))
    yield found
    if found.state().resources:
        found.down()
    remove(found, found.kept)


class Look:
    """Looks at the owner's settings after each step that touches what others own."""

    def __init__(self, owner: Owner) -> None:
        self.owner, self.before, self.due, self.looks = owner, owner.sees(), False, 0

    def __call__(self, _: str, name: str) -> None:
        if self.due:
            not_weaker(self.owner.sees(), self.before)
            self.looks += 1
        self.due = name.startswith(_BORROWED)


@pytest.mark.parametrize("has", [Owner.weaker, Owner.stronger], ids=["weaker", "stronger"])
def test_up_and_down_take_nothing_away(stack: LocalStack, owner: Owner, has: Callable[[Owner], None]) -> None:
    has(owner)
    owner.foreign()
    look = Look(owner)
    before = look.before
    stack.up(look)
    there = owner.sees()
    not_weaker(there, before)
    assert there["retention"] >= 14
    assert there["recovery"] >= 14
    assert (there["deletion"], there["versioning"]) == (True, "Enabled")
    assert all(there["access"].values())
    assert "ial-dev-only-over-tls" in json.dumps(there["policy"])
    assert ("ial-dev-expire-old-versions" in json.dumps(there["rules"])) == (before["versioning"] is None)
    stack.down(look)
    _as_before(owner, before)
    assert look.looks > 20


def _as_before(owner: Owner, before: dict[str, Any]) -> None:
    after = owner.sees()
    assert {**after, "versioning": None} == {**before, "versioning": None}
    # S3 knows no way back from a bucket that once was versioned.
    assert after["versioning"] in (before["versioning"], before["versioning"] or "Suspended")
    assert owner.notes() == []


@pytest.mark.rare
@pytest.mark.parametrize("type_", [name for name in KINDS if "NameGuard" not in name])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("resume", [False, True], ids=["down", "up"])
def test_a_run_that_is_killed_takes_nothing_away(
    stack: LocalStack, owner: Owner, monkeypatch: pytest.MonkeyPatch, type_: str, after: bool, resume: bool
) -> None:
    """At each borrowed setting, before and after its effect; then the run is repeated, or taken down at once."""
    owner.weaker()
    owner.foreign()
    look = Look(owner)
    with monkeypatch.context() as patch:
        _kill(patch, type_, after=after)
        with pytest.raises(ProgramError, match="killed"):
            stack.up(look)
    if resume:
        stack.up(look)
    stack.down(look)
    _as_before(owner, look.before)


def _kill(patch: pytest.MonkeyPatch, type_: str, *, after: bool) -> None:
    effect = LocalProvisioner._effect

    def cut(self: LocalProvisioner, request: Any, *rest: Any) -> Any:
        if request.type != type_:
            return effect(self, request, *rest)
        if after:
            effect(self, request, *rest)
        raise ProvisionError("killed")

    patch.setattr(LocalProvisioner, "_effect", cut)


def test_a_name_that_is_taken_is_refused_before_anything_is_created(stack: LocalStack, owner: Owner) -> None:
    owner.watch.put_dashboard(DashboardName="ial-dev-overview", DashboardBody='{"widgets": []}')
    with pytest.raises(ProgramError, match="dashboard ial-dev-overview: it exists and this stack did not create it"):
        stack.up()
    assert list(stack.state().resources) == [urn for urn in stack.state().resources if urn.endswith("::names")]
    owner.watch.delete_dashboards(DashboardNames=["ial-dev-overview"])
    stack.down()
    assert owner.notes() == []


def test_another_account_is_refused_before_anything_is_created(stack: LocalStack, owner: Owner) -> None:
    config = {**stack.project.config, "ial:accountId": "210987654321"}
    other = LocalStack(replace(stack.project, config=config))
    with pytest.raises(ProgramError, match="signed by account 123456789012 and ial:accountId is 210987654321"):
        other.up()
    assert owner.notes() == []
    # Nobody can take that down here, and nothing is there.
    other.state().file.unlink()
