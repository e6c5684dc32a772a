"""The outputs document of an applied stack, from wherever the stack is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contract.names import metric_namespace
from contract.outputs import EXPORT, Outputs
from preview.engines import Engine, chosen
from runners.errors import InputError, OutputsError
from runners.stack.locations import program_folder
from runners.stack.outputs import parsed, plain

if TYPE_CHECKING:
    from contract.experiments import Chaos, Experiment

Say = Callable[[str], object]


def read_outputs(stack: str, program: Path | None, engine: Engine, say: Say) -> tuple[Mapping[str, Any], Outputs]:
    """The outputs document of an applied stack, as it is and as runners read it.

    Raises:
        OutputsError: the stack was not applied, or by another version.
    """
    folder = program_folder(program)
    if chosen(engine, say) is Engine.LOCAL:
        from runners.stack.local_cloud import deployed_outputs

        data = deployed_outputs(folder, stack)
    else:
        from runners.stack.pulumi_stack import stack_outputs

        data = stack_outputs(folder, stack)
    document = plain(data.get(EXPORT))
    if not isinstance(document, dict):
        msg = f"stack {stack} has no output {EXPORT!r}; apply it with `ial up --stack {stack}`"
        raise OutputsError(msg)
    return document, parsed(document, f"outputs of stack {stack}")


def chaos_part(outputs: Outputs) -> Chaos:
    """What stage 3 and later brought.

    Raises:
        OutputsError: the stack has none.
    """
    if outputs.chaos is None:
        msg = f"stack {outputs.stack} is at stage {outputs.stage} and has no experiments; they come with stage 3"
        raise OutputsError(msg)
    return outputs.chaos


def experiment_named(outputs: Outputs, name: str) -> Experiment:
    """One experiment.

    Raises:
        InputError: the stack has none of that name.
    """
    held = chaos_part(outputs).experiments
    found = next((experiment for experiment in held if experiment.name == name), None)
    if found is None:
        known = ", ".join(experiment.name for experiment in held) or "none is there"
        msg = f"{name} is no experiment of stack {outputs.stack}; accepted: {known}"
        raise InputError(msg)
    return found


def namespace_of(outputs: Outputs) -> str:
    """The namespace of the stack's own metrics."""
    seen = outputs.observability
    return seen.metric_namespace if seen else metric_namespace(outputs.environment)
