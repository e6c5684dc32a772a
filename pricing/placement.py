"""Where a resource goes that does not say so itself: the region, account and default tags of its provider.

The AWS provider's settings are documented at https://www.pulumi.com/registry/packages/aws/installation-configuration/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, cast

from contract.reading.json_text import read_json
from pricing.resource import PROVIDER_PREFIX, UNKNOWN, Plain, Resource, urn_name, urn_type

_AWS: Final = "aws:"
_AWS_PROVIDER: Final = f"{PROVIDER_PREFIX}aws"
# Names that the engine gives to the providers that it makes itself: only these are set up by the stack's settings.
_DEFAULT_NAME: Final = re.compile(r"default(_\d\w*)?")
_ROLE_ACCOUNT: Final = re.compile(r"arn:[^:]+:iam::(\d{12}):")


def provider_urn(reference: str) -> str:
    """The URN inside a provider reference, which is `URN::ID`."""
    return reference.rpartition("::")[0]


def placed_all(resources: Iterable[tuple[Resource, str]]) -> list[Resource]:
    """Resources with the references to their providers, each placed by its own provider's settings."""
    listed = list(resources)
    settings = {
        resource.urn: resource.properties for resource, _ in listed if resource.type.startswith(PROVIDER_PREFIX)
    }
    return [
        placed(resource, urn, settings.get(urn)) if (urn := provider_urn(reference)) else resource
        for resource, reference in listed
    ]


def placed(resource: Resource, provider: str, settings: Mapping[str, Plain] | None) -> Resource:
    """The resource with what its provider settles; `settings` is None where the provider itself was not seen.

    A default provider is set up by the stack, so what it leaves open is the stack's. What a provider of the program's
    own leaves open comes from the environment of whoever deploys, so it is unknown.
    """
    if not resource.type.startswith(_AWS) or urn_type(provider) != _AWS_PROVIDER:
        return resource
    own = _DEFAULT_NAME.fullmatch(urn_name(provider)) is None
    if settings is None:
        return replace(resource, region=_own_region(resource, UNKNOWN if own else None))
    return replace(
        resource,
        region=_own_region(resource, settings.get("region") or (UNKNOWN if own else None)),
        account=_account(settings),
        default_tags=_default_tags(settings),
    )


def _own_region(resource: Resource, otherwise: Plain) -> Plain:
    named = resource.get("region")
    return otherwise if named in (None, "") else named


def _account(settings: Mapping[str, Plain]) -> Plain:
    roles = _decoded(settings.get("assumeRoles"))
    if roles is UNKNOWN:
        return UNKNOWN
    if isinstance(roles, list) and roles:
        last = roles[-1]
        # The SDK leaves the keys of a plain dictionary as the program wrote them.
        arn = (last.get("roleArn") or last.get("role_arn")) if isinstance(last, dict) else None
        found = _ROLE_ACCOUNT.match(arn) if isinstance(arn, str) else None
        return found.group(1) if found else UNKNOWN
    allowed = _decoded(settings.get("allowedAccountIds"))
    if isinstance(allowed, list):
        return allowed[0] if len(allowed) == 1 else UNKNOWN
    return allowed


def _default_tags(settings: Mapping[str, Plain]) -> Plain:
    given = _decoded(settings.get("defaultTags"))
    if not isinstance(given, dict):
        return given
    tags = given.get("tags")
    return tags if tags is UNKNOWN or isinstance(tags, dict) else None


def _decoded(value: Plain) -> Plain:
    """Providers get their structured settings as JSON texts, from the SDK as well as from the stack's settings."""
    if not isinstance(value, str):
        return value
    try:
        found = cast("Plain", read_json(value, "settings").data)
    except ValueError:
        return UNKNOWN
    return found
