"""What a service revision has that an older task definition does not bring back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# By how API_ServiceRevision names it, and how people do. Its task definition and images are what comes back.
_PARTS: Final = {
    "networkConfiguration": "network",
    "capacityProviderStrategy": "capacity providers",
    "launchType": "launch type",
    "platformVersion": "platform version",
    "loadBalancers": "load balancers",
    "serviceRegistries": "service registries",
    "serviceConnectConfiguration": "Service Connect",
    "volumeConfigurations": "volumes",
    "vpcLatticeConfigurations": "VPC Lattice",
}
_ALWAYS: Final = (
    "secrets and parameters are read anew, with the values of today",
    "what newer versions have written, and what they have made of schemas, stays",
)


def lost_with(good: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> list[str]:
    """In words for people: each part that is another one now, or all of them where nobody can compare."""
    if good is None or now is None:
        return [f"{', '.join(_PARTS.values())} stay as they are; what they were then is not known", *_ALWAYS]
    changed = [name for key, name in _PARTS.items() if good.get(key) != now.get(key)]
    return [*(f"{name}: stays as it is now, it was another then" for name in changed), *_ALWAYS]
