"""Fingerprints of contents, the same as the program computes: a template or document changed by hand differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from contract.fingerprint import fingerprint

_KEPT: Final = ("actions", "targets", "stopConditions", "roleArn", "logConfiguration", "experimentOptions")


def template_hash(template: Mapping[str, Any]) -> str:
    """SHA-256 over what GetExperimentTemplate answers: what the template does, without names, times and tags."""
    content = {key: _without_empty(template.get(key)) for key in _KEPT}
    return fingerprint({key: value for key, value in content.items() if not _is_empty(value)})


def runs_through_agent(template: Mapping[str, Any]) -> bool:
    """Whether an action needs Systems Manager's agent on what it hits."""
    return any(str(action.get("actionId", "")) == "aws:ssm:send-command" for action in template["actions"].values())


def _without_empty(value: Any) -> Any:
    if isinstance(value, Mapping):
        kept = {key: _without_empty(held) for key, held in value.items()}
        return {key: held for key, held in kept.items() if not _is_empty(held)}
    if isinstance(value, list):
        return [_without_empty(held) for held in value]
    return value


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})
