from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.reading import SettingsError

ROOT = Path(__file__).parents[2]
STAGES = {"0": 0, "1": 1, "2": 2, "3": 3, "8": 3}
# The provider has no tags for these types.
UNTAGGED = {
    "aws:cloudwatch/eventTarget:EventTarget",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:scheduler/schedule:Schedule",
    "aws:sns/topicSubscription:TopicSubscription",
    "aws:cloudwatch/dashboard:Dashboard",
    "aws:cloudwatch/logMetricFilter:LogMetricFilter",
    "aws:cloudwatch/queryDefinition:QueryDefinition",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:backup/selection:Selection",
    "aws:backup/restoreTestingSelection:RestoreTestingSelection",
    "aws:iam/rolePolicy:RolePolicy",
}


def _config(stack: str) -> dict[str, str]:
    given = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"]
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    defaults = {f"ial:{key}": entry["default"] for key, entry in declared.items() if "default" in entry}
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in (defaults | given).items()}


@pytest.fixture
def program(run: Any) -> Any:
    def ran(stack: str = "dev", preview: bool = True, **changed: str) -> Any:
        config = _config(stack) | {f"ial:{key}": value for key, value in changed.items()}
        return run(
            lambda: runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__"), config=config, preview=preview
        )

    return ran


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_shipped_stacks_run(program: Any, stack: str) -> None:
    assert len(program(stack).resources) > 60


@pytest.mark.parametrize(("stage", "parts"), STAGES.items())
def test_the_stage_gates_the_parts(program: Any, stage: str, parts: int) -> None:
    found = program(stage=stage)
    tops = [
        resource.typ
        for resource in found.resources
        if resource.typ in {"ial:observability:Observability", "ial:backup:Backup", "ial:chaos:Chaos"}
    ]
    assert len(tops) == parts
    if not parts:
        assert found.resources == []


def test_every_taggable_resource_carries_the_four_tags(program: Any) -> None:
    slo, backup = '{"target": 0.99}', '{"restoreTesting": true}'
    for resource in program(slo=slo, backup=backup).resources:
        if resource.typ.startswith("aws:") and resource.typ not in UNTAGGED:
            tags = resource.inputs["tags"]
            assert set(tags) - {"Name", "chaos:schedule"} == {"owner", "environment", "stage", "managed-by"}
            stages = {"backup": {"2"}, "chaos": {"3", "4", "5"}}.get(resource.name.split("-")[0], {"1"})
            assert tags["stage"] in stages, resource.name


def test_bad_configuration_ends_the_program_with_one_line(program: Any) -> None:
    with pytest.raises(SettingsError, match=r"^ial:stage is 12; accepted: a whole number, 0 to 8$"):
        program(stage="12")


def test_declared_defaults_are_the_program_s_own(run: Any) -> None:
    from components.settings import Settings

    required = {"aws:region": "us-east-1", "ial:owner": "team", "ial:accountId": "1" * 12}
    declared = {key: value for key, value in _config("dev").items() if key.startswith("ial:")}
    stack = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())["config"]
    defaults = {key: value for key, value in declared.items() if key not in stack}
    loaded: list[Settings] = []
    run(lambda: loaded.append(Settings.load()), config=required)
    run(lambda: loaded.append(Settings.load()), config=required | defaults)
    assert loaded[0] == loaded[1]


def test_the_program_stays_thin() -> None:
    assert len((ROOT / "__main__.py").read_text().splitlines()) < 80
