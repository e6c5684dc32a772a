"""A provider plugin of Pulumi, started and asked as the engine does it: what a data source itself answers."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from preview.child_process import child
from preview.errors import ProvisionError
from preview.protocol import CHANNEL_OPTIONS
from preview.wire import is_secret, plain_properties, read_struct, write_struct
from pricing.resource import Plain

START_LIMIT_SECONDS: Final = 30.0
CALL_LIMIT_SECONDS: Final = 120.0
_FOLDER: Final = re.compile(r"resource-(?P<package>.+)-v(?P<version>\d+(?:\.\d+)*)")


class SecretAnswerError(Exception):
    """A data source answers with a secret, which belongs in no file."""


def plugin_path(package: str) -> Path | None:
    """The program of a package's plugin: on PATH, else the newest that `pulumi plugin install` put there."""
    name = f"pulumi-resource-{package}"
    if found := shutil.which(name):
        return Path(found)
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi") / "plugins"
    versions = [
        (tuple(int(part) for part in match["version"].split(".")), folder / name)
        for folder in (home.iterdir() if home.is_dir() else ())
        if (match := _FOLDER.fullmatch(folder.name)) and match["package"] == package and (folder / name).is_file()
    ]
    return max(versions)[1] if versions else None


class ProviderPlugin:
    """One plugin, configured once; use it as a context manager."""

    def __init__(self, package: str, config: Mapping[str, str], engine: str) -> None:
        self._package, self._config, self._engine = package, config, engine
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: grpc.Channel | None = None

    def __enter__(self) -> Self:
        path = plugin_path(self._package)
        if path is None:
            msg = (
                f"the provider plugin of package {self._package} is not installed: run "
                f"`pulumi plugin install resource {self._package}`"
            )
            raise ProvisionError(msg)
        self._process = child(
            [str(path), self._engine],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self._configure(self._port(path))
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def invoke(self, token: str, args: Mapping[str, Plain]) -> Mapping[str, Plain]:
        """What a data source answers.

        Raises:
            ProvisionError: the call failed, or the provider refuses the arguments.
            SecretAnswerError: a secret is part of the answer.
        """
        request = provider_pb2.InvokeRequest(tok=token, args=write_struct(args))
        try:
            answer = self._stub.Invoke(request, timeout=CALL_LIMIT_SECONDS)
        except grpc.RpcError as error:
            msg = f"{token}: {_details(error)}"
            raise ProvisionError(msg) from error
        if answer.failures:
            msg = f"{token}: {answer.failures[0].property}: {answer.failures[0].reason}"
            raise ProvisionError(msg)
        found = read_struct(getattr(answer, "return"))
        if is_secret(found):
            raise SecretAnswerError(token)
        return plain_properties(found)[0]

    def _port(self, path: Path) -> int:
        import select

        assert self._process is not None
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], START_LIMIT_SECONDS)
        text = self._process.stdout.readline().decode(errors="replace").strip() if ready else ""
        if not text.isdigit():
            msg = f"{path}: did not say where it listens, but {text!r}"
            raise ProvisionError(msg)
        return int(text)

    def _configure(self, port: int) -> None:
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=CHANNEL_OPTIONS)
        self._stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        settings = struct_pb2.Struct()
        settings.update(dict(self._config))
        variables = {f"{self._package}:config:{key}": value for key, value in self._config.items()}
        request = provider_pb2.ConfigureRequest(
            args=settings, variables=variables, acceptSecrets=True, acceptResources=True
        )
        try:
            self._stub.Configure(request, timeout=CALL_LIMIT_SECONDS, wait_for_ready=True)
        except grpc.RpcError as error:
            msg = f"the provider of package {self._package} could not be configured: {_details(error)}"
            raise ProvisionError(msg) from error

    def _stop(self) -> None:
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, 9)
            self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()


def _details(error: grpc.RpcError) -> str:
    return " ".join(str(error.details() if isinstance(error, grpc.Call) else error).split())
