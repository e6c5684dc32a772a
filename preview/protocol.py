"""Pulumi's gRPC protocol without Pulumi's SDK.

The generated modules live in `pulumi.runtime.proto`, but importing them runs `pulumi/__init__.py`, which takes half a
second and nothing of it is needed to speak the protocol. So, unless the SDK is loaded already, empty stand-ins for
`pulumi` and `pulumi.runtime` with the right search path are put in place while the generated modules load, and are
taken away afterwards: a later `import pulumi` gets the real package.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pulumi.runtime.proto import (
        analyzer_pb2,
        analyzer_pb2_grpc,
        callback_pb2,
        callback_pb2_grpc,
        engine_pb2,
        engine_pb2_grpc,
        plugin_pb2,
        resource_pb2,
        resource_pb2_grpc,
    )
else:

    def _stand_in(name: str, folder: Path) -> ModuleType:
        module = ModuleType(name)
        module.__path__ = [str(folder)]
        return module

    def _load() -> dict[str, Any]:
        names = ("plugin_pb2", "resource_pb2", "engine_pb2", "analyzer_pb2", "callback_pb2")
        services = ("resource_pb2_grpc", "engine_pb2_grpc", "analyzer_pb2_grpc", "callback_pb2_grpc")
        stand_ins: list[str] = []
        if "pulumi" not in sys.modules:
            spec = find_spec("pulumi")
            if spec is None or not spec.submodule_search_locations:
                msg = "the Python package `pulumi` is not installed; run `make install`"
                raise ImportError(msg)
            root = Path(next(iter(spec.submodule_search_locations)))
            folders = {
                "pulumi": root,
                "pulumi.runtime": root / "runtime",
                "pulumi.runtime.proto": root / "runtime/proto",
            }
            for name, folder in folders.items():
                sys.modules[name] = _stand_in(name, folder)
            stand_ins = [*folders]
        try:
            return {name: import_module(f"pulumi.runtime.proto.{name}") for name in (*names, *services)}
        finally:
            # The generated modules stay loaded: protobuf would refuse to register the same messages twice.
            for name in stand_ins:
                del sys.modules[name]

    globals().update(_load())

MAX_MESSAGE_BYTES: Final = 1024 * 1024 * 400
CHANNEL_OPTIONS: Final = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
]

__all__ = [
    "CHANNEL_OPTIONS",
    "analyzer_pb2",
    "analyzer_pb2_grpc",
    "callback_pb2",
    "callback_pb2_grpc",
    "engine_pb2",
    "engine_pb2_grpc",
    "plugin_pb2",
    "resource_pb2",
    "resource_pb2_grpc",
]
