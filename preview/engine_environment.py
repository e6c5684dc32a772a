"""The environment that the real engine gets: none of its options come from the caller, except those named here.

The CLI takes every flag of every command from a variable `PULUMI_OPTION_<FLAG>` too. With
`PULUMI_OPTION_POLICY_PACK_CONFIG` the caller could set each policy to `advisory`, with `PULUMI_OPTION_TARGET` leave
resources out, and with `PULUMI_OPTION_POLICY_PACK` load the pack twice. What the gate wants of the engine, it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OPTION: Final = "PULUMI_OPTION_"
# Each with the reason why it may stay: none of them changes what is done, or what is judged.
KEPT: Final[Mapping[str, str]] = {
    "PULUMI_OPTION_PARALLEL": "how many resources at once",
    "PULUMI_OPTION_MESSAGE": "a note on the update",
    "PULUMI_OPTION_SUPPRESS_PROGRESS": "dots on the screen",
    "PULUMI_OPTION_SUPPRESS_PERMALINK": "a line on the screen",
    "PULUMI_OPTION_LOGTOSTDERR": "where the engine's own log goes",
    "PULUMI_OPTION_LOGFLOW": "whether plugins log as the engine does",
    "PULUMI_OPTION_VERBOSE": "how much the engine's own log says",
}
# Variables of other names that change what the engine does about errors and policies.
_OTHERS: Final = frozenset({"PULUMI_CONTINUE_ON_ERROR", "PULUMI_DRY_RUN", "PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS"})


def dropped(caller: Mapping[str, str]) -> list[str]:
    """The names that the engine does not get."""
    return sorted(name for name in caller if name in _OTHERS or (name.startswith(OPTION) and name not in KEPT))


def engine_environment(caller: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without what would change the verdict."""
    left_out = set(dropped(caller))
    return {name: value for name, value in caller.items() if name not in left_out}


def told(caller: Mapping[str, str]) -> str | None:
    """For people: what was dropped, and what to do instead; None when nothing was."""
    names = dropped(caller)
    if not names:
        return None
    return f"not passed to Pulumi, since the gate's own settings count: {', '.join(names)}"
