"""The pack as the engine starts it, spoken to in its own protocol and without the product's driver."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from preview.offline import Preview
from preview.registration import Registration
from preview.wire import OUTPUT, SIGNATURE, UNKNOWN_STRING
from runners.gate.judging import Case
from tests.gate.conftest import AS_OF

LIMIT_SECONDS: Final = 30
MANDATORY: Final = analyzer_pb2.MANDATORY


@dataclass(frozen=True)
class Said:
    """One diagnostic of the pack, without the policy's description before it."""

    policy: str
    level: int
    message: str


@contextmanager
def started_pack(case: Case) -> Iterator[PackProcess]:
    """Starts the pack; it loads while the caller does something else."""
    settings = {
        "PULUMI_PROJECT": case.project.name,
        "PULUMI_STACK": case.project.stack,
        "PULUMI_DRY_RUN": "true",
        "PULUMI_CONFIG": json.dumps(dict(case.project.config)),
        "IAL_AS_OF": AS_OF.isoformat(),
    }
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(case.order.pack)],
        cwd=case.order.pack,
        env={**os.environ, **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield PackProcess(process)
    finally:
        process.kill()
        process.communicate()


@dataclass(frozen=True)
class PackProcess:
    """A pack that starts or serves."""

    process: subprocess.Popen[str]

    def judge(self, preview: Preview) -> list[Said]:
        """What the pack says of what a program registered: each resource first, then the stack."""
        assert preview.recording is not None
        assert self.process.stdout is not None
        records = preview.recording.registrations
        said: list[analyzer_pb2.AnalyzeDiagnostic] = []
        with grpc.insecure_channel(f"127.0.0.1:{self.process.stdout.readline().strip()}") as channel:
            stub = analyzer_pb2_grpc.AnalyzerStub(channel)
            _configure(stub)
            for record in records:
                said += stub.Analyze(_resource_request(record), timeout=LIMIT_SECONDS).diagnostics
            said += stub.AnalyzeStack(_stack_request(records), timeout=LIMIT_SECONDS).diagnostics
        # The SDK puts the policy's description before every message, on a line of its own.
        return [
            Said(entry.policyName, entry.enforcementLevel, entry.message.partition("\n")[2].strip()) for entry in said
        ]


def _configure(stub: analyzer_pb2_grpc.AnalyzerStub) -> None:
    """Gives every policy the level that it has by itself, as the engine does."""
    info = stub.GetAnalyzerInfo(empty_pb2.Empty(), timeout=LIMIT_SECONDS)
    request = analyzer_pb2.ConfigureAnalyzerRequest()
    for policy in info.policies:
        request.policyConfig[policy.name].enforcementLevel = policy.enforcementLevel
    stub.Configure(request, timeout=LIMIT_SECONDS)


def _resource_request(record: Registration) -> analyzer_pb2.AnalyzeRequest:
    return analyzer_pb2.AnalyzeRequest(
        type=record.type, urn=record.urn, name=record.name, properties=_inputs(record.wire)
    )


def _stack_request(records: Iterable[Registration]) -> analyzer_pb2.AnalyzeStackRequest:
    return analyzer_pb2.AnalyzeStackRequest(
        resources=[
            analyzer_pb2.AnalyzerResource(
                type=record.type,
                urn=record.urn,
                name=record.name,
                parent=record.parent,
                properties=_inputs(record.wire),
                dependencies=record.dependencies,
            )
            for record in records
        ]
    )


def _inputs(wire: struct_pb2.Struct) -> struct_pb2.Struct:
    """Inputs as the engine shows them to packs: plain values, where programs may send outputs with a signature."""
    shown = struct_pb2.Struct()
    for key, value in json_format.MessageToDict(wire).items():
        if not key.startswith("__"):
            shown[key] = _plain(value)
    return shown


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == OUTPUT:
        return _plain(value.get("value", UNKNOWN_STRING))
    return {key: _plain(item) for key, item in value.items()}
