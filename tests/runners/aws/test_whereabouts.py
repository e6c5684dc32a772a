"""Where this process runs: as an instance, as a task, or nobody knows where."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from runners.aws.whereabouts import Whereabouts, whereabouts

CARDS = "/latest/meta-data/network/interfaces/macs/"
ANSWERS = {
    CARDS: "0a:1b:2c:3d:4e:5f/\n0a:1b:2c:3d:4e:60/",
    f"{CARDS}0a:1b:2c:3d:4e:5f/subnet-id": "subnet-a",
    f"{CARDS}0a:1b:2c:3d:4e:60/subnet-id": "subnet-b",
    "/task": json.dumps({"Networks": [{"NetworkMode": "awsvpc", "IPv4SubnetCIDRBlock": "10.0.1.0/24"}]}),
    "/bridge": json.dumps({"Networks": [{"NetworkMode": "bridge"}]}),
    "/broken": "no json",
}
SUBNETS = {"subnet-a": "10.0.1.0/24"}


class Metadata(BaseHTTPRequestHandler):
    """The metadata of an instance, which asks for a token, and of a task."""

    def do_PUT(self) -> None:
        self._say("a-token" if self.path == "/latest/api/token" else None)

    def do_GET(self) -> None:
        asked = self.headers.get("X-aws-ec2-metadata-token") == "a-token" or not self.path.startswith("/latest")
        self._say(ANSWERS.get(self.path) if asked else None)

    def log_message(self, *_: object) -> None:
        """Nothing: tests say enough."""

    def _say(self, text: str | None) -> None:
        self.send_response(404 if text is None else 200)
        self.end_headers()
        self.wfile.write((text or "").encode())


@pytest.fixture(scope="module")
def metadata() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Metadata)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_instance_knows_its_subnets(metadata: str) -> None:
    found = whereabouts({}, metadata)
    assert found == Whereabouts(subnets=frozenset({"subnet-a", "subnet-b"}))
    assert found.inside(SUBNETS)
    assert not found.inside({"subnet-c": "10.0.1.0/24"})


def test_a_task_knows_its_range(metadata: str) -> None:
    found = whereabouts({"ECS_CONTAINER_METADATA_URI_V4": f"{metadata}/task"}, metadata)
    assert found == Whereabouts(ranges=frozenset({"10.0.1.0/24"}))
    assert found.inside(SUBNETS)
    assert not found.inside({"subnet-a": "10.0.2.0/24"})


@pytest.mark.parametrize("path", ["bridge", "broken", "nowhere"])
def test_a_task_that_cannot_tell(metadata: str, path: str) -> None:
    assert whereabouts({"ECS_CONTAINER_METADATA_URI_V4": f"{metadata}/{path}"}, metadata) is None


def test_no_metadata(metadata: str) -> None:
    assert whereabouts({"AWS_EC2_METADATA_DISABLED": "true"}, metadata) is None
    assert whereabouts({}, f"{metadata}/elsewhere") is None
    assert whereabouts({}, "http://127.0.0.1:1") is None
