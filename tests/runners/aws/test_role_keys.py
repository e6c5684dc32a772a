"""A role that was taken on outlives its keys: new ones are asked for in time, and what fails meanwhile is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from contract.signing import AssumedRole
from local.server import Running
from runners.aws.role_keys import ASK_AGAIN_SECONDS, LAST_CALL_SECONDS
from runners.aws.session import AwsClients
from runners.errors import AwsError
from tests.runners.aws.test_session import _Raw

pytestmark = pytest.mark.cloud
ROLE = "arn:aws:iam::123456789012:role/ial-dev-runner-chaos"
HOUR = timedelta(hours=1)
_ANSWER = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>{until:%Y-%m-%dT%H:%M:%SZ}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""
_REFUSED = "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>it is over</Message></Error></ErrorResponse>"


class Time:
    """What botocore takes for the time."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


class TokenService:
    """Gives keys for an hour, each time others; `refuses` makes it fail."""

    def __init__(self, time: Time) -> None:
        self.time, self.numbers, self.refuses = time, count(1), False

    def __call__(self, request: Any, **_: Any) -> AWSResponse:
        if self.refuses:
            return AWSResponse(request.url, 403, HTTPHeaders.from_dict({}), _Raw(_REFUSED.encode()))
        text = _ANSWER.format(key=f"AKIA{next(self.numbers):016}", until=self.time.now + HOUR)
        return AWSResponse(request.url, 200, HTTPHeaders.from_dict({}), _Raw(text.encode()))


class Taken:
    """Clients that have taken the role on, and the keys with which they signed."""

    def __init__(self, cloud: Running, service: TokenService) -> None:
        base = AwsClients("us-east-1", endpoint=cloud.endpoint.url, keys=("local", "local", None), attempts=1)
        base.client("sts").meta.events.register("before-send.sts.AssumeRole", service)
        self.clients = base.taking_on(AssumedRole(role_arn=ROLE, session_name="ial-chaos-runner"))
        self.keys: list[str] = []

    def sign(self, *services: str) -> list[str]:
        """One request of each; the numbers of the keys that were used."""
        for name in services or ("dynamodb",):
            client = self.clients.whole_pages() if name == "pages" else self.clients.client(name)
            client.meta.events.register("before-send.*.*", self._note, unique_id="note")
            client.list_tables() if name in ("dynamodb", "pages") else client.describe_alarms()
        found, self.keys = self.keys, []
        return found

    def _note(self, request: Any, **_: Any) -> None:
        signed = request.headers["Authorization"].decode()
        self.keys.append(signed.split("Credential=")[1].split("/")[0].removeprefix("AKIA").lstrip("0"))


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    held = Time()
    # The time is an argument's default, bound when the class was made.
    from botocore.credentials import RefreshableCredentials

    plain = RefreshableCredentials.__init__

    def made(keys: Any, *given: Any, **named: Any) -> None:
        plain(keys, *given, **named | {"time_fetcher": held})

    monkeypatch.setattr(RefreshableCredentials, "__init__", made)
    return held


def test_a_client_that_is_used_after_the_end_has_asked_for_new_keys(cloud: Running, time: Time) -> None:
    taken = Taken(cloud, TokenService(time))
    assert taken.sign() == ["1"]
    time.now += HOUR + timedelta(seconds=1)
    assert taken.sign() == ["2"]
    time.now += 10 * HOUR
    assert taken.sign("dynamodb", "cloudwatch", "pages") == ["3", "3", "3"]


def test_new_keys_are_asked_for_before_the_end(cloud: Running, time: Time) -> None:
    taken = Taken(cloud, TokenService(time))
    time.now += HOUR - timedelta(seconds=ASK_AGAIN_SECONDS + 5)
    assert taken.sign() == ["1"]
    time.now += timedelta(seconds=10)
    assert taken.sign() == ["2"]


def test_while_old_keys_serve_a_failure_is_no_failure(cloud: Running, time: Time) -> None:
    service = TokenService(time)
    taken = Taken(cloud, service)
    service.refuses = True
    time.now += HOUR - timedelta(seconds=LAST_CALL_SECONDS + 5)
    assert taken.sign() == ["1"]
    time.now += timedelta(seconds=10)
    with pytest.raises(AwsError, match=f"^sts:AssumeRole on {ROLE}: ExpiredToken: it is over; .*log in again"):
        taken.sign()
    service.refuses = False
    assert taken.sign() == ["2"]


def test_a_role_that_is_refused_is_told_at_once(cloud: Running, time: Time) -> None:
    service = TokenService(time)
    service.refuses = True
    with pytest.raises(AwsError, match=f"^sts:AssumeRole on {ROLE}: ExpiredToken"):
        Taken(cloud, service)
