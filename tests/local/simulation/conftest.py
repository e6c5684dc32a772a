from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from local.endpoint import Endpoint
from local.server import Running


class Stage:
    """A rehearsal over HTTP: begins it, lets its time pass, and asks with the clients that everybody has."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def ask(self, method: str, path: str, document: dict[str, Any] | None = None) -> Any:
        data = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self.endpoint.url + path, data, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return json.loads(answer.read())

    def begin(self, design: dict[str, Any] | None = None, faults: dict[str, Any] | None = None) -> float:
        return float(self.ask("PUT", "/ial/rehearsal", {"design": design or {}, "faults": faults or {}})["now"])

    def wait(self, seconds: float) -> float:
        return float(self.ask("POST", "/ial/clock", {"advance": seconds})["now"])

    def client(self, service: str) -> Any:
        return self.endpoint.client(service)


@pytest.fixture
def stage(cloud: Running, endpoint: Endpoint) -> Iterator[Stage]:
    found = Stage(endpoint)
    yield found
    found.ask("DELETE", "/ial/rehearsal")
