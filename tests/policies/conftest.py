"""The pack behind the SDK's own servicer and as a process: proxies, floats, secrets, sentinels are the real ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy import EnforcementLevel, Policy
from pulumi_policy.policy import _PolicyAnalyzerServicer

from policies import environments
from policies.adapter import plain, watch_secrets
from policies.memory import MEMORY
from policies.pack import policies
from policies.request import read_once
from pricing.resource import Resource

PACK = Path(__file__).parents[2] / "policies"
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
TAGS = {"owner": "team", "environment": "dev", "stage": "1", "managed-by": "ial"}
AS_OF = "2026-11-25"
ENVIRONMENT = """
recoveryWindowDays: 14
budget:
  monthly: 20
  caps: {observability: 8, backup: 1, other: 2}
  resourceCap: 5
usage:
  types:
    aws:s3/bucket:Bucket: {storage_gb: 0, noncurrent_gb: 0, write_requests: 0, read_requests: 0}
    aws:s3/bucketVersioning:BucketVersioning: {noncurrent_gb: 0}
    aws:dynamodb/table:Table: {storage_gb: 1, write_requests: 0, read_requests: 0}
"""


def urn_of(token: str, name: str, *, under: str = "") -> str:
    return f"urn:pulumi:dev::ial::{under + '$' if under else ''}{token}::{name}"


def made(token: str, properties: dict[str, Any], name: str = "it", **more: Any) -> Resource:
    """A resource as rules see it: numbers are `Decimal`, what is unknown is `UNKNOWN`."""
    known = plain(properties)
    assert isinstance(known, dict)
    return Resource(urn=urn_of(token, name), type=token, name=name, properties=known, **more)


def struct_of(properties: dict[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(properties)
    return struct


@dataclass
class Declared:
    """One resource of a test; stack policies get its `outputs`, which are its inputs unless given."""

    type: str
    name: str = "it"
    inputs: dict[str, Any] = field(default_factory=dict)
    under: str = ""
    outputs: dict[str, Any] | None = None
    dependencies: tuple[str, ...] = ()

    @property
    def urn(self) -> str:
        return urn_of(self.type, self.name, under=self.under)

    def request(self) -> analyzer_pb2.AnalyzeRequest:
        return analyzer_pb2.AnalyzeRequest(
            type=self.type, urn=self.urn, name=self.name, properties=struct_of(self.inputs)
        )

    def in_stack(self) -> analyzer_pb2.AnalyzerResource:
        outputs = self.inputs if self.outputs is None else self.outputs
        return analyzer_pb2.AnalyzerResource(
            type=self.type,
            urn=self.urn,
            name=self.name,
            properties=struct_of(outputs),
            dependencies=self.dependencies,
        )


@dataclass(frozen=True)
class Said:
    """A diagnostic: level by number (0 advisory, 1 mandatory) and the message without the description."""

    policy: str
    level: int
    message: str
    urn: str


class Servicer:
    """Asks a servicer, in this process or over gRPC, what it says of resources."""

    def __init__(self, analyzer: Any) -> None:
        self.analyzer = analyzer

    def resource(self, declared: Declared) -> list[Said]:
        return _said(self.analyzer(analyzer_pb2.AnalyzeRequest, declared.request()))

    def stack(self, *declared: Declared) -> list[Said]:
        request = analyzer_pb2.AnalyzeStackRequest(resources=[item.in_stack() for item in declared])
        return _said(self.analyzer(analyzer_pb2.AnalyzeStackRequest, request))

    def all(self, *declared: Declared) -> list[Said]:
        return [said for item in declared for said in self.resource(item)] + self.stack(*declared)

    def of(self, policy: str, *declared: Declared) -> list[Said]:
        return [said for said in self.all(*declared) if said.policy == policy]


def _said(response: analyzer_pb2.AnalyzeResponse) -> list[Said]:
    return [
        Said(d.policyName, d.enforcementLevel, d.message.removeprefix(f"{d.description}\n"), d.urn)
        for d in response.diagnostics
    ]


def local_servicer(chosen: list[Policy]) -> Servicer:
    make: Any = _PolicyAnalyzerServicer
    servicer = make("ial", "0.0.1", chosen, EnforcementLevel.MANDATORY)
    calls = {analyzer_pb2.AnalyzeRequest: servicer.Analyze, analyzer_pb2.AnalyzeStackRequest: servicer.AnalyzeStack}
    return Servicer(lambda kind, request: calls[kind](request, None))


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An engine's environment variables, an environment file that fits the tests, and a pack that remembers nothing."""
    folder = tmp_path / "environments"
    folder.mkdir()
    (folder / "dev.yaml").write_text(ENVIRONMENT, encoding="utf-8")
    monkeypatch.setattr(environments, "DIRECTORY", folder)
    environments._terms.cache_clear()
    MEMORY.clear()
    monkeypatch.setenv("PULUMI_STACK", "dev")
    monkeypatch.setenv("IAL_AS_OF", AS_OF)
    configure(monkeypatch, {})
    return folder


def configure(monkeypatch: pytest.MonkeyPatch, config: dict[str, str]) -> None:
    own = {"ial:stage": "1", "aws:region": "us-east-1", "ial:accountId": "123456789012"}
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({**own, **config}))


@pytest.fixture
def pack(monkeypatch: pytest.MonkeyPatch) -> Servicer:
    """The whole pack in this process, and the SDK as the pack makes it, until the test ends."""
    from pulumi_policy import policy as servicer

    for name in ("json_format", "deserialize_properties", "unknown_checking_proxy"):
        monkeypatch.setattr(servicer, name, servicer.__dict__[name])
    for name in ("Analyze", "AnalyzeStack", "_get_provider_resource"):
        monkeypatch.setattr(_PolicyAnalyzerServicer, name, getattr(_PolicyAnalyzerServicer, name))
    watch_secrets()
    read_once()
    return local_servicer(policies())


@dataclass
class Process:
    """The pack as the engine starts it."""

    process: subprocess.Popen[str]
    first_line: str
    stub: Any
    servicer: Servicer


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Any]:
    """Starts packs with extra environment variables, and ends them."""
    running: list[tuple[subprocess.Popen[str], grpc.Channel | None]] = []

    def start(**extra: str) -> Process:
        config = json.dumps({"ial:stage": "2", "aws:region": "us-east-1"})
        settings = {
            "PULUMI_PROJECT": "ial",
            "PULUMI_STACK": "dev",
            "PULUMI_DRY_RUN": "true",
            "PULUMI_CONFIG": config,
            "IAL_AS_OF": AS_OF,
        }
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(PACK)],
            cwd=PACK,
            env={**os.environ, **settings, **extra},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        channel = grpc.insecure_channel(f"127.0.0.1:{line.strip()}")
        running.append((process, channel))
        stub = analyzer_pb2_grpc.AnalyzerStub(channel)
        calls = {analyzer_pb2.AnalyzeRequest: stub.Analyze, analyzer_pb2.AnalyzeStackRequest: stub.AnalyzeStack}
        stub.GetAnalyzerInfo(empty_pb2.Empty(), timeout=20)
        return Process(process, line, stub, Servicer(lambda kind, request: calls[kind](request, timeout=20)))

    yield start
    for process, channel in running:
        if channel is not None:
            channel.close()
        process.kill()
        process.communicate()
