"""Who signs: the stack's own settings, in the stack's own account, and nothing that is not understood."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.httpsession import where
from pulumi.dynamic import Config, ConfigureRequest

from components.borrowed.access import Access
from components.borrowed.inspect import main
from components.borrowed.kinds import KINDS
from contract.signing import Signing
from tests.components.borrowed.conftest import (
    ACCOUNT,
    BUCKET,
    CLUSTER,
    GROUP,
    PLACE,
    REGION,
    TABLE,
    Calls,
    Owner,
    watched,
)

OTHER = "210987654321"
_ALL = {
    "logGroup": GROUP, "table": TABLE, "cluster": CLUSTER, "bucket": BUCKET, "retentionInDays": 30, "enabled": True,
    "recoveryPeriodInDays": 14, "value": "enabled", "mode": "always", "noncurrentDays": 14, "newerVersions": 3,
    "statement": json.dumps({"Sid": "ial-dev-x"}), "names": {"dashboard": ["ial-dev-overview"]},
}  # fmt: skip


def _of(config: Mapping[str, Any]) -> Access:
    return Access.of({f"aws:{key}": value for key, value in config.items()}.get)


@pytest.mark.parametrize("type_", KINDS)
def test_another_account_is_refused_before_the_first_write(owner: Owner, type_: str) -> None:
    provider: Any = KINDS[type_]()
    props = {**PLACE, **_ALL, "account": OTHER}
    refused = f"signed by account {ACCOUNT} and ial:accountId is {OTHER}"
    calls = Calls()
    with watched(calls):
        for name, given in (("create", ()), ("update", ("id", props)), ("delete", ("id",)), ("inspect", ())):
            with pytest.raises(PermissionError, match=refused):
                getattr(provider, name)(*given, props)
    assert calls.made == []


@pytest.mark.parametrize("type_", KINDS)
def test_the_account_is_asked_for_in_each_call(owner: Owner, type_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    provider: Any = KINDS[type_]()
    asked: list[str] = []
    monkeypatch.setattr(Access, "check_account", lambda _, account, region: asked.append(f"{account} {region}"))
    props = {**PLACE, **_ALL}
    outs = provider.create(props).outs
    provider.update("id", outs, props)
    provider.delete("id", outs)
    assert asked == [f"{ACCOUNT} {REGION}"] * 3


def test_an_account_outside_the_allowed_ones_is_refused(owner: Owner) -> None:
    _of({"allowedAccountIds": json.dumps([ACCOUNT])}).check_account(ACCOUNT, REGION)
    with pytest.raises(PermissionError, match="allowedAccountIds"):
        _of({"allowedAccountIds": json.dumps([OTHER])}).check_account(ACCOUNT, REGION)
    with pytest.raises(PermissionError, match="forbiddenAccountIds"):
        _of({"forbiddenAccountIds": json.dumps([ACCOUNT])}).check_account(ACCOUNT, REGION)


@pytest.mark.parametrize("key", ["httpProxy", "assumeRoleWithWebIdentity", "insecure"])
def test_what_is_not_understood_is_refused_by_name(key: str) -> None:
    with pytest.raises(PermissionError, match=f"aws:{key} would reach the provider alone"):
        _of({key: "true"})
    assert _of({key: "false"}).signing == Signing()


def test_a_key_that_the_provider_no_longer_reads_is_refused() -> None:
    with pytest.raises(PermissionError, match=r"aws:assumeRole is no setting .*; write aws:assumeRoles"):
        _of({"assumeRole": '{"roleArn": "x"}'})


def test_the_engine_s_settings_reach_a_provider() -> None:
    provider: Any = next(iter(KINDS.values()))()
    raw = {
        "aws:profile": "shop",
        "aws:region": REGION,
        "aws:endpoints": '[{"s3": "http://127.0.0.1:9"}]',
        "ial:owner": "x",
    }
    provider.configure(ConfigureRequest(Config(raw, "ial")))
    read = provider.access.signing
    assert (read.profile, read.region, read.endpoints) == ("shop", REGION, {"s3": "http://127.0.0.1:9"})


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    credentials = tmp_path / "credentials"
    credentials.write_text("[shop]\naws_access_key_id = AKIASHOP\naws_secret_access_key = s\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    return credentials


def _key(**config: str) -> str:
    """Whose key signs a request to S3."""
    return str(_of(config).client("s3", REGION)._request_signer._credentials.access_key)


def test_a_profile_signs(files: Path) -> None:
    assert _key(profile="shop") == "AKIASHOP"
    assert _key(profile="shop", sharedCredentialsFiles=json.dumps([str(files)])) == "AKIASHOP"


def test_static_keys_sign() -> None:
    assert _key(accessKey="AKIAMINE", secretKey="s", token="t") == "AKIAMINE"


def test_certificates_and_the_region_of_sts_are_obeyed(tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text(Path(where()).read_text())
    held = _of({"customCaBundle": str(bundle), "stsRegion": "eu-west-1", "accessKey": "a", "secretKey": "s"})
    assert held.client("s3", REGION)._endpoint.http_session._verify == str(bundle)
    assert held.client("sts", REGION).meta.region_name == "eu-west-1"
    assert held.client("s3", REGION).meta.region_name == REGION


def test_roles_are_assumed_one_after_the_other(owner: Owner) -> None:
    roles = [
        {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/first", "sessionName": "up", "duration": "1h"},
        {"roleArn": f"arn:aws:iam::{OTHER}:role/second", "externalId": "shop"},
    ]
    held = _of({"assumeRoles": json.dumps(roles)})
    with pytest.raises(PermissionError, match=f"signed by account {OTHER} and ial:accountId is {ACCOUNT}"):
        held.check_account(ACCOUNT, REGION)
    held.check_account(OTHER, REGION)
    with pytest.raises(PermissionError, match="unknown field `policyArn`"):
        _of({"assumeRoles": '[{"roleArn": "x", "policyArn": "y"}]'})
    with pytest.raises(PermissionError, match="duration 'soon'"):
        _of({"assumeRoles": '[{"roleArn": "x", "duration": "soon"}]'})


def test_endpoints_are_found_by_the_provider_s_names() -> None:
    given = [{"cloudwatchlogs": "http://127.0.0.1:1", "resourcegroups": "http://127.0.0.1:2"}]
    found = _of({"endpoints": json.dumps(given), "accessKey": "a", "secretKey": "s"})
    assert found.client("logs", REGION).meta.endpoint_url == "http://127.0.0.1:1"
    assert found.client("resource-groups", REGION).meta.endpoint_url == "http://127.0.0.1:2"
    assert "127.0.0.1" not in found.client("dynamodb", REGION).meta.endpoint_url


def _ask(question: Any) -> tuple[int, Any]:
    answered = io.StringIO()
    code = main(io.StringIO(question if isinstance(question, str) else json.dumps(question)), answered)
    return code, json.loads(answered.getvalue() or "null")


def test_inspection_answers_for_each_setting_and_writes_nothing(owner: Owner) -> None:
    owner.set_retention(365)
    settings = [{"type": type_, "props": {**PLACE, **_ALL}} for type_ in KINDS]
    calls = Calls()
    with watched(calls):
        code, answer = _ask({"settings": settings, "config": {"aws:region": REGION}})
    assert (code, calls.made) == (0, [])
    found = {(line["resource"], line["setting"]): line for line in answer["decisions"]}
    assert found["log group /ecs/shop-web", "retention"] == {
        "resource": "log group /ecs/shop-web", "setting": "retention", "found": "365 days", "wanted": "30 days",
        "decision": "keep", "result": "365 days", "why": "what its owner has is stronger",
    }  # fmt: skip
    # Two about the lifecycle, one about everything else.
    assert len(answer["decisions"]) == len(KINDS) + 1
    owner.set_retention(0)


def test_what_cannot_be_asked_is_a_refusal_that_says_why(owner: Owner) -> None:
    type_ = "pulumi-python:dynamic/backup:ContinuousBackups"
    asked = [
        {"type": "pulumi-python:dynamic/other:Thing", "props": {"bucket": "x"}},
        {"type": type_, "props": {**PLACE, **_ALL, "table": "nowhere"}},
        {"type": type_, "props": {**PLACE, **_ALL, "account": OTHER}},
    ]
    code, answer = _ask({"settings": asked})
    assert code == 0
    assert [line["decision"] for line in answer["decisions"]] == ["refuse"] * 3
    whys = [line["why"] for line in answer["decisions"]]
    for said, why in zip(("not known here", "nowhere does not exist", OTHER), whys, strict=True):
        assert said in why


@pytest.mark.parametrize("question", ["", "[]", "{}", '{"settings": [{}]}', '{"settings": 3}'])
def test_what_is_no_question_is_refused(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _ask(question) == (2, None)
    assert "not a question about settings" in capsys.readouterr().err
