"""Which of a pull request's files belong to the gate itself: its own copies of them judge nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from runners.pull_requests.gate_run import WORKFLOW

# The first that a file begins with says what it is. `.github/CODEOWNERS` asks the owners of the same files.
GATE_FILES: Final = {
    WORKFLOW: "the workflow of the gate",
    ".github/": "workflows and what is judged",
    "policies/environments/": "environments",
    "policies/": "the policy pack",
    "pricing/": "prices and price rules",
    "contract/": "the gate",
    "local/": "the gate",
    "preview/": "the gate",
    "runners/": "the gate",
    "schemas/": "the gate",
    "Makefile": "what the gate is installed with",
    "pyproject.toml": "what the gate is installed with",
    "requirements.lock": "what the gate is installed with",
}


def gate_files_in(names: Iterable[str]) -> dict[str, list[str]]:
    """The gate's files among some, by what they are."""
    found: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        kind = next((kind for prefix, kind in GATE_FILES.items() if _belongs(name, prefix)), None)
        if kind is not None:
            found.setdefault(kind, []).append(name)
    return found


def changes_workflow(names: Iterable[str]) -> bool:
    """Whether a run of these files ran another workflow than the gate's."""
    return WORKFLOW in names


def _belongs(name: str, prefix: str) -> bool:
    return name.startswith(prefix) if prefix.endswith("/") else name == prefix
