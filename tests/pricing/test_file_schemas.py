"""The published schemas and the readers must accept and refuse the same files."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from pricing.environment import Environment
from pricing.errors import UsageError
from pricing.usage import Usage

SCHEMAS = Path(__file__).parents[2] / "schemas"
ENVIRONMENTS = Path(__file__).parents[2] / "policies" / "environments"
USAGE: dict[str, Any] = {
    "types": {
        "aws:sqs/queue:Queue": {"requests": {"minimum": 1, "expected": 2.5, "maximum": "10", "unit": "requests"}}
    },
    "resources": {"jobs": {"requests": {"expected": 5, "source": "CloudWatch", "date": "2026-11-01", "from_stage": 3}}},
}
WAIVER = {
    "id": "W-1", "policy": "cost-traps", "scope": "nat", "maxAmount": 35, "reason": "migration", "owner": "ana",
    "expires": "2026-12-31",
}  # fmt: skip
TRUST = {
    "id": "W-2", "policy": "role-trusts-named", "scope": "role", "reason": "migration", "owner": "ana",
    "expires": "2026-12-31",
}  # fmt: skip
ENVIRONMENT: dict[str, Any] = {
    "budget": {
        "monthly": "14.93", "stages": [11.77, "1.86", 2.8, 0.7, 0.8, 0, 0, -3],
        "caps": {"observability": 11.77}, "resourceCap": 5, "warnAt": 0.8, "case": "maximum",
    },
    "stage": 8, "region": "us-east-1", "recoveryWindowDays": 7, "usage": USAGE, "waivers": [WAIVER, TRUST],
    "production": True,
    "freeTypes": [
        {"type": "cloudflare:index/record:Record", "why": "not AWS", "source": "its own bill", "until": "2027-06-30"}
    ],
    "declaredCosts": [
        {"type": "a:b:C", "amount": "2.50", "why": "w", "source": "s", "until": "2027-06-30"},
        {"name": "box", "amount": 3, "why": "w", "source": "s", "until": "2027-06-30"},
    ],
    "accountId": "123456789012",
    "chaosDocuments": [{"arn": "arn:aws:ssm:us-east-1:123456789012:document/stress", "version": "3"}],
}  # fmt: skip


def obeys(name: str, data: object) -> bool:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    return not list(jsonschema.Draft202012Validator(schema).iter_errors(json.loads(json.dumps(data, default=str))))


def is_read(data: object, directory: Path) -> bool:
    path = directory / "dev.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    try:
        Environment.load(path)
    except UsageError:
        return False
    return True


def test_a_full_environment_is_accepted_by_both(tmp_path: Path) -> None:
    assert obeys("environment", ENVIRONMENT)
    assert is_read(ENVIRONMENT, tmp_path)


SPOILT: list[Callable[[dict[str, Any]], object]] = [
    lambda data: data.pop("budget"),
    lambda data: data.update(budgets={}),
    lambda data: data["budget"].pop("monthly"),
    lambda data: data["budget"].pop("resourceCap"),
    lambda data: data["budget"].update(monthly=-1),
    lambda data: data["budget"].update(monthly="much"),
    lambda data: data["budget"].update(case="worst"),
    lambda data: data["budget"]["caps"].update(backup=None),
    lambda data: data.update(stage=9),
    lambda data: data["budget"].update(stages=[]),
    lambda data: data["budget"].update(stages=[1] * 9),
    lambda data: data["budget"].update(stages=["much"] * 8),
    lambda data: data["budget"].update(stages={"1": 11.77}),
    lambda data: data["freeTypes"][0].pop("until"),
    lambda data: data["freeTypes"][0].update(type="*"),
    lambda data: data["freeTypes"][0].update(why=" "),
    lambda data: data["freeTypes"][0].update(amount=1),
    lambda data: data["declaredCosts"][0].pop("amount"),
    lambda data: data["declaredCosts"][0].update(name="x"),
    lambda data: data["declaredCosts"][1].pop("name"),
    lambda data: data["declaredCosts"][1].update(amount=-1),
    lambda data: data["declaredCosts"][1].update(name=""),
    lambda data: data.update(stage="8"),
    lambda data: data.update(region="everywhere"),
    lambda data: data.update(recoveryWindowDays=0),
    lambda data: data.update(accountId="12345"),
    lambda data: data.update(accountId=123456789012),
    lambda data: data["chaosDocuments"][0].pop("version"),
    lambda data: data["chaosDocuments"][0].update(version=3),
    lambda data: data["chaosDocuments"][0].update(version="$LATEST"),
    lambda data: data["chaosDocuments"][0].update(arn="stress"),
    lambda data: data["chaosDocuments"][0].update(arn="arn:aws:ssm:us-east-1::document/AWS-RunShellScript"),
    lambda data: data["chaosDocuments"][0].update(note="x"),
    lambda data: data["waivers"][0].pop("expires"),
    lambda data: data["waivers"][0].pop("maxAmount"),
    lambda data: data["waivers"][0].update(policy="all"),
    lambda data: data["waivers"][0].update(policy="role-trusts-named"),
    lambda data: data.update(production="yes"),
    lambda data: data.update(production=None),
    lambda data: data["waivers"][0].update(scope="*"),
    lambda data: data["waivers"][0].update(expires="soon"),
    lambda data: data["waivers"][0].update(forever=True),
    lambda data: data["usage"].update(types=[]),
    lambda data: data["usage"].update(typos={}),
    lambda data: data["usage"]["resources"]["jobs"].update(requests=-1),
    lambda data: data["usage"]["resources"]["jobs"].update(requests={"minimum": 1}),
    lambda data: data["usage"]["resources"]["jobs"]["requests"].update(expect=1),
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_spoilt_environment_is_refused_by_both(spoil: Callable[[dict[str, Any]], object], tmp_path: Path) -> None:
    data = copy.deepcopy(ENVIRONMENT)
    spoil(data)
    assert not is_read(data, tmp_path)
    assert not obeys("environment", data)


@pytest.mark.parametrize("data", [{}, USAGE, {"types": None}, {"resources": {"jobs": {"requests": 1}}}])
def test_a_usage_file_is_accepted_by_both(data: Any) -> None:
    assert obeys("usage", data)
    Usage.from_mapping(data, "usage.yaml")


@pytest.mark.parametrize("data", [[], {"jobs": {}}, {"types": {"a": 1}}, {"types": {"a": {"b": "x"}}}])
def test_a_malformed_usage_file_is_refused_by_both(data: Any) -> None:
    assert not obeys("usage", data)
    with pytest.raises(UsageError):
        Usage.from_mapping(data, "usage.yaml")


def test_the_environments_of_this_repository_obey_the_schema() -> None:
    for path in sorted(ENVIRONMENTS.glob("*.yaml")):
        assert obeys("environment", yaml.safe_load(path.read_text(encoding="utf-8"))), path.name
