"""A database that changes to its standby."""

from components.chaos.fault import OPT_IN, Fault
from components.chaos.fault_kinds import FaultOrder, fault_kind
from components.chaos.fault_settings import FaultSettings
from components.roles import allow
from components.settings import Settings


@fault_kind(
    "database-failover",
    FaultSettings,
    happens="a Multi-AZ database fails over; `allowOutage` reboots one without standby",
    needs=("database",),
)
def database_failover(order: FaultOrder[FaultSettings], settings: Settings) -> Fault:
    """Makes a Multi-AZ database change to its standby; without one this is an outage, and needs allowOutage."""
    work, place = settings.workload, settings.place
    arn = place.arn("rds", f"db:{work.database.name}")
    action = {
        "actionId": "aws:rds:reboot-db-instances",
        "parameters": {"forceFailover": "false" if order.allow_outage else "true"},
        "targets": {"DBInstances": "database"},
    }
    target = {"resourceType": "aws:rds:db", "resourceArns": [arn], "selectionMode": "ALL"}
    statements = [
        allow(
            "FailOver",
            ["rds:RebootDBInstance"],
            [arn],
            StringEquals={f"aws:ResourceTag/{key}": value for key, value in OPT_IN.items()},
            StringEqualsIfExists={"aws:ResourceTag/environment": settings.chaos.environment_tag},
        ),
        allow("ReadDatabases", ["rds:DescribeDBInstances"], [place.arn("rds", "db:*")]),
        allow("FindDatabases", ["tag:GetResources"], ["*"]),
    ]
    return Fault(
        actions={"fault": action},
        targets={"database": target},
        statements=statements,
        resource_type="aws:rds:db",
        tags=OPT_IN,
        group_kind="database",
        group=work.database.name,
        seconds=60,
        action_minutes=1,
        perturbed_metrics=("AWS/RDS/DatabaseConnections",),
        undo="none: RDS completes the failover",
    )
