"""Each attempt of a call has a line before it is sent and one when it has ended."""

from __future__ import annotations

import logging
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from botocore.httpsession import URLLib3Session
from msgspec.json import decode

from contract.run_log import Answered, Asked, Call, LogLine
from contract.signing import AssumedRole
from runners.aws.session import AwsClients, call
from runners.cli.terminal_log import log_from
from runners.errors import AwsError
from runners.runs.run_log import RunLog, run_log
from tests.runners.aws.test_session import SILENT, THROTTLED, answering, fresh

__all__ = ["fresh"]
ROLE = "arn:aws:iam::123456789012:role/ial-dev-runner-drill"


def nobody(_: str) -> None:
    """Is told nothing."""


@pytest.fixture
def log(tmp_path: Path) -> Iterator[RunLog]:
    with run_log(tmp_path / "run.log.jsonl", nobody) as found:
        yield found


def calls(log: RunLog) -> list[Any]:
    """The lines about calls."""
    found = [decode(text, type=LogLine) for text in log.path.read_bytes().splitlines()]
    return [line for line in found if isinstance(line, Call)]


@pytest.mark.cloud
def test_a_call_and_its_answer(fresh: AwsClients, log: RunLog) -> None:
    call("dynamodb:DescribeTable", "orders", fresh.client("dynamodb").describe_table, TableName="orders")
    asked, answered = calls(log)
    assert isinstance(asked, Asked)
    assert isinstance(answered, Answered)
    for line in (asked, answered):
        assert (line.service, line.operation, line.resource) == ("dynamodb", "DescribeTable", "orders")
        assert (line.region, line.attempt, line.call) == ("us-east-1", 1, asked.call)
    assert (asked.because, answered.status, answered.error) == (None, 200, None)
    assert answered.request
    assert answered.milliseconds >= 0


@pytest.mark.cloud
@pytest.mark.parametrize(
    ("fault", "status", "error"), [(THROTTLED, 400, "ThrottlingException"), (SILENT, None, "ConnectTimeoutError: ")]
)
def test_retries_and_their_reasons(fresh: AwsClients, log: RunLog, fault: Any, status: int, error: str) -> None:
    answering(fresh, fault, fault)
    fresh.client("dynamodb").describe_table(TableName="orders")
    asked = [line for line in calls(log) if isinstance(line, Asked)]
    answered = [line for line in calls(log) if isinstance(line, Answered)]
    assert [(line.attempt, line.level) for line in asked] == [(1, "debug"), (2, "warning"), (3, "warning")]
    assert len({line.call for line in asked + answered}) == 1
    assert [line.status for line in answered] == [status, status, 200]
    assert [str(line.because).startswith(error) for line in asked] == [False, True, True]
    assert [str(line.error).startswith(error) for line in answered] == [True, True, False]


@pytest.mark.cloud
def test_a_refusal_is_no_retry(fresh: AwsClients, log: RunLog) -> None:
    answering(fresh, (400, "AccessDeniedException"))
    with pytest.raises(AwsError):
        call("dynamodb:Scan", "orders", fresh.client("dynamodb").scan, TableName="orders")
    asked, answered = calls(log)
    assert (asked.attempt, answered.status, answered.error) == (1, 400, "AccessDeniedException")


@pytest.mark.cloud
def test_who_signs_is_named(fresh: AwsClients, log: RunLog) -> None:
    log_from("debug")
    try:
        taken = fresh.taking_on(AssumedRole(role_arn=ROLE, session_name="ial-drill"))
        taken.client("sts").get_caller_identity()
        taken.prompt().client("dynamodb").list_tables()
        keys = taken.client("sts")._request_signer._credentials.get_frozen_credentials()
    finally:
        log_from(None)
    asked = {line.operation: line.identity for line in calls(log) if isinstance(line, Asked)}
    session = "arn:aws:sts::123456789012:assumed-role/ial-dev-runner-drill/ial-drill"
    assert asked == {"AssumeRole": None, "GetCallerIdentity": ROLE, "ListTables": session}
    text = log.path.read_text()
    assert "urllib3.connectionpool" in text, "libraries speak at this level"
    for secret in (keys.secret_key, keys.token, "Authorization"):
        assert secret not in text


@contextmanager
def dumb_server(log: RunLog) -> Iterator[tuple[str, list[Any]]]:
    """Takes one request and never answers it; what the log says by then."""
    seen: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def listen() -> None:
            taken, _ = door.accept()
            with taken:
                taken.recv(65536)
                seen.extend(calls(log))
                while taken.recv(65536):
                    """Listens until the caller gives up."""

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}", seen
        thread.join()


def test_of_a_call_that_hangs_it_is_seen_what_is_asked(log: RunLog) -> None:
    with dumb_server(log) as (url, seen):
        clients = AwsClients("eu-west-1", endpoint=url, keys=("local", "local", None), attempts=1, read_seconds=1)
        with pytest.raises(AwsError, match="ReadTimeoutError"):
            call("rds:DescribeDBInstances", "shop-db", clients.client("rds").describe_db_instances)
    [asked] = seen
    assert (asked.service, asked.operation) == ("rds", "DescribeDBInstances")
    assert (asked.resource, asked.region) == ("shop-db", "eu-west-1")
    assert str(calls(log)[-1].error).startswith("ReadTimeoutError: ")


@pytest.mark.cloud
def test_an_answer_of_somebody_else_ends_the_call(fresh: AwsClients, log: RunLog) -> None:
    answering(fresh, (200, "x"))
    fresh.client("dynamodb").meta.events.register("before-parse.dynamodb.ListTables", _breaks)
    with pytest.raises(AwsError):
        call("dynamodb:ListTables", "this account", fresh.client("dynamodb").list_tables)
    asked, answered = calls(log)
    assert (answered.call, answered.status) == (asked.call, None)
    assert str(answered.error).startswith("ForeignAnswerError: ")


def _breaks(response_dict: dict[str, Any], **_: Any) -> None:
    response_dict["body"] = b"<html>"


@pytest.mark.cloud
def test_threads_do_not_disturb_each_other(fresh: AwsClients, log: RunLog, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = Counter[str]()
    send = URLLib3Session.send

    def counted(session: URLLib3Session, request: Any) -> Any:
        sent[request.headers["X-Amz-Target"].decode().rpartition(".")[2]] += 1
        return send(session, request)

    monkeypatch.setattr(URLLib3Session, "send", counted)
    dynamodb = fresh.client("dynamodb")

    def work(number: int) -> None:
        name = "orders" if number % 2 else f"none-{number}"
        with pytest.raises(AwsError) if number % 2 == 0 else _nothing():
            call("dynamodb:DescribeTable", name, dynamodb.describe_table, TableName=name)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(40)))
    asked = [line for line in calls(log) if isinstance(line, Asked)]
    answered = {line.call: line for line in calls(log) if isinstance(line, Answered)}
    assert sent == {"DescribeTable": len(asked) == 40 and len(answered)}
    assert {(line.resource, line.thread) for line in asked} == {
        (answered[line.call].resource, answered[line.call].thread) for line in asked
    }
    assert all((line.status == 200) == (line.resource == "orders") for line in answered.values())


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def test_libraries_are_quiet_again(capsys: pytest.CaptureFixture[str]) -> None:
    log_from("debug")
    logging.getLogger("urllib3.connectionpool").debug("said")
    logging.getLogger("botocore.auth").debug("a signature")
    log_from(None)
    logging.getLogger("urllib3.connectionpool").debug("not said")
    assert "said" in capsys.readouterr().err
