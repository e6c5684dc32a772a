"""The analyzer protocol towards a policy pack that serves: configuration, resources, stack, diagnostics."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar, cast

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2

from preview.analysis import analyze_request, provider_of, stack_request
from preview.errors import PackError
from preview.findings import REFUSING, Level, PackVerdict, PolicyFinding, judged
from preview.protocol import CHANNEL_OPTIONS, analyzer_pb2, analyzer_pb2_grpc
from preview.registration import Registration

if TYPE_CHECKING:
    from preview.pack import Pack

CALL_LIMIT_SECONDS: Final = 60.0
# Calls under way: enough to keep the pack busy, and few enough that none waits for its turn until its time is up.
_AT_ONCE: Final = 16
_RESOURCES_PER_LIMIT: Final = 1_000
_LEVELS: Final = {
    analyzer_pb2.ADVISORY: "advisory",
    analyzer_pb2.MANDATORY: "mandatory",
    analyzer_pb2.DISABLED: "disabled",
    analyzer_pb2.REMEDIATE: "remediate",
}
_NUMBERS: Final = {name: number for number, name in _LEVELS.items()}
_Answer = TypeVar("_Answer")


class Analyst:
    """Speaks to one pack, which it configures at once."""

    def __init__(self, port: int, pack: Pack, policy_config: Mapping[str, object], limit: float | None = None):
        self._pack = pack
        self._limit = CALL_LIMIT_SECONDS if limit is None else limit
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=CHANNEL_OPTIONS)
        self._stub = analyzer_pb2_grpc.AnalyzerStub(self._channel)
        self._info = self._ask(
            "GetAnalyzerInfo", self._stub.GetAnalyzerInfo.future(empty_pb2.Empty(), timeout=self._limit)
        )
        self.name = self._info.name
        self.version = self._info.version
        self.descriptions = {info.name: info.description for info in self._info.policies if info.description}
        self.policies = self.configure(policy_config)
        if not any(level in REFUSING for level in self.policies.values()):
            msg = f"{pack.directory}: the policy pack {self.name!r} has no mandatory policy: it could never refuse"
            raise PackError(msg)

    def close(self) -> None:
        """Closes the connection."""
        self._channel.close()

    def verdict(self, records: Iterable[Registration], outputs: Mapping[str, struct_pb2.Struct]) -> PackVerdict:
        """Shows the pack every resource and then the whole stack, and returns all that it says.

        Raises:
            PackError: the pack failed or did not answer in time.
        """
        ordered = list(records)
        by_urn = {record.urn: record for record in ordered}
        diagnostics: list[analyzer_pb2.AnalyzeDiagnostic] = []
        under_way: deque[tuple[str, grpc.CallFuture[analyzer_pb2.AnalyzeResponse]]] = deque()
        for record in ordered:
            if record.external:
                continue
            request = analyze_request(record, provider_of(record, by_urn))
            under_way.append((record.urn, self._stub.Analyze.future(request, timeout=self._limit)))
            if len(under_way) >= _AT_ONCE:
                diagnostics += self._answered(*under_way.popleft())
        for urn, answer in under_way:
            diagnostics += self._answered(urn, answer)
        # The whole is one call, and takes the longer the larger it is.
        limit = self._limit * (1 + len(ordered) // _RESOURCES_PER_LIMIT)
        whole = self._stub.AnalyzeStack.future(stack_request(ordered, outputs), timeout=limit)
        diagnostics += self._ask("AnalyzeStack", whole, limit).diagnostics
        said = judged(self.name, self.version, self.policies, map(_finding, diagnostics))
        return replace(said, descriptions=self.descriptions)

    def _answered(
        self, urn: str, answer: grpc.CallFuture[analyzer_pb2.AnalyzeResponse]
    ) -> list[analyzer_pb2.AnalyzeDiagnostic]:
        diagnostics = list(self._ask("Analyze", answer).diagnostics)
        for diagnostic in diagnostics:
            # The SDK leaves the urn out where the policy gave none; the engine then takes the resource's own.
            diagnostic.urn = diagnostic.urn or urn
        return diagnostics

    def _ask(self, method: str, call: grpc.CallFuture[_Answer], limit: float | None = None) -> _Answer:
        try:
            return call.result()
        except grpc.RpcError as error:
            raise PackError(self._failure(method, error, limit or self._limit), self._pack.stderr()) from error

    def _failure(self, method: str, error: grpc.RpcError, limit: float) -> str:
        place = f"{self._pack.directory}: the policy pack"
        code = error.code()
        if code == grpc.StatusCode.DEADLINE_EXCEEDED:
            return f"{place} did not answer {method} within {limit:g} s"
        if code == grpc.StatusCode.UNAVAILABLE:
            return f"{place} ended during {method}{self._pack.ending()}"
        return f"{place} failed in {method}: {' '.join((error.details() or '').split())}"

    def configure(self, policy_config: Mapping[str, object]) -> dict[str, str]:
        """Sends every policy its level and settings, as the engine does, and returns the levels."""
        settings = {info.name: _default_setting(info) for info in self._info.policies}
        for name, config in self._info.initialConfig.items():
            if name in settings:
                level = _LEVELS.get(config.enforcementLevel)
                settings[name].update(json_format.MessageToDict(config.properties))
                settings[name]["enforcementLevel"] = level or settings[name]["enforcementLevel"]
        for name, value in policy_config.items():
            for target in settings if name == "all" else [name]:
                self._override(settings, target, value)
        self._check_required(settings)
        levels = {name: str(setting.pop("enforcementLevel")) for name, setting in settings.items()}
        request = analyzer_pb2.ConfigureAnalyzerRequest()
        for name, setting in settings.items():
            request.policyConfig[name].enforcementLevel = _NUMBERS[levels[name]]
            request.policyConfig[name].properties.update(cast("dict[str, str]", setting))
        self._ask("Configure", self._stub.Configure.future(request, timeout=self._limit))
        self._ask("ConfigureStack", self._stub.ConfigureStack.future(self._stack_settings(), timeout=self._limit))
        return levels

    def _override(self, settings: dict[str, dict[str, object]], name: str, value: object) -> None:
        if name not in settings:
            known = ", ".join(settings)
            msg = f"policy configuration: {name!r} is not a policy of {self.name!r}; accepted: {known}"
            raise PackError(msg)
        given = {"enforcementLevel": value} if isinstance(value, str) else value
        if not isinstance(given, dict) or given.get("enforcementLevel", "advisory") not in _NUMBERS:
            msg = f"policy configuration: {name}: {value!r}; accepted: one of {', '.join(_NUMBERS)}, or a mapping"
            raise PackError(msg)
        settings[name].update(given)

    def _check_required(self, settings: Mapping[str, Mapping[str, object]]) -> None:
        for info in self._info.policies:
            for key in info.configSchema.required:
                if key not in settings[info.name]:
                    raise PackError(f"policy configuration: {info.name}: `{key}` is missing")

    def _stack_settings(self) -> analyzer_pb2.AnalyzerStackConfigureRequest:
        project = self._pack.project
        return analyzer_pb2.AnalyzerStackConfigureRequest(
            stack=project.stack,
            project=project.name,
            organization="organization",
            dry_run=self._pack.dry_run,
            config=project.config,
            config_secret_keys=project.secret_keys,
        )


def _default_setting(info: analyzer_pb2.PolicyInfo) -> dict[str, object]:
    setting: dict[str, object] = {"enforcementLevel": _LEVELS[info.enforcementLevel]}
    for key, schema in json_format.MessageToDict(info.configSchema.properties).items():
        if isinstance(schema, dict) and "default" in schema:
            setting[key] = schema["default"]
    return setting


def _finding(diagnostic: analyzer_pb2.AnalyzeDiagnostic) -> PolicyFinding:
    level: Level = "advisory" if diagnostic.enforcementLevel == analyzer_pb2.ADVISORY else "mandatory"
    # The SDK puts the policy's description before every message, on a line of its own.
    message = diagnostic.message.removeprefix(f"{diagnostic.description}\n").strip()
    return PolicyFinding(diagnostic.policyName, level, message, diagnostic.urn or None)
