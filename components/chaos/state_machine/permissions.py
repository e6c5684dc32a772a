"""What a state machine may do: what its definition calls, and no more. Pure."""

from components.chaos.chaos_permissions import start_permissions
from components.place import Place
from components.roles import Statement, allow
from contract.names import ANY_RUN, configuration_bucket, lone_runs
from contract.run_table import CHAOS, EXECUTIONS, HALT, TURN, collection, lease_run

# AWS limits the delivery of logs to no resource: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
_LOGS = (
    *("logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery"),
    *("logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"),
)
_MONTH = "????-??"


def machine_permissions(place: Place, records: str, stack: str) -> list[Statement]:
    """Starts, stops and reads experiments, looks at alarms, takes the turn and writes records of this stack."""
    runs, table = place.arn("fis", "experiment/*"), place.table_arn(records)
    month = collection(CHAOS, _MONTH)
    return [
        *start_permissions(place),
        # Without a condition, as for runners: not being able to stop is worse than stopping somebody else's.
        allow("StopAndRead", ["fis:StopExperiment", "fis:GetExperiment"], [runs]),
        allow("ReadAlarms", ["cloudwatch:DescribeAlarms"], [place.arn("cloudwatch", "alarm:*")]),
        _keyed("TakeTurn", "dynamodb:UpdateItem", table, lease_run(TURN)),
        _keyed("ReadHalt", "dynamodb:GetItem", table, HALT[0]),
        _keyed("ReadMonth", "dynamodb:Query", table, month),
        _keyed("Record", "dynamodb:PutItem", table, month, collection(EXECUTIONS, _MONTH), ANY_RUN),
        allow("Archive", ["s3:PutObject"], [f"{_bucket(place)}/{lone_runs('????-??-01', stack)}*"]),
        allow("WriteLog", _LOGS, ["*"]),
    ]


def _bucket(place: Place) -> str:
    return place.bucket_arn(configuration_bucket(place.environment, place.account))


def schedule_permissions(place: Place, machine: str) -> list[Statement]:
    """Starts one state machine."""
    return [allow("Start", ["states:StartExecution"], [place.arn("states", f"stateMachine:{machine}")])]


def fleet_permissions(place: Place, machines: list[str]) -> list[Statement]:
    """Starts state machines and waits for their ends, as a fleet's own does from another account.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-cross-acct-sync-pattern.html
    """
    started = [place.arn("states", f"stateMachine:{name}") for name in machines]
    running = [place.arn("states", f"execution:{name}:*") for name in machines]
    return [
        allow("Start", ["states:StartExecution"], started),
        allow("Follow", ["states:DescribeExecution", "states:StopExecution"], running),
    ]


def _keyed(sid: str, action: str, table: str, *keys: str) -> Statement:
    return allow(sid, [action], [table], **{"ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(keys)}})
