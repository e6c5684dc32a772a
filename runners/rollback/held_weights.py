"""What a program says of the weights of a listener or a rule, which a preview knows by its target groups alone."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd
from typing import Final

from pricing.resource import UNKNOWN, Plain, Resource
from runners.rollback.hold import Hold

_RULE: Final = ":listener-rule/"
_MODULES: Final = ("lb", "alb", "elasticloadbalancingv2")
_OF_RULES: Final = ("listenerRule:ListenerRule", "actions")
_OF_LISTENERS: Final = ("listener:Listener", "defaultActions")
# A target group without a weight has this one.
_ONE: Final = 1


def declares_weights(hold: Hold, resource: Resource) -> tuple[bool | None, bool] | None:
    """Whether it declares what is held, and whether an update ignores it; None when it is of something else."""
    type_, actions = _OF_RULES if _RULE in hold.name else _OF_LISTENERS
    if resource.type not in {f"aws:{module}/{type_}" for module in _MODULES}:
        return None
    ignored = any(path.startswith(actions) for path in resource.ignore_changes)
    held, good = _read(hold.held), _read(hold.good)
    found = dict(_groups(resource.properties.get(actions)))
    if None in found or None in found.values():
        return None, ignored
    if not found.keys() & (held.keys() | good.keys()):
        return None
    return _shares({str(arn): weight or 0 for arn, weight in found.items()}) == _shares(held), ignored


def _groups(actions: Plain) -> Iterator[tuple[str | None, int | None]]:
    """Each target group with its weight; None is not known."""
    if not isinstance(actions, list):
        if actions is UNKNOWN:
            yield None, None
        return
    for action in actions:
        if not isinstance(action, dict):
            yield None, None
        elif action.get("type") in ("forward", UNKNOWN):
            yield from _forwarded(action)


def _forwarded(action: dict[str, Plain]) -> Iterator[tuple[str | None, int | None]]:
    forward = action.get("forward")
    if forward is None:
        yield _text(action.get("targetGroupArn")), _ONE
        return
    groups = forward.get("targetGroups") if isinstance(forward, dict) else UNKNOWN
    for group in groups if isinstance(groups, list) else [UNKNOWN]:
        if isinstance(group, dict):
            yield _text(group.get("arn")), _weight(group.get("weight"))
        else:
            yield None, None


def _text(value: Plain) -> str | None:
    return value if isinstance(value, str) else None


def _weight(value: Plain) -> int | None:
    return _ONE if value is None else None if value is UNKNOWN else int(str(value))


def _read(version: str) -> dict[str, int]:
    pairs = (text.rsplit("=", 1) for text in version.split(",") if "=" in text)
    return {arn: int(weight) for arn, weight in pairs}


def _shares(weights: dict[str, int]) -> dict[str, int]:
    """Weights that divide requests in the same way are the same."""
    whole = gcd(*weights.values()) or 1
    return {arn: weight // whole for arn, weight in weights.items() if weight}
