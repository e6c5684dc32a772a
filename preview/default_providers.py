"""The provider that a resource gets when the program names none."""

from __future__ import annotations

import re
from collections.abc import Mapping

from preview.protocol import resource_pb2
from preview.registration import Registration, resource_urn
from preview.wire import write_struct
from pricing.resource import PROVIDER_PREFIX, Plain


class DefaultProviders:
    """One per package and version, configured by the stack's settings for the package (`aws:region` and the like)."""

    def __init__(self, project: str, stack: str, config: Mapping[str, str]) -> None:
        self._project = project
        self._stack = stack
        self._config = config

    def of(self, type_token: str, version: str) -> Registration:
        """The default provider for a resource type."""
        package = type_token.partition(":")[0]
        name = "default" + (f"_{re.sub(r'[.+-]', '_', version)}" if version else "")
        provider_type = f"{PROVIDER_PREFIX}{package}"
        properties: dict[str, Plain] = {
            key.partition(":")[2]: value for key, value in self._config.items() if key.startswith(f"{package}:")
        }
        if version:
            properties["version"] = version
        return Registration(
            urn=resource_urn(self._stack, self._project, "", provider_type, name),
            type=provider_type,
            name=name,
            custom=True,
            wire=write_struct(properties),
            properties=properties,
        )


def needs_provider(request: resource_pb2.RegisterResourceRequest | resource_pb2.ReadResourceRequest) -> bool:
    """True for resources that a provider manages: not components, not providers, not what the engine does itself."""
    custom = isinstance(request, resource_pb2.ReadResourceRequest) or request.custom
    return custom and not request.type.startswith("pulumi:")
