"""Why a deployment of a service would not end while somebody waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any, Final

from runners.rollback.kind import ARRIVES_WITHIN

_PAUSE: Final = "PAUSE"
_MINUTE: Final = 60


def ecs_waits(configuration: Mapping[str, Any]) -> Iterator[str]:
    """What its deployment configuration waits for: a person, or time.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
    """
    hooks = [hook for hook in configuration.get("lifecycleHooks", []) if hook.get("targetType") == _PAUSE]
    if hooks:
        stages = ", ".join(stage for hook in hooks for stage in hook.get("lifecycleStages", []))
        yield f"its deployments pause at {stages} until somebody continues them, and nobody does at night"
    minutes = _baking(configuration)
    if minutes * _MINUTE >= ARRIVES_WITHIN.total_seconds():
        yield f"its deployments bake for {minutes} min, longer than a rollback waits"


def _baking(configuration: Mapping[str, Any]) -> int:
    linear, canary = configuration.get("linearConfiguration") or {}, configuration.get("canaryConfiguration") or {}
    steps = ceil(100 / linear["stepPercent"]) if linear.get("stepPercent") else 0
    return int(
        (configuration.get("bakeTimeInMinutes") or 0)
        + steps * (linear.get("stepBakeTimeInMinutes") or 0)
        + (canary.get("canaryBakeTimeInMinutes") or 0)
    )
