"""The engine's side of a program's run: serves ResourceMonitor and Engine, and records every registration."""
# ruff: noqa: D102, ARG002 (the methods are those of Pulumi's protocol, which documents them)

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Final, NoReturn, Self, TypeAlias

import grpc
from google.protobuf import empty_pb2, struct_pb2

from preview import registering
from preview.data_sources.answers import Answers
from preview.data_sources.sources import DataSources
from preview.default_providers import DefaultProviders, needs_provider
from preview.deployment import Deployment
from preview.engine_service import EngineService
from preview.errors import ProvisionError
from preview.existing import Existing, as_it_will_be
from preview.inheritance import inherit
from preview.monitor_features import MonitorFeatures
from preview.protocol import (
    CHANNEL_OPTIONS,
    callback_pb2,
    engine_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
)
from preview.refusals import Refusals
from preview.registration import Provisioned, Provisioner, Registration, UnknownOutputs, resource_urn
from preview.runtime import PRICE_A_PREVIEW
from preview.stack_references import STACK_REFERENCE
from preview.states import GET_RESOURCE, States
from preview.transforms import Transforms
from preview.wire import UNKNOWN_STRING, plain_properties, read_struct, whole_unknowns, write_struct
from pricing.resource import STACK_TYPE, Plain

_NeedsProvider: TypeAlias = "resource_pb2.RegisterResourceRequest | resource_pb2.ReadResourceRequest"

_THREADS: Final = 4
# The key under which the program's host says where a data source is called (ial_program_host/calls.py).
CALL_SITE_KEY: Final = "ial-call-site"


class Monitor(MonitorFeatures):
    """Serves one program on loopback. Use it as a context manager; read the record when the program has ended."""

    def __init__(
        self,
        deployment: Deployment,
        provisioner: Provisioner | None = None,
        watch: Callable[[Registration], None] | None = None,
        existing: Existing | None = None,
        answers: Answers | None = None,
        *,
        folder: Path | None = None,
        loopback: bool = False,
    ) -> None:
        super().__init__(deployment)
        self._folder, self._loopback = folder, loopback
        self._existing = existing
        self._watch = watch
        self._provisioner: Provisioner = provisioner or UnknownOutputs()
        self.data_sources = DataSources(
            deployment.config, None if deployment.dry_run else provisioner, answers or Answers()
        )
        self._states = States()
        self._transforms = Transforms()
        self._create_lock = threading.Lock()
        self._providers = DefaultProviders(deployment.project, deployment.stack, deployment.config)
        self._server: grpc.Server | None = None
        self.registrations: dict[str, Registration] = {}
        self.outputs: dict[str, Plain] = {}
        self.secret_outputs: frozenset[str] = frozenset()
        self.component_outputs: dict[str, struct_pb2.Struct] = {}
        self.engine = EngineService()
        self.refusals = Refusals()
        self.finished = threading.Event()
        self.last_heard = 0.0
        self.address = ""
        # For those who speak no Unix sockets.
        self.on_loopback = ""

    def __enter__(self) -> Self:
        server = grpc.server(
            ThreadPoolExecutor(_THREADS),
            options=[*CHANNEL_OPTIONS, ("grpc.so_reuseport", 0)],
            interceptors=[self.refusals],
        )
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(self, server)
        engine_pb2_grpc.add_EngineServicer_to_server(self.engine, server)
        if self._folder is None or self._loopback:
            self.on_loopback = self.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        if self._folder is not None:
            # A socket in a private folder: no other user reaches it, and a program without network does.
            self.address = f"unix:{self._folder / 'monitor'}"
            server.add_insecure_port(self.address)
        server.start()
        self._server = server
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.stop(grace=None).wait()
        self._transforms.close()

    # --- registrations ---

    def RegisterResource(
        self, request: resource_pb2.RegisterResourceRequest, context: grpc.ServicerContext
    ) -> resource_pb2.RegisterResourceResponse:
        if request.remote:
            text = f"{request.name} ({request.type}) is a component that the plugin of its package builds"
            # A plugin runs beside the judge and not with the program, so a preview of strangers' code starts none.
            _refuse(
                context, f"{text}, and the local engine starts no plugins: use `--engine pulumi`, or {PRICE_A_PREVIEW}"
            )
        parent = self.registrations.get(request.parent)
        if parent is not None:
            inherit(request, parent)
        self._transforms.apply(request)
        if self.data_sources.asked:
            whole_unknowns(request.object)
        urn = self._urn(request.parent, request.type, request.name)
        self._assign_provider(request, context)
        record = registering.from_request(urn, request, parent)
        if self._existing is not None:
            record = as_it_will_be(record, self._existing)
        self._record(record, context)
        self._transforms.remember(urn, request)
        # Without a state nothing is said of what is there, and the program goes on with what it asked for.
        outputs = record.wire if self._existing is not None and self._existing.known else request.object
        response = resource_pb2.RegisterResourceResponse(urn=urn, object=outputs)
        if record.custom:
            self._create(record, response, context)
        self._states.keep(urn, response.id, response.object)
        return response

    def _create(
        self, record: Registration, response: resource_pb2.RegisterResourceResponse, context: grpc.ServicerContext
    ) -> None:
        if self._deployment.dry_run:
            return
        if record.type.startswith("pulumi:providers:"):
            response.id = record.name
            return
        made = self._provision(lambda: self._provisioner.create(record), context)
        response.id = made.id
        response.object.CopyFrom(write_struct(made.outputs, record.secrets))

    def _provision(self, work: Callable[[], Provisioned], context: grpc.ServicerContext) -> Provisioned:
        """One resource at a time, as provisioners are promised."""
        with self._create_lock:
            try:
                return work()
            except ProvisionError as error:
                _refuse(context, str(error))

    def _assign_provider(self, request: _NeedsProvider, context: grpc.ServicerContext) -> None:
        """Gives a resource without a provider its package's default one, which is registered on first use."""
        if request.provider or not needs_provider(request):
            return
        provider = self._providers.of(request.type, request.version)
        with self._lock:
            known = provider.urn in self.registrations
        if not known:
            self._record(provider, context)
        request.provider = f"{provider.urn}::{UNKNOWN_STRING}"

    def _urn(self, parent: str, type_token: str, name: str) -> str:
        return resource_urn(self._deployment.stack, self._deployment.project, parent, type_token, name)

    def _record(self, record: Registration, context: grpc.ServicerContext) -> None:
        with self._lock:
            taken = record.urn in self.registrations
            if not taken:
                self.registrations[record.urn] = record
        self.last_heard = time.monotonic()
        if taken:
            _refuse(context, f"Duplicate resource URN '{record.urn}'; try giving it a unique name")
        if self._watch is not None and not record.external:
            self._watch(record)

    def RegisterResourceOutputs(
        self, request: resource_pb2.RegisterResourceOutputsRequest, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        record = self.registrations.get(request.urn)
        if record is None:
            _refuse(context, f"outputs of {request.urn}, which was never registered")
        self.component_outputs[request.urn] = request.outputs
        self._states.add_outputs(request.urn, request.outputs)
        if record.type == STACK_TYPE:
            self.outputs, self.secret_outputs = plain_properties(read_struct(request.outputs))
        return empty_pb2.Empty()

    def ReadResource(
        self, request: resource_pb2.ReadResourceRequest, context: grpc.ServicerContext
    ) -> resource_pb2.ReadResourceResponse:
        self._assign_provider(request, context)
        record = registering.from_read(self._urn(request.parent, request.type, request.name), request)
        self._record(record, context)
        if self._deployment.dry_run:
            properties = self._read_properties(request)
            self._states.keep(record.urn, request.id, properties)
            return resource_pb2.ReadResourceResponse(urn=record.urn, id=request.id, properties=properties)
        found = self._provision(lambda: self._provisioner.read(record, request.id), context)
        return resource_pb2.ReadResourceResponse(
            urn=record.urn, id=found.id, properties=write_struct(found.outputs, record.secrets)
        )

    def _read_properties(self, request: resource_pb2.ReadResourceRequest) -> struct_pb2.Struct:
        """What is known of a resource that is only looked up: what the program says, and a stack's outputs."""
        if request.type != STACK_REFERENCE:
            return request.properties
        outputs = self._deployment.stack_references.get(request.id)
        if outputs is None:
            text = f"the outputs of stack {request.id} are unknown here; name them by --stack-reference"
            self.engine.say("warning", f"{text} {request.id}=FILE, a file of `pulumi stack output --json`")
            return request.properties
        return write_struct({"name": request.id, "outputs": dict(outputs), "secretOutputNames": []})

    def ExistsResource(
        self, request: resource_pb2.ExistsResourceRequest, context: grpc.ServicerContext
    ) -> resource_pb2.ExistsResourceResponse:
        return resource_pb2.ExistsResourceResponse(unknown=True)

    # --- calls to providers ---

    def Invoke(
        self, request: resource_pb2.ResourceInvokeRequest, context: grpc.ServicerContext
    ) -> resource_pb2.ResourceInvokeResponse:
        response = resource_pb2.ResourceInvokeResponse()
        if request.tok == GET_RESOURCE:
            found = self._states.answer(str(request.args["urn"]))
            if found is None:
                _refuse(context, f"resource {request.args['urn']} was never registered")
            getattr(response, "return").CopyFrom(found)
            return response
        self._transforms.apply_to_invoke(request)
        try:
            answer = self.data_sources.answer(
                request.tok, read_struct(request.args), self._region_of(request), _call_site(context)
            )
        except ValueError as error:
            _refuse(context, f"{request.tok}: {error}")
        except ProvisionError as error:
            _refuse(context, str(error))
        if answer is None:
            return resource_pb2.ResourceInvokeResponse(unknown=True)
        getattr(response, "return").CopyFrom(write_struct(answer))
        return response

    def _region_of(self, request: resource_pb2.ResourceInvokeRequest) -> str | None:
        """The region that a call is about: that of the provider it names, else that of the settings."""
        named = self.registrations.get(request.provider.rpartition("::")[0])
        region = named.properties.get("region") if named else self._deployment.config.get("aws:region")
        return region if isinstance(region, str) else None

    def Call(self, request: resource_pb2.ResourceCallRequest, context: grpc.ServicerContext) -> struct_pb2.Struct:
        _refuse(context, f"{request.tok} is a method of a provider plugin; use `--engine pulumi`")

    # --- transforms, hooks, packages, the end ---

    def RegisterStackTransform(self, request: callback_pb2.Callback, context: grpc.ServicerContext) -> empty_pb2.Empty:
        self._transforms.add_for_stack(request)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(
        self, request: callback_pb2.Callback, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        self._transforms.add_for_invokes(request)
        return empty_pb2.Empty()

    def SignalAndWaitForShutdown(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        self.finished.set()
        return empty_pb2.Empty()


def _refuse(context: grpc.ServicerContext, message: str) -> NoReturn:
    context.abort(grpc.StatusCode.INVALID_ARGUMENT, message)
    raise AssertionError


def _call_site(context: grpc.ServicerContext) -> str:
    """Where the program makes a call, as its host says it."""
    return next((str(value) for key, value in context.invocation_metadata() if key == CALL_SITE_KEY), "")
