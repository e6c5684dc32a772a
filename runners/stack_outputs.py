"""The outputs document of an applied stack, from wherever the stack is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from preview.engines import Engine, chosen
from runners.errors import OutputsError
from runners.locations import program_folder
from runners.outputs import EXPORT, Outputs, plain

Say = Callable[[str], object]


def read_outputs(stack: str, program: Path | None, engine: Engine, say: Say) -> tuple[Mapping[str, Any], Outputs]:
    """The outputs document of an applied stack, as it is and as runners read it.

    Raises:
        OutputsError: the stack was not applied, or by another version.
    """
    folder = program_folder(program)
    if chosen(engine, say) is Engine.LOCAL:
        from runners.local_cloud import deployed_outputs

        data = deployed_outputs(folder, stack)
    else:
        from runners.pulumi_stack import stack_outputs

        data = stack_outputs(folder, stack)
    document = plain(data.get(EXPORT))
    if not isinstance(document, dict):
        msg = f"stack {stack} has no output {EXPORT!r}; apply it with `ial up --stack {stack}`"
        raise OutputsError(msg)
    return document, Outputs.parse(document, f"outputs of stack {stack}")
