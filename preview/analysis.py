"""Registrations in the form in which the engine hands them to a policy pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from google.protobuf import struct_pb2

from preview.protocol import analyzer_pb2
from preview.registration import Registration
from preview.wire import OUTPUT, RESOURCE, SECRET, SIGNATURE, UNKNOWN_STRING, read_struct
from pricing.dynamic_code import PROVIDER_INPUT, is_dynamic
from pricing.placement import provider_urn


def analyze_request(record: Registration, provider: Registration | None) -> analyzer_pb2.AnalyzeRequest:
    """What a resource policy sees: the inputs."""
    return analyzer_pb2.AnalyzeRequest(
        type=record.type,
        urn=record.urn,
        name=record.name,
        properties=_for_analyzer(record),
        options=_options(record),
        provider=_provider(provider),
    )


def stack_request(
    records: Iterable[Registration], outputs: Mapping[str, struct_pb2.Struct]
) -> analyzer_pb2.AnalyzeStackRequest:
    """What a stack policy sees: outputs, which are a custom resource's inputs as long as nothing more is known."""
    listed = list(records)
    by_urn = {record.urn: record for record in listed}
    return analyzer_pb2.AnalyzeStackRequest(
        resources=[
            analyzer_pb2.AnalyzerResource(
                type=record.type,
                urn=record.urn,
                name=record.name,
                properties=_for_analyzer(
                    record, None if record.custom else outputs.get(record.urn, struct_pb2.Struct())
                ),
                options=_options(record),
                provider=_provider(provider_of(record, by_urn)),
                parent=record.parent,
                dependencies=record.dependencies,
                propertyDependencies={
                    key: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns)
                    for key, urns in record.property_dependencies.items()
                    if urns
                },
            )
            for record in listed
        ]
    )


def provider_of(record: Registration, by_urn: Mapping[str, Registration]) -> Registration | None:
    """The provider resource that a record's provider reference names."""
    return by_urn.get(provider_urn(record.provider))


def _provider(provider: Registration | None) -> analyzer_pb2.AnalyzerProviderResource | None:
    if provider is None:
        return None
    return analyzer_pb2.AnalyzerProviderResource(
        type=provider.type, urn=provider.urn, name=provider.name, properties=_for_analyzer(provider)
    )


def _options(record: Registration) -> analyzer_pb2.AnalyzerResourceOptions:
    timeouts = analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts()
    if record.timeouts is not None:
        timeouts.create = record.timeouts.create
        timeouts.update = record.timeouts.update
        timeouts.delete = record.timeouts.delete
    return analyzer_pb2.AnalyzerResourceOptions(
        protect=record.protect,
        ignoreChanges=record.ignore_changes,
        deleteBeforeReplace=bool(record.delete_before_replace),
        deleteBeforeReplaceDefined=record.delete_before_replace is not None,
        additionalSecretOutputs=record.additional_secret_outputs,
        aliases=record.aliases,
        customTimeouts=timeouts,
        parent=record.parent,
    )


def _for_analyzer(record: Registration, outputs: struct_pb2.Struct | None = None) -> struct_pb2.Struct:
    """Packs know secrets and assets, but neither output values nor references to resources; nor internal keys.

    The code of a dynamic resource is the exception, since a pack that does not see it has to trust the type. The real
    engine hides it, so the key is there even when there is no code: a pack can tell that nothing was hidden from it.
    """
    found = struct_pb2.Struct()
    for key, value in read_struct(record.wire if outputs is None else outputs).items():
        if not key.startswith("__"):
            found[key] = cast("str", _simplified(value))
    if is_dynamic(record.type):
        code = record.properties.get(PROVIDER_INPUT)
        found[PROVIDER_INPUT] = code if isinstance(code, str) else ""
    return found


def _simplified(value: object) -> object:
    if isinstance(value, list):
        return [_simplified(item) for item in value]
    if not isinstance(value, dict):
        return value
    signature = value.get(SIGNATURE)
    if signature == RESOURCE:
        return value.get("id", value.get("urn")) or UNKNOWN_STRING
    if signature == OUTPUT:
        inner = _simplified(value.get("value", UNKNOWN_STRING))
        return {SIGNATURE: SECRET, "value": inner} if value.get("secret") else inner
    return {key: _simplified(item) for key, item in value.items() if not key.startswith("__")}
