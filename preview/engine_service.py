"""The engine's own service: the program's messages, and small talk that the SDK expects to be answered."""
# ruff: noqa: D102, ARG002 (the methods are those of Pulumi's protocol, which documents them)

from __future__ import annotations

import threading
from typing import Final

import grpc
from google.protobuf import empty_pb2

from preview.deployment import Message
from preview.protocol import engine_pb2, engine_pb2_grpc

# The stream on which a program's host says what no preview sees. The SDK uses none but 0.
UNSEEN_STREAM: Final = 1_090_517


class EngineService(engine_pb2_grpc.EngineServicer):
    """Keeps what the program reports, except debug messages."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._root = ""
        self.messages: list[Message] = []
        self.unseen: list[str] = []

    def GetRootResource(
        self, request: engine_pb2.GetRootResourceRequest, context: grpc.ServicerContext
    ) -> engine_pb2.GetRootResourceResponse:
        return engine_pb2.GetRootResourceResponse(urn=self._root)

    def SetRootResource(
        self, request: engine_pb2.SetRootResourceRequest, context: grpc.ServicerContext
    ) -> engine_pb2.SetRootResourceResponse:
        self._root = request.urn
        return engine_pb2.SetRootResourceResponse()

    def RequirePulumiVersion(
        self, request: engine_pb2.RequirePulumiVersionRequest, context: grpc.ServicerContext
    ) -> engine_pb2.RequirePulumiVersionResponse:
        return engine_pb2.RequirePulumiVersionResponse()

    def Log(self, request: engine_pb2.LogRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        if request.streamId == UNSEEN_STREAM:
            self.unseen.append(request.message)
        elif request.severity != engine_pb2.DEBUG:
            self.say(engine_pb2.LogSeverity.Name(request.severity).lower(), request.message, request.urn)
        return empty_pb2.Empty()

    def say(self, severity: str, text: str, urn: str = "") -> None:
        """Adds one message."""
        with self._lock:
            self.messages.append(Message(severity, text, urn))
