"""What comes back from AWS, and what becomes of it: a retry, or one kind of error that names the call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectTimeoutError

from contract.signing import AssumedRole
from local.server import Running
from runners.aws.session import ATTEMPTS, PROMPT_ATTEMPTS, AwsClients, calling
from runners.chaos.judging.hypothesis import MOST_APART
from runners.errors import AwsError
from runners.exit_codes import ExitCode


class _Raw:
    """A response's body, as botocore reads it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._body


class Answering:
    """Gives the first answers instead of AWS, then lets calls through."""

    def __init__(self, *answers: tuple[int, str] | Exception, service: str = "dynamodb") -> None:
        self.answers, self.calls, self.service = list(answers), 0, service

    def __call__(self, request: Any, **_: Any) -> AWSResponse | None:
        self.calls += 1
        if not self.answers:
            return None
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, code = answer
        # S3 and RDS speak XML, the others JSON.
        xml = f"<Error><Code>{code}</Code><Message>said so</Message></Error>"
        bodies = {"s3": xml, "rds": f"<ErrorResponse>{xml}</ErrorResponse>"}
        body = bodies.get(self.service, f'{{"__type": "x#{code}", "message": "said so"}}').encode()
        return AWSResponse(request.url, status, HTTPHeaders.from_dict({"x-amzn-requestid": "1"}), _Raw(body))


@pytest.fixture
def fresh(cloud: Running, monkeypatch: pytest.MonkeyPatch) -> AwsClients:
    """Clients of this test alone, that wait no longer than they must between attempts."""
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    return AwsClients("us-east-1", endpoint=cloud.endpoint.url, keys=("local", "local", None))


def answering(clients: AwsClients, *answers: tuple[int, str] | Exception) -> Answering:
    found = Answering(*answers)
    clients.client("dynamodb").meta.events.register("before-send.dynamodb.*", found)
    return found


THROTTLED, BROKEN = (400, "ThrottlingException"), (500, "InternalServerError")
SILENT = ConnectTimeoutError(endpoint_url="x")


@pytest.mark.cloud
@pytest.mark.parametrize("fault", [THROTTLED, BROKEN, SILENT, (400, "ProvisionedThroughputExceededException")])
def test_what_passes_is_tried_again(fresh: AwsClients, fault: Any) -> None:
    seen = answering(fresh, fault, fault)
    with calling("dynamodb:DescribeTable", "orders"):
        assert fresh.client("dynamodb").describe_table(TableName="orders")["Table"]["TableName"] == "orders"
    assert seen.calls == 3


@pytest.mark.cloud
@pytest.mark.parametrize(
    ("fault", "code"),
    [(THROTTLED, "ThrottlingException"), (BROKEN, "InternalServerError"), (SILENT, "ConnectTimeoutError")],
)
def test_what_stays_is_told(fresh: AwsClients, fault: Any, code: str) -> None:
    seen = answering(fresh, *[fault] * 50)
    with (
        pytest.raises(AwsError, match=f"^dynamodb:DescribeTable on orders: {code}: ") as raised,
        calling("dynamodb:DescribeTable", "orders"),
    ):
        fresh.client("dynamodb").describe_table(TableName="orders")
    assert (raised.value.operation, raised.value.code) == ("dynamodb:DescribeTable", code)
    assert raised.value.exit_code is ExitCode.AWS_FAILED
    assert seen.calls <= ATTEMPTS


@pytest.mark.cloud
def test_what_is_refused_is_not_tried_again(fresh: AwsClients) -> None:
    seen = answering(fresh, (400, "AccessDeniedException"))
    with (
        pytest.raises(
            AwsError, match="AccessDeniedException: said so; whoever asks lacks the permission dynamodb:Scan"
        ),
        calling("dynamodb:Scan", "orders"),
    ):
        fresh.client("dynamodb").scan(TableName="orders")
    assert seen.calls == 1


@pytest.mark.cloud
def test_a_runner_takes_on_a_role(cloud: Running, clients: AwsClients) -> None:
    role = "arn:aws:iam::123456789012:role/ial-dev-runner-drill"
    taken = clients.taking_on(AssumedRole(role_arn=role, session_name="ial-drill"))
    assert taken.client("sts").get_caller_identity()["Arn"].endswith("assumed-role/ial-dev-runner-drill/ial-drill")


def longest_seconds(client: Any) -> float:
    """How long a call lasts that never is answered: every attempt, and botocore's back-off between them."""
    config = client.meta.config
    attempts = config.retries["total_max_attempts"]
    waits: float = sum(min(2**number, 20) for number in range(attempts - 1))
    return float(attempts * max(config.read_timeout, config.connect_timeout) + waits)


@pytest.mark.cloud
def test_a_prompt_call_ends_before_a_look_is_missed(cloud: Running) -> None:
    patient = AwsClients("us-east-1", endpoint=cloud.endpoint.url, keys=("local", "local", None))
    assert longest_seconds(patient.client("fis")) > 240
    assert longest_seconds(patient.prompt().client("fis")) < MOST_APART.total_seconds() - 20


@pytest.mark.cloud
def test_prompt_clients_have_the_same_keys_and_give_up_sooner(cloud: Running, fresh: AwsClients) -> None:
    role = "arn:aws:iam::123456789012:role/ial-dev-runner-chaos"
    taken = fresh.taking_on(AssumedRole(role_arn=role, session_name="ial-chaos")).prompt()
    assert taken.client("sts").get_caller_identity()["Arn"].endswith("assumed-role/ial-dev-runner-chaos/ial-chaos")
    seen = answering(taken, *[SILENT] * 50)
    with pytest.raises(AwsError, match="ConnectTimeoutError"), calling("dynamodb:DescribeTable", "orders"):
        taken.client("dynamodb").describe_table(TableName="orders")
    assert seen.calls == PROMPT_ATTEMPTS
