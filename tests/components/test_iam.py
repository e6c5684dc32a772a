from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from components.backup.backup import Backup, BackupArgs
from components.backup.bucket_settings import tls_only_policy
from components.observability.notifications import publishing_policy
from components.roles import document
from components.settings import Settings
from tests.components.conftest import TOPIC

ROLES = ("backup-plan-role", "backup-runners-reader", "backup-runners-drill")


@pytest.fixture(scope="module")
def actions() -> dict[str, bool]:
    """AWS's own list of actions, as parliament ships it: whether each can be limited to resources."""
    spec = importlib.util.find_spec("parliament")
    assert spec is not None
    assert spec.origin is not None
    services = json.loads((Path(spec.origin).parent / "iam_definition.json").read_text())
    return {
        f"{service['prefix']}:{privilege['privilege']}": any(
            kind["resource_type"] for kind in privilege["resource_types"]
        )
        for service in services
        for privilege in service["privileges"]
    }


def _findings(policy: str, actions: dict[str, bool]) -> list[str]:
    found = []
    for statement in json.loads(policy)["Statement"]:
        for action in statement["Action"]:
            if action not in actions:
                found.append(f"{action} does not exist")
            elif not actions[action] and statement["Resource"] != ["*"]:
                found.append(f"{action} can't be limited to {statement['Resource']}")
    return found


@pytest.mark.parametrize("name", ROLES)
def test_every_action_exists_and_fits_its_resource(
    run: Any, settings: Callable[..., Settings], actions: dict[str, bool], name: str
) -> None:
    given = settings(backup={"restoreTesting": True, "includeDatabase": True})
    recorder = run(lambda: Backup("backup", BackupArgs(settings=given, topic_arn=TOPIC)))
    policy = recorder.of("aws:iam/rolePolicy:RolePolicy")[f"{name}-policy"]["policy"]
    assert _findings(policy, actions) == []
    # IAM accepts 10,240 characters of inline policies a role.
    assert len(policy) < 10_240


def test_the_checker_finds_what_is_wrong(actions: dict[str, bool]) -> None:
    misspelt = document([{"Effect": "Allow", "Action": ["dynamodb:MakeTable"], "Resource": ["*"]}])
    useless = document([{"Effect": "Allow", "Action": ["cloudwatch:PutMetricData"], "Resource": ["arn:aws:x"]}])
    assert _findings(misspelt, actions) == ["dynamodb:MakeTable does not exist"]
    assert _findings(useless, actions) == ["cloudwatch:PutMetricData can't be limited to ['arn:aws:x']"]


def test_resource_policies_are_well_formed(settings: Callable[..., Settings]) -> None:
    place = settings().place
    topic = publishing_policy(place, place.arn("sns", "ial-dev-alerts"))
    for policy in (topic, tls_only_policy(place, "shop-assets")):
        statements = policy["Statement"]
        assert isinstance(statements, list)
        assert all(statement["Condition"] for statement in statements)
