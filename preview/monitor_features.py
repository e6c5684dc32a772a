"""What the engine's side of a run says of itself, and what it takes and never runs: nothing is deployed here."""
# ruff: noqa: D102, ARG002 (the methods are those of Pulumi's protocol, which documents them)

from __future__ import annotations

import threading
from typing import Final

import grpc
from google.protobuf import empty_pb2

from preview.deployment import Deployment
from preview.protocol import resource_pb2, resource_pb2_grpc

# What the SDK may rely on. Hooks, state migrations and error hooks are taken and never run: nothing is deployed here.
_UNSUPPORTED: Final = frozenset({"RESOURCE_MONITOR_FEATURE_BYTE_STRING", "RESOURCE_MONITOR_FEATURE_STATE_MIGRATIONS"})
_LEGACY_FEATURES: Final = frozenset(
    {
        "secrets",
        "resourceReferences",
        "outputValues",
        "deletedWith",
        "replaceWith",
        "aliasSpecs",
        "transforms",
        "invokeTransforms",
        "parameterization",
        "resourceHooks",
        "errorHooks",
    }
)


class MonitorFeatures(resource_pb2_grpc.ResourceMonitorServicer):
    """The part of the monitor that needs no record of resources."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._lock = threading.Lock()
        self._packages: dict[str, str] = {}

    def GetDeploymentInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> resource_pb2.DeploymentInfo:
        features = resource_pb2.ResourceMonitorFeature
        return resource_pb2.DeploymentInfo(
            project=self._deployment.project,
            stack=self._deployment.stack,
            organization=self._deployment.organization,
            config=self._deployment.config,
            configSecretKeys=self._deployment.secret_keys,
            dryRun=self._deployment.dry_run,
            parallel=1,
            supportedFeatures=[features.Value(name) for name in list(features.keys()) if name not in _UNSUPPORTED],
        )

    def SupportsFeature(
        self, request: resource_pb2.SupportsFeatureRequest, context: grpc.ServicerContext
    ) -> resource_pb2.SupportsFeatureResponse:
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in _LEGACY_FEATURES)

    def RegisterResourceHook(
        self, request: resource_pb2.RegisterResourceHookRequest, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def RegisterErrorHook(
        self, request: resource_pb2.RegisterErrorHookRequest, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def RegisterPackage(
        self, request: resource_pb2.RegisterPackageRequest, context: grpc.ServicerContext
    ) -> resource_pb2.RegisterPackageResponse:
        key = f"{request.name}@{request.version}/{request.parameterization.name}@{request.parameterization.version}"
        with self._lock:
            reference = self._packages.setdefault(key, f"package-{len(self._packages)}")
        return resource_pb2.RegisterPackageResponse(ref=reference)
