"""Every resource of the program, whole, against AWS's own schemas of the same resources, as cfn-lint ships them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any, Final

import pytest

from components.backup.backup import Backup, BackupArgs
from components.borrowed.guarded_names import GuardedNames
from components.chaos.chaos import Chaos, ChaosArgs
from components.chaos.fault_kinds import fault_kinds
from components.observability.observability import Observability, ObservabilityArgs
from tests.components.chaos.test_chaos import AT_TEN, of_kind, shipped
from tests.components.cloudformation import WITHOUT, UntranslatedError, template
from tests.components.cloudformation_types import TYPES
from tests.components.conftest import TOPIC, Recorder, recorded, settings_of
from tests.components.role_calls import ROLLBACK
from tests.components.test_program import program
from tests.components.test_role_calls import state_machine

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from cfnlint.api import lint  # type: ignore[import-untyped]

__all__ = ["program"]
REGION: Final = "us-east-1"
PERMIT: Final = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Permit", "Action": "sns:Publish", "Resource": "*"}]}'
)
# Type, where in its inputs, the wrong value, and what is said of it. A value of None takes the input away.
WRONG: Final[list[tuple[str, list[str | int], Any, str]]] = [
    ("aws:cloudwatch/metricAlarm:MetricAlarm", ["comparisonOperator"], "Above", "'Above' is not one of"),
    ("aws:cloudwatch/compositeAlarm:CompositeAlarm", ["alarmRule"], None, "'AlarmRule' is a required property"),
    ("aws:cloudwatch/alarmMuteRule:AlarmMuteRule", ["rule", "schedule", "duration"], None, "'Duration' is a required"),
    ("aws:cloudwatch/logGroup:LogGroup", ["retentionInDays"], 15.0, "15 is not one of"),
    ("aws:cloudwatch/logMetricFilter:LogMetricFilter", ["metricTransformation", "unit"], "Clicks", "is not one of"),
    ("aws:cloudwatch/eventRule:EventRule", ["description"], "d" * 513, "longer than 512"),
    ("aws:cloudwatch/eventTarget:EventTarget", ["targetId"], None, "'Id' is a required property"),
    ("aws:scheduler/schedule:Schedule", ["flexibleTimeWindow", "mode"], "ON", "'ON' is not one of"),
    ("aws:xray/samplingRule:SamplingRule", ["fixedRate"], 1.5, "greater than the maximum"),
    ("aws:budgets/budget:Budget", ["limitUnit"], None, "'Unit' is a required property"),
    ("aws:iam/role:Role", ["maxSessionDuration"], 60.0, "less than the minimum"),
    ("aws:iam/rolePolicy:RolePolicy", ["policy"], PERMIT, "'Permit' is not one of"),
    ("aws:dynamodb/table:Table", ["attributes", 0, "type"], "T", "'T' is not one of"),
    ("aws:s3/bucketVersioning:BucketVersioning", ["versioningConfiguration", "status"], "On", "'On' is not one of"),
    ("aws:backup/plan:Plan", ["rules", 0, "targetVaultName"], None, "'TargetBackupVault' is a required property"),
    ("aws:ssm/document:Document", ["documentType"], "Script", "'Script' is not one of"),
    ("aws:backup/vault:Vault", ["name"], "a", "does not match"),
    ("aws:sfn/stateMachine:StateMachine", ["loggingConfiguration", "level"], "SOME", "'SOME' is not one of"),
    ("aws:sfn/stateMachine:StateMachine", ["definition"], '{"States": {}}', "'StartAt' is a required"),
    (
        "aws:athena/workgroup:Workgroup",
        ["configuration", "resultConfiguration", "encryptionConfiguration", "encryptionOption"],
        "NONE",
        "'NONE' is not one of",
    ),
    (
        "aws:fis/experimentTemplate:ExperimentTemplate",
        ["experimentOptions", "accountTargeting"],
        "all",
        "'all' is not one",
    ),
    ("aws:fis/experimentTemplate:ExperimentTemplate", ["stopConditions"], None, "'StopConditions' is a required"),
]


def errors(judged: dict[str, Any]) -> list[str]:
    """What AWS would refuse; cfn-lint's advice on templates does not concern resources."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = lint(json.dumps(judged), regions=[REGION])
    return [f"{'/'.join(map(str, match.path[1:]))}: {match.message}" for match in found if match.rule.id[0] == "E"]


@pytest.fixture
def everything() -> Recorder:
    """All that the components can create, with the longest names."""
    return deepcopy(_everything())


@cache
def _everything() -> Recorder:
    """Made once, and a test may change what it gets of it."""
    given = settings_of(
        environment="e" * 20,
        notifyEmails=["team@example.com"],
        slo={"target": 0.99},
        backup={"restoreTesting": True, "includeDatabase": True},
        fleetRecords={"enabled": True},
        chaos={"starter": "scheduler", "mute": "expected", "rollback": ROLLBACK},
    )
    specs = (
        *shipped(),
        *((3, of_kind(kind)) for kind in fault_kinds() if kind not in {"network-latency", "alb-stress"}),
    )
    # Scheduler is not given rates, which begin when they are made.
    timed = [(stage, replace(spec, schedule=spec.schedule and AT_TEN)) for stage, spec in specs]
    experiments = tuple({spec.name: (stage, spec) for stage, spec in timed}.values())

    def build() -> None:
        guarded = GuardedNames(given.place).options()
        Observability("observability", ObservabilityArgs(settings=given), guarded)
        Backup("backup", BackupArgs(settings=given, topic_arn=TOPIC), guarded)
        args = ChaosArgs(settings=given, experiments=experiments, topic_arn=TOPIC, records_table="records")
        Chaos("chaos", args, guarded)
        state_machine()

    return recorded(build)


def test_aws_accepts_all_that_the_components_create(everything: Recorder) -> None:
    assert errors(template(everything.resources, TYPES)) == []


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_aws_accepts_what_is_shipped(program: Callable[..., Recorder], stack: str) -> None:
    found = program(stack, preview=False, stage="8")
    assert errors(template(found.resources, TYPES)) == []


def test_no_list_names_what_is_not_there(everything: Recorder) -> None:
    found = {resource.typ for resource in everything.resources}
    assert set(TYPES) <= found
    assert [entry for entry in WITHOUT if not any(token.startswith(entry) for token in found)] == []


def test_a_type_in_no_list_is_an_error(everything: Recorder) -> None:
    shapes = {token: shape for token, shape in TYPES.items() if token != "aws:sns/topic:Topic"}
    with pytest.raises(UntranslatedError, match="aws:sns/topic:Topic is in no list"):
        template(everything.resources, shapes)


def test_an_input_that_nobody_translated_is_refused(everything: Recorder) -> None:
    translated = [resource for resource in everything.resources if resource.typ in TYPES]
    for resource in translated:
        resource.inputs[f"new {resource.name}"] = "value"
    found = errors(template(everything.resources, TYPES))
    assert [
        resource.name for resource in translated if not any(f"New {resource.name}'" in error for error in found)
    ] == []


def test_each_wrong_value_is_found(everything: Recorder) -> None:
    for token, path, value, _ in WRONG:
        break_one(everything.of(token), path, value)
    found = errors(template(everything.resources, TYPES))
    assert [said for *_, said in WRONG if sum(said in error for error in found) == 0] == []
    assert len(found) == len(WRONG), found


def break_one(inputs_by_name: dict[str, dict[str, Any]], path: list[str | int], value: Any) -> None:
    """Changes the first resource that has the input."""
    *way, last = path
    for inputs in inputs_by_name.values():
        held: Any = inputs
        for step in way:
            held = held[step]
        if last in held or isinstance(last, int):
            held[last] = value
            return
    raise AssertionError(path)
