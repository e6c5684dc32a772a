"""What the stack leaves out because the workload has no such part: said in the log and in the outputs."""

from dataclasses import dataclass

from components.chaos.chaos import lacks
from components.chaos.experiment_spec import ExperimentSpec
from components.chaos.fault_kinds import fault_kinds
from components.observability.critical_signals import scene
from components.observability.signal import all_signals
from components.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Omission:
    """A feature that is left out, and why."""

    feature: str
    reason: str

    def __str__(self) -> str:
        return f"left out: {self.feature}, because {self.reason}"


def omissions(settings: Settings, experiments: tuple[tuple[int, ExperimentSpec], ...] = ()) -> tuple[Omission, ...]:
    """Everything that these settings leave out, in a fixed order."""
    found = []
    if settings.stage >= 1:
        found += _observability(settings)
    if settings.stage >= 2:
        found += _backup(settings)
    if settings.stage >= 3:
        found += _chaos(settings, experiments)
    return tuple(Omission(feature=feature, reason=reason) for feature, reason, absent in found if absent)


def _observability(settings: Settings) -> list[tuple[str, str, bool]]:
    work = settings.workload
    no_logs = not work.log_groups.all
    no_traffic = not work.balancer.name
    seen = scene(settings)
    return [
        *((f"critical alarm {signal.name}", signal.absent, signal.watch(seen) is None) for signal in all_signals()),
        ("custom metrics", "workload.logGroups is not set, and they are read from logs", no_logs),
        ("log retention and saved queries", "workload.logGroups is not set", no_logs),
        ("Container Insights", "workload.ecsCluster is not set", not work.service.cluster),
        (
            "Container Insights",
            "ial:containerInsights is off: the cluster's own setting stays",
            bool(work.service.cluster) and not work.service.create_cluster and settings.container_insights == "off",
        ),
        (
            "X-Ray sampling rules",
            "neither tracing.service nor workload.ecsService is set: a rule for all services would be the account's",
            not settings.traced_service,
        ),
        ("e-mail notifications", "ial:notifyEmails is empty", not settings.notify_emails),
        ("burn-rate alarms", "workload.loadBalancer is not set", bool(settings.slo) and no_traffic),
    ]


def _backup(settings: Settings) -> list[tuple[str, str, bool]]:
    work = settings.workload
    nothing_copied = not work.tables.all and not (work.database.name and settings.backup.include_database)
    return [
        ("table protection", "workload.tables is empty", not work.tables.all),
        ("bucket protection", "workload.buckets is empty", not work.buckets.all),
        (
            "copies of the database",
            "backup.includeDatabase is false (RDS keeps its own daily backups)",
            bool(work.database.name) and not settings.backup.include_database,
        ),
        ("backup plan", "there is no table or database to copy", nothing_copied),
        *(
            (f"{setting} of bucket {bucket.name}", "the bucket's owner keeps it (leave)", True)
            for bucket in work.buckets.all
            for setting in bucket.leave
        ),
        *(
            (f"{setting} of bucket {bucket.name}", "its owner has not asked for it (also)", True)
            for bucket in work.buckets.all
            for setting in bucket.left_to_owner
            if setting not in bucket.leave
        ),
    ]


def _chaos(settings: Settings, experiments: tuple[tuple[int, ExperimentSpec], ...]) -> list[tuple[str, str, bool]]:
    if not settings.chaos.enabled:
        return [("chaos experiments", "ial:chaos enabled is false", True)]
    missing = [(spec.name, lacks(spec, settings)) for _, spec in experiments]
    on_hosts = [
        spec.name
        for _, spec in experiments
        if fault_kinds()[spec.fault.kind].on_hosts and lacks(spec, settings) is None
    ]
    return [
        *((f"experiment {name}", f"{part} is not set", part is not None) for name, part in missing),
        ("chaos log and its alarm", "no experiment is possible", all(part is not None for _, part in missing)),
        # https://docs.aws.amazon.com/fis/latest/userguide/actions-ssm-agent.html
        (
            "network faults inside tasks that have a network of their own (awsvpc, bridge)",
            f"{', '.join(on_hosts)} run on the instances; {_reaching_tasks()} tasks",
            bool(on_hosts and settings.workload.service.name),
        ),
    ]


def _reaching_tasks() -> str:
    names = [kind.name for kind in fault_kinds().values() if "ecs_service" in kind.needs]
    return f"kind {names[0]} reaches" if len(names) == 1 else f"kinds {', '.join(names)} reach"
