"""One run of the real engine: its command, its stack, the pack that it runs, and where it writes what it does."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from pulumi import automation

from preview.engine_failures import engine_error
from preview.errors import EngineError
from preview.pack import Pack
from preview.pack_report import PackReport
from preview.project_file import read_yaml, section
from preview.pulumi_command import LimitedCommand
from pricing.clock import AS_OF

if TYPE_CHECKING:
    from pulumi.automation import Stack

    from preview.offline import Request


class NoStackError(EngineError):
    """The backend does not know the stack."""


@dataclass(frozen=True)
class EngineRun:
    """What a command of the engine needs. `pack` is its name, its version and the levels of its policies.

    `descriptions` is what the pack says of its policies.
    """

    stack: Stack
    command: LimitedCommand
    environment: Mapping[str, str]
    report: PackReport
    pack: tuple[str, str, Mapping[str, str]]
    descriptions: Mapping[str, str]
    policy_configs: list[str] | None
    config_file: str | None
    directory: Path


@contextlib.contextmanager
def engine_run(request: Request, time_limit: float) -> Iterator[EngineRun]:
    """Everything for one run, in a folder that is gone afterwards.

    Raises:
        EngineError: the CLI or the stack is missing, or the CLI failed.
        PackError: the pack does not start.
    """
    # The engine waits for ever for a pack that does not start, so it is started here once, and asked for its levels.
    with Pack(request.pack, request.project, start_limit=request.pack_limit) as pack:
        analyst = pack.analyst(request.policy_config)
        known, descriptions = (analyst.name, analyst.version, analyst.policies), analyst.descriptions
        analyst.close()
    project = request.project
    with tempfile.TemporaryDirectory(prefix="ial-") as directory:
        report = PackReport(Path(directory), request.targets)
        environment = {**report.environment(), AS_OF: request.as_of.isoformat()}
        command = engine_command(time_limit)
        yield EngineRun(
            stack=selected(project.directory, project.full_stack or project.stack, command, environment),
            command=command,
            environment=environment,
            report=report,
            pack=known,
            descriptions=descriptions,
            policy_configs=_policy_configs(request, Path(directory)),
            config_file=_config_file(request, Path(directory)),
            directory=Path(directory),
        )


def engine_command(time_limit: float) -> LimitedCommand:
    """The CLI, in an environment in which nobody changes what it does (engine_environment.py).

    Raises:
        EngineError: it is missing, or too old.
    """
    if shutil.which("pulumi") is None:
        msg = "the `pulumi` command is not on PATH: install the Pulumi CLI, or use `--engine local`"
        raise EngineError(msg)
    try:
        return LimitedCommand(time_limit)
    except automation.InvalidVersionError as error:
        raise EngineError(str(error)) from error


def selected(folder: Path, stack: str, command: LimitedCommand, environment: Mapping[str, str]) -> Stack:
    """A stack in Pulumi's backend.

    Raises:
        NoStackError: the backend does not have it.
        EngineError: the CLI failed.
    """
    options = automation.LocalWorkspaceOptions(env_vars=environment, pulumi_command=command)
    try:
        return automation.select_stack(stack, work_dir=str(folder), opts=options)
    except automation.StackNotFoundError:
        msg = f"the backend has no stack {stack!r}: run `pulumi stack init {stack}`"
        raise NoStackError(msg) from None
    except automation.CommandError as error:
        raise engine_error(error) from error


def _policy_configs(request: Request, directory: Path) -> list[str] | None:
    if not request.policy_config:
        return None
    file = directory / "policy-config.json"
    file.write_text(json.dumps(dict(request.policy_config)), encoding="utf-8")
    return [str(file)]


def _config_file(request: Request, directory: Path) -> str | None:
    """A copy of the stack's file with the command line's settings: the program's own file is never changed."""
    overrides = request.project.overrides
    if not overrides:
        return None
    own = request.project.stack_file or request.project.directory / f"Pulumi.{request.project.stack}.yaml"
    data = read_yaml(own)
    data = {**data, "config": {**section(data, own, "config"), **overrides}}
    file = directory / own.name
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    return str(file)
