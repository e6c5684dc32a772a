"""What may be done around experiments: by FIS in a fault, by the runner, and by whoever pulls the lever."""

from collections.abc import Sequence

from components.chaos.fault import Fault
from components.chaos.rollback_permissions import reading_permissions
from components.chaos.watched_versions import watched_targets
from components.place import Place
from components.roles import Statement, allow, archive_permissions, service_trust
from components.settings import Settings
from contract.names import ENVIRONMENT_TAG, MANAGED_BY_TAG, MANAGED_BY_US

_LOGS = ("logs:CreateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups")

_SCHEDULER = "scheduler.amazonaws.com"
_FIS = "fis.amazonaws.com"


def starter_role(experiment: str) -> str:
    """The role, by its name in the stack, with which Scheduler starts an experiment."""
    return f"start-{experiment}"


def fis_trust(place: Place) -> str:
    """Lets FIS take a role on, for experiments of this account and region only."""
    return service_trust(place, "fis", source=place.arn("fis", "experiment/*"))


def fault_permissions(fault: Fault) -> list[Statement]:
    """The fault, its undoing, and the log; AWS limits the delivery of logs to no resource."""
    return [*fault.statements, allow("WriteLog", _LOGS, ["*"])]


def start_permissions(place: Place) -> list[Statement]:
    """Starts the templates of this environment, and tags what begins.

    AWS asks for the template and for the experiment. An experiment that is about to begin has no tags that a condition
    could ask for. The first experiment of an account makes FIS's own service-linked role, as whoever starts it:
    https://docs.aws.amazon.com/fis/latest/userguide/using-service-linked-roles.html
    """
    own = {
        f"aws:ResourceTag/{ENVIRONMENT_TAG}": place.environment,
        f"aws:ResourceTag/{MANAGED_BY_TAG}": MANAGED_BY_US,
    }
    templates, experiments = place.arn("fis", "experiment-template/*"), place.arn("fis", "experiment/*")
    return [
        allow("StartOwn", ["fis:StartExperiment"], [templates], StringEquals=own),
        allow("Start", ["fis:StartExperiment"], [experiments]),
        allow("Tag", ["fis:TagResource"], [experiments]),
        allow(
            "BeginWithFis",
            ["iam:CreateServiceLinkedRole"],
            [place.global_arn("iam", f"role/aws-service-role/{_FIS}/AWSServiceRoleForFIS")],
            StringEquals={"iam:AWSServiceName": _FIS},
        ),
    ]


def runner_permissions(settings: Settings, records: str) -> list[Statement]:
    """Starts, stops and reads experiments; it can inject nothing by itself, and passes no role."""
    place, work = settings.place, settings.workload
    experiments, table = place.arn("fis", "experiment/*"), place.table_arn(records)
    statements = [
        *start_permissions(place),
        # Without a condition: not being able to stop is worse than stopping somebody else's experiment.
        allow("Stop", ["fis:StopExperiment"], [experiments]),
        *_reads(settings),
        *reading_permissions(place, watched_targets(settings)),
        allow(
            "Record",
            [*(f"dynamodb:{call}" for call in ("GetItem", "PutItem", "Query", "Scan", "UpdateItem"))],
            [table],
        ),
        allow(
            "Publish",
            ["cloudwatch:PutMetricData"],
            ["*"],
            StringEquals={"cloudwatch:namespace": settings.namespace},
        ),
        *archive_permissions(place),
    ]
    if work.service.cluster:
        cluster = place.arn("ecs", f"cluster/{work.service.cluster}")
        statements.append(allow("SwitchInsights", ["ecs:DescribeClusters", "ecs:UpdateCluster"], [cluster]))
    return statements


def halt_permissions(settings: Settings, records: str, scheduled: Sequence[str] = ()) -> list[Statement]:
    """Break the glass: stops everything. It may start nothing itself.

    `scheduled` names the experiments that Scheduler starts. Who may disable a schedule may also move it, or give it
    another of this environment's templates: what a starter may start is the limit.
    """
    place = settings.place
    schedules = [place.arn("scheduler", f"schedule/default/{place.name(name)}") for name in scheduled]
    starters = [place.global_arn("iam", f"role/{place.name(starter_role(name))}") for name in scheduled]
    switch = [
        allow("SwitchSchedules", ["scheduler:GetSchedule", "scheduler:UpdateSchedule"], schedules),
        allow("PassStarters", ["iam:PassRole"], starters, StringEquals={"iam:PassedToService": _SCHEDULER}),
    ]
    return [
        *(switch if scheduled else []),
        allow("PullLever", ["fis:UpdateSafetyLeverState"], [place.arn("fis", "safety-lever/*")]),
        allow("Stop", ["fis:StopExperiment"], [place.arn("fis", "experiment/*")]),
        *_reads_of_runs(place),
        allow("Mark", ["dynamodb:GetItem", "dynamodb:PutItem"], [place.table_arn(records)]),
    ]


def _reads_of_runs(place: Place) -> list[Statement]:
    return [
        allow("ReadLever", ["fis:GetSafetyLever"], [place.arn("fis", "safety-lever/*")]),
        allow("ReadRuns", ["fis:GetExperiment"], [place.arn("fis", "experiment/*")]),
        allow("ListRuns", ["fis:ListExperiments"], ["*"]),
    ]


def _reads(settings: Settings) -> list[Statement]:
    """What is disturbed, and what tells of it: read, and only as far as AWS lets reads be limited."""
    place = settings.place
    alarms = ["cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory"]
    mutes = [
        allow(
            "ReadMutes",
            ["cloudwatch:GetAlarmMuteRule"],
            [place.arn("cloudwatch", f"alarm-mute-rule:{place.name('*')}")],
        )
    ]
    return [
        *_reads_of_runs(place),
        allow("ReadTargets", ["fis:ListExperimentResolvedTargets"], [place.arn("fis", "experiment/*")]),
        allow("ReadTemplates", ["fis:GetExperimentTemplate"], [place.arn("fis", "experiment-template/*")]),
        allow("ReadAlarms", alarms, [place.arn("cloudwatch", "alarm:*")]),
        *(mutes if settings.chaos.mute == "expected" else []),
        allow("ReadWhatIsDisturbed", _UNLIMITED_READS, ["*"]),
        *_reads_of_tasks(settings),
        *_reads_of_databases(settings),
    ]


def _reads_of_tasks(settings: Settings) -> list[Statement]:
    place, cluster = settings.place, settings.workload.service.cluster
    if not cluster:
        return []
    services, tasks = place.arn("ecs", f"service/{cluster}/*"), place.arn("ecs", f"task/{cluster}/*")
    own = {"ecs:cluster": place.arn("ecs", f"cluster/{cluster}")}
    return [
        allow("ReadServices", ["ecs:DescribeServices"], [services]),
        allow("ReadTasks", ["ecs:DescribeTasks"], [tasks]),
        # AWS asks for container instances, of which tasks on Fargate have none.
        allow("ListTasks", ["ecs:ListTasks"], ["*"], ArnEquals=own),
        # Application Auto Scaling knows no resources for reads.
        allow("ReadLimits", ["application-autoscaling:DescribeScalableTargets"], ["*"]),
    ]


def _reads_of_databases(settings: Settings) -> list[Statement]:
    place = settings.place
    if not settings.workload.database.name:
        return []
    return [
        allow("ReadDatabases", ["rds:DescribeDBInstances"], [place.arn("rds", "db:*")]),
        allow("ReadParameters", ["rds:DescribeDBParameters"], [place.arn("rds", "pg:*")]),
        allow("ReadDocuments", ["ssm:GetDocument"], [place.arn("ssm", f"document/{place.name('*')}")]),
    ]


_UNLIMITED_READS = (
    *("cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics"),
    *("ec2:DescribeInstances", "ec2:DescribeSubnets", "ec2:DescribeInstanceTypes"),
    *("autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeScalingActivities"),
    *("elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeListeners"),
    *("elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth"),
    *("elasticloadbalancing:DescribeLoadBalancerAttributes", "elasticloadbalancing:DescribeTags"),
    "ssm:DescribeInstanceInformation",
)
