"""The one module that touches `pulumi_policy` values: everything behind it is plain Python.

Reading an unknown value through the SDK's proxies raises, and the SDK then turns the whole mandatory policy into a
remark. So values are taken from behind the proxies, where unknowns are sentinel strings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from pulumi.runtime.config import get_config_env
from pulumi_policy import PolicyProviderResource, PolicyResource, ResourceValidationArgs
from pulumi_policy import policy as servicer
from pulumi_policy import proxy as sdk
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY, deserialize_properties

from contract.redaction import SECRETS
from contract.targets import Targets
from pricing.dynamic_code import HIDDEN, PROVIDER_INPUT, code_of, is_dynamic
from pricing.placement import placed
from pricing.registry import rule_for
from pricing.resource import UNKNOWN, Plain, Resource, component_chain

SENTINELS: Final = frozenset(
    {
        sdk.UNKNOWN_BOOLEAN_VALUE,
        sdk.UNKNOWN_NUMBER_VALUE,
        sdk.UNKNOWN_STRING_VALUE,
        sdk.UNKNOWN_ARRAY_VALUE,
        sdk.UNKNOWN_ASSET_VALUE,
        sdk.UNKNOWN_ARCHIVE_VALUE,
        sdk.UNKNOWN_OBJECT_VALUE,
    }
)
_TARGET: Final = "__target"
_READ: Final = "deserialize_properties"


def plain(value: Any) -> Plain:
    """Any value of the SDK as plain Python: numbers as `Decimal`, unknowns as `UNKNOWN`, assets as their kind."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return UNKNOWN if value in SENTINELS else value
    if isinstance(value, int | float):
        return Decimal(str(value)).normalize() if value % 1 else Decimal(int(value))
    if isinstance(value, sdk._DictProxy | sdk._ListProxy):
        value = value[_TARGET]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items() if not str(key).startswith("__")}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return f"<{type(value).__name__}>"


def properties(props: Any) -> dict[str, Plain]:
    """The properties of a resource without the SDK's internal ones."""
    found = plain(props)
    return found if isinstance(found, dict) else {}


def declared(args: ResourceValidationArgs) -> Resource:
    """The resource as a resource policy sees it: its inputs."""
    resource = Resource(
        urn=args.urn,
        type=args.resource_type,
        name=args.name,
        properties=properties(args.props),
        components=component_chain(args.urn),
        parent=args.opts.parent or None,
        # Of a single resource, no provider may mean a component, or an engine that does not say: what has a price is
        # then taken for custom.
        custom=args.provider is not None or rule_for(args.resource_type) is not None,
        protect=bool(args.opts.protect),
        aliases=tuple(args.opts.aliases),
        ignore_changes=tuple(args.opts.ignore_changes),
        code=_code(args.resource_type, args.props),
    )
    return _placed(resource, args.provider)


def stacked(
    resource: PolicyResource, inputs: Mapping[str, Plain] | None, *, custom: bool = True, read: bool = False
) -> Resource:
    """The resource as a stack policy sees it: its outputs, with the inputs it was declared with laid over them.

    An output that is unknown and was not declared is left out: the cloud will choose it, and rules have defaults.
    The engine shows a resource that is only `read` to stack policies alone, and does not say so.
    """
    outputs = properties(resource.props)
    if inputs is not None:
        outputs = {key: value for key, value in outputs.items() if value is not UNKNOWN}
    found = Resource(
        urn=resource.urn,
        type=resource.resource_type,
        name=resource.name,
        properties={**outputs, **(inputs or {})},
        components=component_chain(resource.urn),
        parent=resource.parent.urn if resource.parent else None,
        dependencies=tuple(other.urn for other in resource.dependencies),
        custom=custom,
        external=read,
        protect=bool(resource.opts.protect),
        aliases=tuple(resource.opts.aliases),
        ignore_changes=tuple(resource.opts.ignore_changes),
        code=_code(resource.resource_type, resource.props),
        undeclared=frozenset() if inputs is None else frozenset(outputs.keys() - inputs.keys()),
    )
    return _placed(found, resource.provider)


def _placed(resource: Resource, provider: PolicyProviderResource | None) -> Resource:
    return resource if provider is None else placed(resource, provider.urn, properties(provider.props))


def _code(type_token: str, props: Any) -> str:
    """The code of a dynamic resource; `HIDDEN` where the engine kept it back."""
    if not is_dynamic(type_token):
        return ""
    target = props[_TARGET] if isinstance(props, sdk._DictProxy) else props
    return code_of(type_token, {PROVIDER_INPUT: plain(target[PROVIDER_INPUT])}) if PROVIDER_INPUT in target else HIDDEN


def is_left_out(urn: str, props: Any) -> bool:
    """Whether the engine shows a resource that this update does not make.

    It does so for what is new and that no `--target` names, and hides what the program says of it.
    """
    targets = Targets.told(os.environ)
    return bool(targets) and not targets.names(urn) and not properties(props)


def stack_name(urn: str) -> str:
    """The stack: what the engine says, else (`pulumi policy analyze`) what the URN says."""
    return os.environ.get("PULUMI_STACK") or urn.removeprefix("urn:pulumi:").split("::")[0]


def stack_config() -> Mapping[str, str]:
    """The stack's configuration as text by full key (`ial:stage`); empty when the engine sends none."""
    return get_config_env()


def is_update() -> bool:
    """Whether the engine said that resources are being made: inputs are known, and what is refused is not made."""
    return os.environ.get("PULUMI_DRY_RUN") == "false"


def watch_configuration(begin: Callable[[Mapping[str, str]], None]) -> None:
    """Calls `begin` with the level of each policy whenever somebody configures the pack: a run begins anew then."""
    analyzer: Any = servicer._PolicyAnalyzerServicer
    configure = analyzer.Configure

    def noting(self: Any, request: Any, context: Any) -> Any:
        answer = configure(self, request, context)
        begin(
            {
                name: self._convert_enforcement_level(config.enforcementLevel).value
                for name, config in request.policyConfig.items()
            }
        )
        return answer

    analyzer.Configure = noting


def watch_secrets() -> None:
    """Makes the SDK tell which values are secret, for `redacted`: it hands them to policies in clear and unmarked."""
    read = deserialize_properties

    def noting(props: dict[str, Any], proxy_secrets: bool = False) -> dict[str, Any]:
        _note_secrets(props, secret=False)
        return read(props, proxy_secrets)

    # A release of the SDK that renames this would leave secrets unknown: then the pack must not start.
    assert servicer.__dict__[_READ] is read
    setattr(servicer, _READ, noting)


def _note_secrets(value: Any, *, secret: bool) -> None:
    if isinstance(value, dict):
        inside = secret or value.get(SPECIAL_SIG_KEY) == SPECIAL_SECRET_SIG
        for key, item in value.items():
            if key != SPECIAL_SIG_KEY:
                _note_secrets(item, secret=inside)
    elif isinstance(value, list):
        for item in value:
            _note_secrets(item, secret=secret)
    elif secret and isinstance(value, str) and value not in SENTINELS:
        SECRETS.note(value)


def redacted(message: str) -> str:
    """The message without any value that some resource holds as a secret."""
    return SECRETS.redacted(message)
