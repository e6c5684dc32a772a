"""Each setting of a stack that is honoured, at the clients that come out of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contract.signing import AssumedRole, Signing
from local.server import Running
from runners.aws.session import AwsClients
from tests.runners.signers import Watch, watched

ROLE = "arn:aws:iam::123456789012:role/"


def keys(clients: AwsClients, service: str = "dynamodb") -> Any:
    return clients.client(service)._get_credentials()


def test_keys_of_the_settings_win_over_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "surroundings")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    assert keys(AwsClients("us-east-1")).access_key == "surroundings"
    found = keys(AwsClients("us-east-1", signing=Signing(access_key="own", secret_key="s", token="t")))
    assert (found.access_key, found.secret_key, found.token) == ("own", "s", "t")


def test_a_profile_wins_over_the_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "surroundings")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    file = tmp_path / "credentials"
    file.write_text("[shop]\naws_access_key_id = profile\naws_secret_access_key = x\n")
    signing = Signing(profile="shop", credentials_file=str(file))
    assert keys(AwsClients("us-east-1", signing=signing)).access_key == "profile"
    assert keys(AwsClients("us-east-1", signing=signing).prompt()).access_key == "profile"


def test_addresses_regions_and_certificates() -> None:
    signing = Signing(
        access_key="a",
        secret_key="b",
        endpoints={"dynamodb": "http://localhost:1"},
        sts_region="eu-west-1",
        path_style=True,
        fips=True,
        ca_bundle="/etc/ca.pem",
    )
    clients = AwsClients("us-east-1", signing=signing)
    assert clients.client("dynamodb").meta.endpoint_url == "http://localhost:1"
    assert clients.client("sts").meta.endpoint_url == "https://sts-fips.eu-west-1.amazonaws.com"
    assert clients.client("sts").meta.region_name == "eu-west-1"
    assert clients.client("ecs").meta.region_name == "us-east-1"
    assert clients.client("s3").meta.config.s3["addressing_style"] == "path"
    assert clients.client("ecs")._endpoint.http_session._verify == "/etc/ca.pem"
    dual = AwsClients("us-east-1", signing=Signing(access_key="a", secret_key="b", dual_stack=True))
    assert dual.client("s3").meta.endpoint_url == "https://s3.dualstack.us-east-1.amazonaws.com"


@pytest.fixture
def watch(cloud: Running) -> Any:
    with watched(cloud.port) as found:
        yield found


@pytest.mark.cloud
def test_roles_are_taken_on_one_after_the_other(watch: Watch) -> None:
    signing = Signing(
        access_key="base", secret_key="x", endpoints={"sts": watch.url, "dynamodb": watch.url}, region="us-east-1"
    )
    first = AwsClients("us-east-1", signing=signing).taking_on(AssumedRole(role_arn=f"{ROLE}first"))
    second = first.taking_on(AssumedRole(role_arn=f"{ROLE}second", external_id="shared"))
    second.client("dynamodb").list_tables()
    assumed_by, assumed_again_by, used = (request.key for request in watch.taken())
    assert assumed_by == "base"
    assert assumed_again_by == keys(first).access_key
    assert used == keys(second).access_key
    assert len({assumed_by, assumed_again_by, used}) == 3
