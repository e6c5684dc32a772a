"""The stack's configuration, read once into frozen settings."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final, Literal

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env

from components.chaos_settings import ChaosSettings
from components.drill_settings import DrillSettings
from components.fleet_settings import FleetSettings
from components.goal_settings import read_goals
from components.observability.signal import read_thresholds
from components.observability.threshold import Thresholds
from components.place import Place
from components.planned_times import check_copies, schedule_text
from components.reading import Reader, SettingsError
from components.service_level import Slo, Tracing
from components.service_metric import Metric
from components.workload.log_group import RETENTION_DAYS
from components.workload.part import LONGEST_DAYS, Stay
from components.workload.workload import Workload
from contract.goals import Goals
from contract.names import ACCOUNT, REGION, metric_namespace

Insights = Literal["off", "gameday", "always"]
LAST_STAGE: Final = 8
_INSIGHTS: Final[Mapping[str, Insights]] = {"off": "off", "gameday": "gameday", "always": "always"}
_DASHBOARDS: Final = "a list of names (letters, digits and `-`; not overview), or how many, 0 to 500"
_MOST_DASHBOARDS: Final = 500
_PREFIX: Final = "ial:"
_PRINCIPALS: Final = (r"arn:aws[a-z-]*:iam::\d{12}:(root|role/[^*?]+|user/[^*?]+)", "a list of ARNs of roles and users")


@dataclass(frozen=True, kw_only=True)
class BackupSettings:
    """How copies are made and how long they are kept."""

    schedule: str
    retention_days: int
    include_database: bool
    restore_testing: bool
    noncurrent_days: int | None
    newer_versions: int
    multipart_days: int
    drills: DrillSettings

    @classmethod
    def read(cls, reader: Reader) -> "BackupSettings":
        """From `ial:backup`."""
        found = cls(
            schedule=schedule_text(reader, "schedule", "cron(0 5 ? * SUN *)"),
            retention_days=reader.whole("retentionDays", 1, LONGEST_DAYS, 14),
            include_database=reader.flag("includeDatabase", default=False),
            restore_testing=reader.flag("restoreTesting", default=False),
            noncurrent_days=reader.maybe_whole("noncurrentDays", 1, LONGEST_DAYS),
            newer_versions=reader.whole("newerVersions", 1, 100, 3),
            multipart_days=reader.whole("multipartDays", 1, LONGEST_DAYS, 7),
            drills=reader.section("drills", DrillSettings.read) or DrillSettings.read(Reader({}, "")),
        )
        check_copies(reader, found.schedule, found.retention_days)
        return found


@dataclass(frozen=True, kw_only=True)
class Trusted:
    """Who may take each of the runner roles: IAM ARNs. With none, whoever the account's own policies let."""

    reader: tuple[str, ...]
    drill: tuple[str, ...]
    chaos: tuple[str, ...]
    halt: tuple[str, ...]
    rollback: tuple[str, ...]

    @classmethod
    def read(cls, reader: Reader) -> "Trusted":
        """From `ial:trusted`."""
        return cls(**{kind.name: reader.texts(kind.name, *_PRINCIPALS) for kind in fields(cls)})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything a stack can be told."""

    stage: int
    environment: str
    owner: str
    account_id: str
    region: str
    workload: Workload
    adopt: tuple[str, ...]
    notify_emails: tuple[str, ...]
    runbooks: str
    container_insights: Insights
    log_retention_days: int
    namespace: str
    metrics: tuple[Metric, ...] | None
    thresholds: Thresholds
    alarm_instances: tuple[str, ...]
    team_dashboards: tuple[str, ...]
    tracing: Tracing
    slo: Slo | None
    spending_limit: Decimal | None
    recovery_window_days: int
    trusted: Trusted
    backup: BackupSettings
    fleet_records: FleetSettings
    chaos: ChaosSettings
    goals: Goals

    @property
    def place(self) -> Place:
        """Where the stack lives."""
        return Place(
            account=self.account_id,
            region=self.region,
            environment=self.environment,
            owner=self.owner,
            adopted=frozenset(self.adopt),
        )

    @property
    def traced_service(self) -> str | None:
        """The service whose traces are sampled: by the name that its traces carry, else by ECS's name for it."""
        return self.tracing.service or self.workload.service.name

    @property
    def stay(self) -> Stay:
        """What holds for parts of the workload that do not say it themselves."""
        return Stay(place=self.place, recovery_days=self.recovery_window_days, noncurrent_days=self.noncurrent_days)

    @property
    def noncurrent_days(self) -> int:
        """How long a bucket keeps overwritten versions when the bucket itself doesn't say."""
        return self.backup.noncurrent_days or self.recovery_window_days

    @classmethod
    def load(cls) -> "Settings":
        """Reads the running stack's configuration.

        Raises:
            SettingsError: one line that names the key, its value and what is accepted.
        """
        keys = {key for key in (*CONFIG.get(), *get_config_env()) if key.startswith(_PREFIX)}
        config = pulumi.Config("ial")
        values = {key: config.get(key) for key in sorted(key.removeprefix(_PREFIX) for key in keys)}
        region = pulumi.Config("aws").get("region")
        return cls.read(Reader(values, _PREFIX, encoded=True), stack=pulumi.get_stack(), region=region)

    @classmethod
    def read(cls, reader: Reader, *, stack: str, region: str | None) -> "Settings":
        """Reads and checks all settings of namespace `ial`; the environment is the stack's name unless given.

        Raises:
            SettingsError: one line that names the key, its value and what is accepted.
        """
        aws = Reader({"region": region}, "aws:")
        environment = _environment(reader, stack)
        settings = cls(
            stage=reader.whole("stage", 0, LAST_STAGE, LAST_STAGE),
            environment=environment,
            owner=reader.text("owner", r"[A-Za-z0-9_.@+-]{1,64}", "a name or address of 1 to 64 characters"),
            account_id=reader.text("accountId", *ACCOUNT),
            region=aws.text("region", *REGION),
            workload=reader.section("workload", Workload.read) or Workload(),
            adopt=reader.texts("adopt", r"\S{1,512}", "a list of names that `ial down` left"),
            notify_emails=reader.texts("notifyEmails", r"[^@\s]+@[^@\s]+\.[^@\s]+", "a list of e-mail addresses"),
            runbooks=reader.text("runbooks", r"\S{1,200}", "an address without spaces", "docs/runbooks"),
            container_insights=reader.choice("containerInsights", _INSIGHTS, "gameday"),
            log_retention_days=_retention(reader),
            namespace=_namespace(reader, environment),
            metrics=_metrics(reader),
            thresholds=reader.section("thresholds", read_thresholds) or read_thresholds(Reader({}, "")),
            alarm_instances=reader.texts("alarmInstances", r"i-[0-9a-f]{8,17}", "a list of EC2 instance ids"),
            team_dashboards=_team_dashboards(reader),
            tracing=reader.section("tracing", Tracing.read) or Tracing(),
            slo=reader.section("slo", Slo.read),
            spending_limit=_spending_limit(reader),
            recovery_window_days=reader.whole("recoveryWindowDays", 1, 35, 14),
            trusted=reader.section("trusted", Trusted.read) or Trusted.read(Reader({}, "")),
            backup=reader.section("backup", BackupSettings.read) or BackupSettings.read(Reader({}, "")),
            fleet_records=reader.section("fleetRecords", lambda part: FleetSettings.read(part, environment))
            or FleetSettings.read(Reader({}, ""), environment),
            chaos=reader.section("chaos", lambda part: ChaosSettings.read(part, environment))
            or ChaosSettings.read(Reader({}, ""), environment),
            goals=reader.section("goals", read_goals) or Goals(),
        )
        reader.close()
        _check_metrics(settings)
        return settings


def _environment(reader: Reader, stack: str) -> str:
    pattern, accepted = r"[a-z][a-z0-9-]{0,19}", "1 to 20 of a-z, 0-9 and `-`; without it the stack's name"
    given = reader.maybe_text("environment", pattern, accepted)
    # The stack's name is checked as if it had been given, since it is used in every name.
    return given or Reader({"environment": stack}, _PREFIX).text("environment", pattern, accepted)


def _retention(reader: Reader) -> int:
    given = reader.one_of("logRetentionDays", RETENTION_DAYS)
    return 14 if given is None else given


def _namespace(reader: Reader, environment: str) -> str:
    pattern = r"(?!AWS/)[A-Za-z0-9][A-Za-z0-9_./#-]{0,99}"
    return reader.text("metricNamespace", pattern, "a CloudWatch namespace outside AWS/", metric_namespace(environment))


def _metrics(reader: Reader) -> tuple[Metric, ...] | None:
    # An empty list means no metrics, an absent one the defaults.
    return reader.sections("metrics", Metric.read) if reader.has("metrics") else None


def _check_metrics(settings: Settings) -> None:
    groups = {group.name for group in settings.workload.log_groups.all}
    names = [metric.name for metric in settings.metrics or ()]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated:
        msg = f'ial:metrics has "{repeated}" twice; accepted: each name once'
        raise SettingsError(msg)
    for number, metric in enumerate(settings.metrics or ()):
        if metric.log_group and metric.log_group not in groups:
            accepted = ", ".join(sorted(groups)) or "none, as workload.logGroups is not set"
            msg = f'ial:metrics[{number}].logGroup is "{metric.log_group}"; accepted: {accepted}'
            raise SettingsError(msg)


def _team_dashboards(reader: Reader) -> tuple[str, ...]:
    count = reader.count("teamDashboards")
    if count is None:
        return reader.texts("teamDashboards", r"(?!overview$)[A-Za-z][A-Za-z0-9-]{0,39}", _DASHBOARDS)
    if not 0 <= count <= _MOST_DASHBOARDS:
        raise reader.refuse("teamDashboards", _DASHBOARDS)
    return tuple(f"team-{number}" for number in range(1, count + 1))


def _spending_limit(reader: Reader) -> Decimal | None:
    text = reader.amount("spendingLimit")
    return None if text is None else Decimal(text)
