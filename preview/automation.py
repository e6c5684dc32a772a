"""The real Pulumi engine through the Automation API: the engine of record for real AWS."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml
from pulumi import automation

from contract.reading.errors import ReadingError
from contract.reading.json_text import read_json
from preview.engine_events import EngineEvents
from preview.errors import EngineError
from preview.gate import REQUIRED_POLICIES, decide
from preview.offline import Preview, Request
from preview.pack import Pack
from preview.pack_report import PackReport
from preview.project_file import read_yaml, section
from preview.pulumi_command import LimitedCommand
from pricing.clock import AS_OF

if TYPE_CHECKING:
    from pulumi.automation import Stack

    from preview.project import Project

TIME_LIMIT_SECONDS: Final = 600.0
_HINTS: Final = {
    "PULUMI_ACCESS_TOKEN must be set": "Pulumi is not logged in: run `pulumi login`, or set PULUMI_BACKEND_URL",
    "could not read current account": "Pulumi is not logged in: run `pulumi login`, or set PULUMI_BACKEND_URL",
    "passphrase must be set": "set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE for this stack's secrets",
    "Unable to locate credentials": "AWS credentials are missing: log in, or name a profile in AWS_PROFILE",
    "the stack is currently locked": "another run holds this stack's lock: wait for it, or run `pulumi cancel`",
}


@dataclass(frozen=True)
class Applied:
    """What an update left: the stack's outputs, secrets left out."""

    outputs: Mapping[str, object]


def preview_engine(
    request: Request, *, save_plan: Path | None = None, time_limit: float = TIME_LIMIT_SECONDS
) -> Preview:
    """Previews with the real engine and the pack, and judges by the same gate as the local engine.

    Raises:
        PreviewError: the CLI, a login, the stack or the pack is missing, or the engine failed for another reason.
    """
    with _run(request, time_limit) as run:
        events = EngineEvents()
        failure: automation.CommandError | None = None
        try:
            run.stack.preview(
                policy_packs=[str(request.pack)],
                policy_pack_configs=run.policy_configs,
                config_file=run.config_file,
                plan=str(save_plan) if save_plan else None,
                color="never",
                on_event=events.take,
            )
        except automation.CommandError as error:
            failure = error
        said = replace(events.verdict(*run.pack), report=run.report.read())
        refused = any(finding.level == "mandatory" for finding in said.findings)
        causes = [error for error in events.errors if not _only_says_that_it_failed(error)]
        if failure is not None and (causes or not (refused or said.unjudged)):
            raise _translated(failure, causes or events.errors)
        graph = events.graph
        required = REQUIRED_POLICIES if request.required_policies is None else request.required_policies
        run_id = run.report.run_id
        verdict = decide(graph, request.price(graph), said, run_id=run_id, engine="pulumi", required=required)
        return Preview(verdict, staying=events.staying)


_EXCEPTION_LINE = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Found|Fault)\b.*: ")


def _only_says_that_it_failed(error: str) -> bool:
    """Whether this is the engine's closing line, which follows every refusal and names no cause."""
    return error.strip().lower().removeprefix("error: ") in {"preview failed", "update failed"}


def up_engine(
    request: Request,
    plan: Path,
    *,
    on_output: Callable[[str], object] | None = None,
    time_limit: float = 6 * TIME_LIMIT_SECONDS,
) -> Applied:
    """Applies a saved plan, with the pack.

    The Automation API's own `up` always skips the preview, and with it everything would be created before a stack
    policy speaks; so the command is run without that flag.

    Raises:
        PreviewError: the plan does not hold any more, the pack refused, or the engine failed.
    """
    with _run(request, time_limit) as run:
        arguments = ["up", "--yes", "--color", "never", "--plan", str(plan), "--policy-pack", str(request.pack)]
        arguments += ["--stack", request.project.full_stack or request.project.stack]
        for flag, values in (("--policy-pack-config", run.policy_configs), ("--config-file", [run.config_file])):
            arguments += [part for value in values or [] if value for part in (flag, value)]
        try:
            run.command.run(arguments, str(request.project.directory), run.environment, on_output)
            outputs = run.stack.outputs()
        except automation.CommandError as error:
            raise _translated(error, []) from error
        return Applied({key: value.value for key, value in outputs.items() if not value.secret})


def engine_config(project: Project, time_limit: float = TIME_LIMIT_SECONDS) -> dict[str, str]:
    """A stack's settings as the engine resolves them, encrypted ones and those of Pulumi ESC too; secrets are left out.

    Raises:
        EngineError: the CLI, a login or the stack is missing.
    """
    command = _command(time_limit)
    name = project.full_stack or project.stack
    try:
        said = command.run(["config", "--json", "--stack", name], str(project.directory), {})
    except automation.CommandError as error:
        raise _translated(error, []) from error
    try:
        found = read_json(said.stdout, "pulumi config --json").data
    except ReadingError as error:
        raise EngineError(str(error)) from None
    entries = found.items() if isinstance(found, dict) else ()
    return {key: str(entry["value"]) for key, entry in entries if entry.get("value") is not None}


@dataclass(frozen=True)
class _Run:
    stack: Stack
    command: LimitedCommand
    environment: Mapping[str, str]
    report: PackReport
    pack: tuple[str, str, Mapping[str, str]]
    policy_configs: list[str] | None
    config_file: str | None


@contextlib.contextmanager
def _run(request: Request, time_limit: float) -> Iterator[_Run]:
    # The engine waits for ever for a pack that does not start, so it is started here once, and asked for its levels.
    with Pack(request.pack, request.project, start_limit=request.pack_limit) as pack:
        analyst = pack.analyst(request.policy_config)
        known = (analyst.name, analyst.version, analyst.policies)
        analyst.close()
    with tempfile.TemporaryDirectory(prefix="ial-") as directory:
        report = PackReport(Path(directory))
        environment = {**report.environment(), AS_OF: request.as_of.isoformat()}
        command = _command(time_limit)
        yield _Run(
            stack=_select(request, command, environment),
            command=command,
            environment=environment,
            report=report,
            pack=known,
            policy_configs=_policy_configs(request, Path(directory)),
            config_file=_config_file(request, Path(directory)),
        )


def _command(time_limit: float) -> LimitedCommand:
    if shutil.which("pulumi") is None:
        msg = "the `pulumi` command is not on PATH: install the Pulumi CLI, or use `--engine local`"
        raise EngineError(msg)
    try:
        return LimitedCommand(time_limit)
    except automation.InvalidVersionError as error:
        raise EngineError(str(error)) from error


def _select(request: Request, command: LimitedCommand, environment: Mapping[str, str]) -> Stack:
    return select(request.project, command, environment)


def select(project: Project, command: LimitedCommand, environment: Mapping[str, str]) -> Stack:
    """The stack of a project in Pulumi's backend.

    Raises:
        EngineError: there is none, or the CLI failed.
    """
    options = automation.LocalWorkspaceOptions(env_vars=environment, pulumi_command=command)
    stack = project.full_stack or project.stack
    try:
        return automation.select_stack(stack, work_dir=str(project.directory), opts=options)
    except automation.StackNotFoundError:
        msg = f"the backend has no stack {stack!r}: run `pulumi stack init {stack}`"
        raise EngineError(msg) from None
    except automation.CommandError as error:
        raise _translated(error, []) from error


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


def _translated(error: automation.CommandError, diagnostics: list[str]) -> EngineError:
    text = "\n".join([*diagnostics, str(error)])
    for sign, hint in _HINTS.items():
        if sign in text:
            return EngineError(hint, text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = _last_of(diagnostics[0]) if diagnostics else _first_cause(lines)
    return EngineError(f"the Pulumi engine failed: {said}", text)


def _first_cause(lines: list[str]) -> str:
    """The first error line; where it opens a traceback (a dynamic provider's), the exception that ends it."""
    start = next((index for index, line in enumerate(lines) if line.startswith("error:")), None)
    if start is None:
        return lines[0] if lines else "no message"
    said = lines[start].removeprefix("error:").strip()
    if not said.startswith("Traceback"):
        return said
    return next((line for line in lines[start:] if _EXCEPTION_LINE.match(line)), said)


def _last_of(text: str) -> str:
    lines = [line for line in text.splitlines() if line and not line[0].isspace()]
    return lines[-1] if lines else text
