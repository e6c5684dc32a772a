"""A template's content as FIS's API has it, its fingerprint, and the same as Pulumi's inputs. Pure."""

from collections.abc import Mapping
from typing import Any

from pulumi_aws import fis

from components.chaos.experiment_spec import ExperimentSpec
from components.chaos.fault import Fault
from components.place import Place


def content(spec: ExperimentSpec, fault: Fault, place: Place, role_arn: str, log_group: str) -> dict[str, Any]:
    """What GetExperimentTemplate will answer, without what is empty: everything in it is known at preview."""
    alarms = [place.arn("cloudwatch", f"alarm:{place.name(signal)}") for signal in spec.stop_alarms]
    return {
        "actions": dict(fault.actions),
        "targets": dict(fault.targets),
        "stopConditions": [{"source": "aws:cloudwatch:alarm", "value": alarm} for alarm in alarms],
        "roleArn": role_arn,
        "logConfiguration": {
            "cloudWatchLogsConfiguration": {"logGroupArn": place.arn("logs", f"log-group:{log_group}:*")},
            "logSchemaVersion": 2,
        },
        "experimentOptions": {"accountTargeting": "single-account", "emptyTargetResolutionMode": "fail"},
    }


def actions(template: Mapping[str, Any]) -> list[fis.ExperimentTemplateActionArgs]:
    """The actions as inputs."""
    return [
        fis.ExperimentTemplateActionArgs(
            name=name,
            action_id=action["actionId"],
            parameters=[
                fis.ExperimentTemplateActionParameterArgs(key=key, value=value)
                for key, value in sorted(action.get("parameters", {}).items())
            ],
            target=next(
                (
                    fis.ExperimentTemplateActionTargetArgs(key=key, value=value)
                    for key, value in action.get("targets", {}).items()
                ),
                None,
            ),
        )
        for name, action in template["actions"].items()
    ]


def targets(template: Mapping[str, Any]) -> list[fis.ExperimentTemplateTargetArgs]:
    """The targets as inputs."""
    return [
        fis.ExperimentTemplateTargetArgs(
            name=name,
            resource_type=target["resourceType"],
            selection_mode=target["selectionMode"],
            resource_arns=target.get("resourceArns"),
            resource_tags=[
                fis.ExperimentTemplateTargetResourceTagArgs(key=key, value=value)
                for key, value in sorted(target.get("resourceTags", {}).items())
            ]
            or None,
            filters=[
                fis.ExperimentTemplateTargetFilterArgs(path=held["path"], values=held["values"])
                for held in target.get("filters", [])
            ]
            or None,
            parameters=target.get("parameters"),
        )
        for name, target in template["targets"].items()
    ]
