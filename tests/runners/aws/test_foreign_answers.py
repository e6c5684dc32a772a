"""What answers in AWS's place: no list is empty because of it, and no write counts as done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from runners.aws.session import AwsClients, calling
from runners.errors import AwsError
from runners.exit_codes import ExitCode

Call = Callable[[AwsClients], Any]
PAGE = b"<!DOCTYPE html><html><body>Log in to the network</body></html>"
CALLS: dict[str, Call] = {
    "json": lambda clients: clients.client("dynamodb").list_tables(),
    "rest-json": lambda clients: clients.client("backup").list_backup_plans(),
    "query": lambda clients: clients.client("autoscaling").describe_auto_scaling_groups(),
    "ec2": lambda clients: clients.client("ec2").describe_subnets(),
    "rest-xml": lambda clients: clients.client("s3").list_buckets(),
}
WRITES: dict[str, Call] = {
    "json": lambda clients: clients.client("logs").put_retention_policy(logGroupName="a", retentionInDays=1),
    "rest-xml": lambda clients: clients.client("s3").put_bucket_versioning(
        Bucket="b", VersioningConfiguration={"Status": "Enabled"}
    ),
}


@dataclass
class Answer:
    body: bytes
    status: int = 200
    kind: str = "application/x-amz-json-1.0"
    length: int | None = None
    taken: list[str] = field(default_factory=list)


@pytest.fixture
def answer() -> Iterator[Callable[[Answer], AwsClients]]:
    """Clients that get this answer, whatever they ask."""
    given: list[Answer] = []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            held = given[0]
            held.taken.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(held.status)
            self.send_header("Content-Type", held.kind)
            self.send_header("Content-Length", str(len(held.body) if held.length is None else held.length))
            self.end_headers()
            self.wfile.write(held.body)
            self.close_connection = True

        do_GET = do_POST = do_PUT = _answer

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()

        def clients(held: Answer) -> AwsClients:
            given[:] = [held]
            url = f"http://127.0.0.1:{server.server_address[1]}"
            return AwsClients("us-east-1", endpoint=url, keys=("local", "local", None), attempts=1)

        yield clients
        server.shutdown()
        serving.join()


def refused(clients: AwsClients, call: Call) -> str:
    with pytest.raises(AwsError) as caught, calling("service:Operation", "it"):
        call(clients)
    assert caught.value.exit_code is ExitCode.AWS_FAILED
    assert "defect" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("protocol", CALLS)
@pytest.mark.parametrize(
    "held",
    [
        Answer(PAGE),
        Answer(PAGE, kind="text/html; charset=utf-8"),
        Answer(PAGE, status=503, kind="text/html"),
        Answer(b""),
        Answer(b"", status=503),
        Answer(b'{"TableNames": ["orders", "cu'),
        Answer(b'{"TableNames": []}', length=500),
        Answer(b"<ListAllMyBucketsResult><Buckets><Bucket>"),
        Answer(b"upstream connect error", kind="text/plain"),
    ],
    ids=["page", "html", "html-503", "empty", "empty-503", "cut", "cut-length", "cut-xml", "text"],
)
def test_a_read_fails_in_one_line(answer: Callable[[Answer], AwsClients], protocol: str, held: Answer) -> None:
    assert "service:Operation on it: " in refused(answer(held), CALLS[protocol])


@pytest.mark.parametrize("protocol", WRITES)
def test_a_write_that_a_page_answers_is_not_done(answer: Callable[[Answer], AwsClients], protocol: str) -> None:
    assert "the answer is not AWS's" in refused(answer(Answer(PAGE, kind="text/html")), WRITES[protocol])


def test_an_answer_of_awss_is_read_and_a_write_may_say_nothing(answer: Callable[[Answer], AwsClients]) -> None:
    assert CALLS["json"](answer(Answer(b'{"TableNames": ["orders"]}')))["TableNames"] == ["orders"]
    for write in WRITES.values():
        write(answer(Answer(b"")))
    body = answer(Answer(PAGE, kind="text/html")).client("s3").get_object(Bucket="b", Key="index.html")["Body"]
    assert body.read() == PAGE


def test_a_large_document_is_looked_at_by_its_ends(answer: Callable[[Answer], AwsClients]) -> None:
    names = b",".join(b'"table-%06d"' % number for number in range(30_000))
    assert len(CALLS["json"](answer(Answer(b'{"TableNames": [%s]}' % names)))["TableNames"]) == 30_000
    assert "no whole document of JSON" in refused(answer(Answer(b'{"TableNames": [%s' % names)), CALLS["json"])
