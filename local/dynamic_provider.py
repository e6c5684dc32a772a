"""Dynamic resources: runs Pulumi's own provider process, as the engine does, and speaks its protocol."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from local.errors import LocalCloudError
from preview.child_process import child

START_LIMIT_SECONDS: Final = 30.0
CALL_LIMIT_SECONDS: Final = 60.0
# What leads to an account of AWS does not lead to the local cloud, which has access of its own.
_ELSEWHERE: Final = (
    *("profile", "accessKey", "secretKey", "token", "assumeRole", "assumeRoles", "assumeRoleWithWebIdentity"),
    *("endpoints", "sharedConfigFiles", "sharedCredentialsFiles", "allowedAccountIds", "forbiddenAccountIds"),
    *("useFipsEndpoint", "useDualstackEndpoint", "httpProxy", "httpsProxy", "noProxy", "customCaBundle"),
)
_FOR_PEOPLE: Final = "ial: "


class DynamicProvider:
    """The provider process; it starts at the first call and ends with the context."""

    def __init__(
        self, program: Path, environment: Mapping[str, str], config: Mapping[str, str], tell: Callable[[str], None]
    ) -> None:
        """`config` is the stack's; `tell` gets each line that a provider has for people."""
        self._program = program
        self._environment = environment
        self._config = {key: value for key, value in config.items() if key.partition(":")[2] not in _ELSEWHERE}
        self._tell = tell
        self._reader: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: grpc.Channel | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
        if self._reader is not None:
            self._reader.join()

    def create(self, urn: str, properties: struct_pb2.Struct) -> tuple[str, struct_pb2.Struct]:
        """Creates the resource; returns its id and outputs."""
        request = provider_pb2.CreateRequest(urn=urn, properties=properties)
        answer = self._call("Create", request, urn)
        return answer.id, answer.properties

    def update(self, urn: str, id_: str, old: struct_pb2.Struct, new: struct_pb2.Struct) -> struct_pb2.Struct:
        """Changes the resource in place; returns its outputs."""
        request = provider_pb2.UpdateRequest(urn=urn, id=id_, olds=old, news=new)
        outputs: struct_pb2.Struct = self._call("Update", request, urn).properties
        return outputs

    def delete(self, urn: str, id_: str, outputs: struct_pb2.Struct) -> None:
        """Deletes the resource: the setting that was there before comes back."""
        self._call("Delete", provider_pb2.DeleteRequest(urn=urn, id=id_, properties=outputs), urn)

    def _call(self, operation: str, request: Any, urn: str) -> Any:
        stub = provider_pb2_grpc.ResourceProviderStub(self._connection())
        try:
            return getattr(stub, operation)(request, timeout=CALL_LIMIT_SECONDS)
        except grpc.RpcError as error:
            detail = str(error.details() or error.code()).strip().splitlines()
            msg = f"{urn.split('::')[-1]}: {operation.lower()} failed: {detail[-1] if detail else 'no reason given'}"
            raise LocalCloudError(msg) from None

    def _connection(self) -> grpc.Channel:
        if self._channel is None:
            paths = [str(self._program), *filter(None, [os.environ.get("PYTHONPATH")])]
            self._process = child(
                [sys.executable, "-u", "-m", "pulumi.dynamic", "127.0.0.1:1"],
                cwd=self._program,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**self._environment, "PYTHONPATH": os.pathsep.join(paths)},
            )
            self._reader = threading.Thread(target=self._listen, args=(self._process.stderr,), daemon=True)
            self._reader.start()
            self._channel = grpc.insecure_channel(f"127.0.0.1:{self._port(self._process)}")
            self._configure(self._channel)
        return self._channel

    def _configure(self, channel: grpc.Channel) -> None:
        """As the engine does before anything else: providers read the stack's `aws:` settings from it."""
        settings = struct_pb2.Struct()
        settings.update(self._config)
        request = provider_pb2.ConfigureRequest(args=settings)
        provider_pb2_grpc.ResourceProviderStub(channel).Configure(request, timeout=CALL_LIMIT_SECONDS)

    def _listen(self, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                text = line.decode(errors="replace").rstrip()
                if text.startswith(_FOR_PEOPLE):
                    self._tell(text.removeprefix(_FOR_PEOPLE))

    def _port(self, process: subprocess.Popen[bytes]) -> int:
        assert process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            line = process.stdout.readline() if selector.select(START_LIMIT_SECONDS) else b""
        if not line.strip().isdigit():
            msg = f"the provider of dynamic resources did not start in {self._program}; run `ial doctor`"
            raise LocalCloudError(msg)
        return int(line)
