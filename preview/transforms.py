"""Transforms: the program's own callbacks that may rewrite a registration before it is recorded."""

from __future__ import annotations

import threading

import grpc

from preview.protocol import CHANNEL_OPTIONS, callback_pb2, callback_pb2_grpc, resource_pb2


class Transforms:
    """Runs transforms in the engine's order: the resource's own, then those of its parents, then the stack's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channels: dict[str, grpc.Channel] = {}
        self._own: dict[str, list[callback_pb2.Callback]] = {}
        self._parents: dict[str, str] = {}
        self._stack: list[callback_pb2.Callback] = []
        self._invokes: list[callback_pb2.Callback] = []

    def add_for_stack(self, callback: callback_pb2.Callback) -> None:
        """From now on runs for every resource."""
        with self._lock:
            self._stack.append(callback)

    def add_for_invokes(self, callback: callback_pb2.Callback) -> None:
        """From now on runs for every data-source call."""
        with self._lock:
            self._invokes.append(callback)

    def remember(self, urn: str, request: resource_pb2.RegisterResourceRequest) -> None:
        """Keeps what children of this resource will need."""
        with self._lock:
            self._parents[urn] = request.parent
            if request.transforms and not request.custom:
                self._own[urn] = list(request.transforms)

    def apply(self, request: resource_pb2.RegisterResourceRequest) -> None:
        """Rewrites the request in place."""
        for callback in self._applicable(request):
            answer = resource_pb2.TransformResponse.FromString(
                self._call(
                    callback,
                    resource_pb2.TransformRequest(
                        type=request.type,
                        name=request.name,
                        custom=request.custom,
                        parent=request.parent,
                        properties=request.object,
                        options=_options(request),
                    ).SerializeToString(),
                )
            )
            if answer.HasField("properties"):
                request.object.CopyFrom(answer.properties)
            if answer.HasField("options"):
                _take(request, answer.options)

    def apply_to_invoke(self, request: resource_pb2.ResourceInvokeRequest) -> None:
        """Rewrites the arguments of a data-source call in place."""
        with self._lock:
            callbacks = list(self._invokes)
        for callback in callbacks:
            message = resource_pb2.TransformInvokeRequest(token=request.tok, args=request.args)
            answer = resource_pb2.TransformInvokeResponse.FromString(self._call(callback, message.SerializeToString()))
            if answer.HasField("args"):
                request.args.CopyFrom(answer.args)

    def close(self) -> None:
        """Closes the connections to the program."""
        for channel in self._channels.values():
            channel.close()

    def _applicable(self, request: resource_pb2.RegisterResourceRequest) -> list[callback_pb2.Callback]:
        with self._lock:
            found = list(request.transforms)
            parent = request.parent
            while parent:
                found += self._own.get(parent, [])
                parent = self._parents.get(parent, "")
            return found + self._stack

    def _call(self, callback: callback_pb2.Callback, message: bytes) -> bytes:
        with self._lock:
            channel = self._channels.get(callback.target)
            if channel is None and not _is_here(callback.target):
                msg = f"a transform at {callback.target!r} is not on this machine, so it is not the program's"
                raise ValueError(msg)
            if channel is None:
                channel = grpc.insecure_channel(callback.target, options=CHANNEL_OPTIONS)
                self._channels[callback.target] = channel
        stub = callback_pb2_grpc.CallbacksStub(channel)
        answer = stub.Invoke(callback_pb2.CallbackInvokeRequest(token=callback.token, request=message))
        return bytes(answer.response)


def _is_here(target: str) -> bool:
    return target.startswith(("unix:", "127.0.0.1:"))


def _options(request: resource_pb2.RegisterResourceRequest) -> resource_pb2.TransformResourceOptions:
    options = resource_pb2.TransformResourceOptions(
        depends_on=request.dependencies,
        ignore_changes=request.ignoreChanges,
        replace_on_changes=request.replaceOnChanges,
        version=request.version,
        aliases=request.aliases,
        provider=request.provider,
        plugin_download_url=request.pluginDownloadURL,
        deleted_with=request.deletedWith,
        additional_secret_outputs=request.additionalSecretOutputs,
        providers=request.providers,
        plugin_checksums=request.pluginChecksums,
        hide_diff=request.hideDiffs,
        replace_with=request.replace_with,
    )
    setattr(options, "import", request.importId)
    if request.HasField("protect"):
        options.protect = request.protect
    if request.HasField("retainOnDelete"):
        options.retain_on_delete = request.retainOnDelete
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    if request.HasField("customTimeouts"):
        options.custom_timeouts.CopyFrom(request.customTimeouts)
    return options


def _take(request: resource_pb2.RegisterResourceRequest, options: resource_pb2.TransformResourceOptions) -> None:
    """Copies the options that a transform returned back into the request."""
    lists = {
        "dependencies": options.depends_on,
        "ignoreChanges": options.ignore_changes,
        "replaceOnChanges": options.replace_on_changes,
        "aliases": options.aliases,
        "additionalSecretOutputs": options.additional_secret_outputs,
        "hideDiffs": options.hide_diff,
        "replace_with": options.replace_with,
    }
    for name, values in lists.items():
        kept = list(values)
        request.ClearField(name)  # type: ignore[arg-type]
        getattr(request, name).extend(kept)
    request.version = options.version
    request.provider = options.provider
    request.pluginDownloadURL = options.plugin_download_url
    request.deletedWith = options.deleted_with
    request.importId = getattr(options, "import")
    request.providers.clear()
    request.providers.update(options.providers)
    for target, source in (("protect", "protect"), ("retainOnDelete", "retain_on_delete")):
        if options.HasField(source):  # type: ignore[arg-type]
            setattr(request, target, getattr(options, source))
        else:
            request.ClearField(target)  # type: ignore[arg-type]
    request.deleteBeforeReplaceDefined = options.HasField("delete_before_replace")
    request.deleteBeforeReplace = options.delete_before_replace
    if options.HasField("custom_timeouts"):
        request.customTimeouts.CopyFrom(options.custom_timeouts)
