"""Outputs of other stacks: the local engine has no backend; they are in files that a person names, or unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from preview.errors import ProjectError
from preview.wire import plain
from pricing.errors import PricingError
from pricing.json_file import read_json
from pricing.resource import Plain

STACK_REFERENCE: Final = "pulumi:pulumi:StackReference"
_ACCEPTED: Final = "the outputs of a stack, as `pulumi stack output --json` prints them"


def stack_references(options: Sequence[str]) -> dict[str, Mapping[str, Plain]]:
    """The outputs of each stack of `--stack-reference NAME=FILE`, by name as the program writes it.

    Raises:
        ProjectError: an option is not `NAME=FILE`, or a file holds no outputs.
    """
    found: dict[str, Mapping[str, Plain]] = {}
    for option in options:
        name, separator, file = option.rpartition("=")
        if not separator or not name or not file:
            msg = f"--stack-reference {option!r}: accepted: NAME=FILE, with {_ACCEPTED}"
            raise ProjectError(msg)
        found[name] = _outputs(Path(file))
    return found


def _outputs(file: Path) -> Mapping[str, Plain]:
    try:
        data = read_json(file, _ACCEPTED).data
    except PricingError as error:
        raise ProjectError(f"--stack-reference: {error}") from error
    if not isinstance(data, dict):
        msg = f"--stack-reference: {file}: expected a mapping from outputs to values; accepted: {_ACCEPTED}"
        raise ProjectError(msg)
    return {key: plain(value) for key, value in data.items()}
