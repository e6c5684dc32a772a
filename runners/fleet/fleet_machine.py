"""The state machine of a fleet, one for each Region: all stacks' suites, so many at once in an account. Pure.

"Cross-Region AWS SDK integration and cross-Region AWS resource access aren't available in Step Functions":
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from contract.names import resource_prefix
from runners.errors import InputError
from runners.fleet.fleet_file import Fleet, Member

START: Final = "arn:aws:states:::states:startExecution.sync:2"
# A suite can take hours, and those of an account come one after the other.
_TIMEOUT_SECONDS: Final = 24 * 3600
# Of each item's child: its start, the task, and the end or what became of an error; of the fleet: its own states.
_OF_AN_ITEM, _OF_AN_ACCOUNT, _OF_A_FLEET = 4, 2, 4
# "Maximum input or output size for a task, state, or execution: 256 KiB", which no Catch catches, and "Maximum request
# size: 1 MB". Of each stack beside its own names: its outcome, and its entry as it is written.
# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
_LARGEST_RESULT, _OF_A_RESULT = 240 * 1024, 70
_LARGEST_DEFINITION, _OF_AN_ENTRY = 960 * 1024, 300
# "managed policy: 6,144 characters", white space not counted:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_LONGEST_POLICY: Final = 6_144
_RULE: Final = "StepFunctionsGetEventsForStepFunctionsExecutionRule"
_PARTITIONS: Final = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"))


def by_region(fleet: Fleet) -> dict[str, dict[str, list[Member]]]:
    """The stacks of each Region and account, in the file's order."""
    found: dict[str, dict[str, list[Member]]] = {}
    for member in fleet.stacks:
        found.setdefault(member.region, {}).setdefault(member.account, []).append(member)
    return found


def machine_arn(fleet: Fleet, member: Member) -> str:
    """The state machine of a stack's suite."""
    name = f"{resource_prefix(member.environment)}suite-{fleet.suite}"
    return f"arn:{partition(member.region)}:states:{member.region}:{member.account}:stateMachine:{name}"


def partition(region: str) -> str:
    """The partition of a Region."""
    return next((name for prefix, name in _PARTITIONS if region.startswith(prefix)), "aws")


def definition(fleet: Fleet, region: str) -> dict[str, Any]:
    """One branch an account, each a distributed map whose children are executions of their own.

    A stack that fails stops no other: what became of it is its item's result, and the fleet fails at its end.

    Raises:
        InputError: it has more stacks than one state machine can hold or tell.
    """
    accounts = by_region(fleet)[region]
    _require_small(region, accounts)
    branches = [_branch(fleet, account, members) for account, members in accounts.items()]
    results = "$reduce($states.input, function($all, $of) { $append($all, $of) }, [])"
    failed = f'[$filter({results}, function($held) {{ $held.outcome != "SUCCEEDED" }})]'
    return {
        "Comment": f"Fleet {fleet.name} in {region}: suite {fleet.suite} of {sum(map(len, accounts.values()))} stacks",
        "QueryLanguage": "JSONata",
        "StartAt": "All accounts",
        "TimeoutSeconds": _TIMEOUT_SECONDS,
        "States": {
            "All accounts": {"Type": "Parallel", "Branches": branches, "Next": "Was all done"},
            "Was all done": {
                "Type": "Choice",
                "Choices": [{"Condition": f"{{% $count({failed}) = 0 %}}", "Next": "Done"}],
                "Default": "Not all done",
            },
            "Done": {"Type": "Succeed"},
            "Not all done": {
                "Type": "Fail",
                "Error": "NotAllDone",
                "Cause": f'{{% $substring($join([{failed}.stack], ", "), 0, 900) %}}',
            },
        },
    }


def permissions(fleet: Fleet, region: str, machine: str) -> dict[str, Any]:
    """What the role of the fleet's state machine may do: its own map runs, and the stacks' state machines.

    So many that a policy cannot name them are named by the pattern of their names.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html and
    https://docs.aws.amazon.com/step-functions/latest/dg/stepfunctions-iam.html
    """
    own = [machine_arn(fleet, held) for held in by_region(fleet)[region].get(fleet.account, [])]
    found = _policy(fleet, region, machine, own)
    if len(json.dumps(found, separators=(",", ":"))) <= _LONGEST_POLICY or not own:
        return found
    whole = f"{machine_arn(fleet, fleet.stacks[0]).partition(':states:')[0]}:states:{region}:{fleet.account}"
    return _policy(fleet, region, machine, [f"{whole}:stateMachine:{resource_prefix('*')}suite-{fleet.suite}"])


def _policy(fleet: Fleet, region: str, machine: str, own: Sequence[str]) -> dict[str, Any]:
    where = f"arn:{partition(region)}:states:{region}:{fleet.account}"
    roles = [held.starter for members in by_region(fleet)[region].values() for held in members if held.starter]
    rule = f"arn:{partition(region)}:events:{region}:{fleet.account}:rule/{_RULE}"
    runs = [f"{where}:execution:{machine}:*", f"{where}:execution:{machine}/*:*"]
    statements = [
        _allow("RunMaps", ["states:StartExecution"], [f"{where}:stateMachine:{machine}"]),
        _allow("FollowMaps", ["states:DescribeExecution", "states:StopExecution"], runs),
    ]
    if own:
        executions = [f"{arn.replace(':stateMachine:', ':execution:')}:*" for arn in own]
        statements += [
            _allow("StartSuites", ["states:StartExecution"], list(own)),
            _allow("FollowSuites", ["states:DescribeExecution", "states:StopExecution"], executions),
            _allow("HearOfEnds", ["events:PutTargets", "events:PutRule", "events:DescribeRule"], [rule]),
        ]
    if roles:
        statements.append(_allow("StartElsewhere", ["sts:AssumeRole"], sorted(set(roles))))
    return {"Version": "2012-10-17", "Statement": statements}


def _require_small(region: str, accounts: Mapping[str, Sequence[Member]]) -> None:
    members = [held for own in accounts.values() for held in own]
    told = sum(len(held.stack) + _OF_A_RESULT for held in members)
    listed = sum(len(held.stack) + len(held.environment) + len(held.starter or "") + _OF_AN_ENTRY for held in members)
    if told > _LARGEST_RESULT or listed > _LARGEST_DEFINITION:
        msg = (
            f"{region} has {len(members)} stacks, more than one state machine can hold or tell; "
            "divide them among several fleets"
        )
        raise InputError(msg)


def transitions(members: Mapping[str, Sequence[Member]]) -> int:
    """The most state transitions of the fleet's own state machine in one Region; those of the suites are theirs."""
    return _OF_A_FLEET + sum(_OF_AN_ACCOUNT + _OF_AN_ITEM * len(held) for held in members.values())


def _branch(fleet: Fleet, account: str, members: Sequence[Member]) -> dict[str, Any]:
    """The stacks of one account: so many at once that FIS can take another experiment beside them."""
    items = [{"stack": held.stack, "machine": machine_arn(fleet, held), "starter": held.starter} for held in members]
    elsewhere = account != fleet.account
    name = f"Account {account}"
    state = {
        "Type": "Map",
        "Label": f"a{account}",
        "Items": [{key: value for key, value in item.items() if value} for item in items],
        "MaxConcurrency": fleet.at_once,
        "ToleratedFailurePercentage": 100,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Run the suite",
            "States": _suite(elsewhere=elsewhere),
        },
        "End": True,
    }
    return {"StartAt": name, "States": {name: state}}


def _suite(*, elsewhere: bool) -> dict[str, Any]:
    """One stack's suite, and what became of it. A child that is started again finds its own execution by its name."""
    arguments = {
        "StateMachineArn": "{% $states.input.machine %}",
        "Name": "{% $states.context.Execution.Name %}",
        "Input": {"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID": "{% $states.context.Execution.Id %}"},
    }
    stack = "{% $states.input.stack %}"
    state = {
        "Type": "Task",
        "Resource": START,
        "Arguments": arguments,
        "Output": {"stack": stack, "outcome": "{% $states.result.Status %}"},
        "Catch": [
            {
                "ErrorEquals": ["States.ALL"],
                "Output": {"stack": stack, "outcome": "{% $states.errorOutput.Error %}"},
                "Next": "Told",
            }
        ],
        "Next": "Told",
    }
    if elsewhere:
        state["Credentials"] = {"RoleArn": "{% $states.input.starter %}"}
    return {"Run the suite": state, "Told": {"Type": "Succeed"}}


def _allow(sid: str, actions: list[str], resources: list[str]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
