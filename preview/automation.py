"""The real Pulumi engine through the Automation API: the engine of record for real AWS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pulumi import automation

from contract.reading.errors import ReadingError
from contract.reading.json_text import read_json
from preview.engine_events import EngineEvents
from preview.engine_failures import engine_error, only_says_that_it_failed
from preview.engine_run import EngineRun, engine_command, engine_run
from preview.errors import EngineError
from preview.gate import REQUIRED_POLICIES, decide
from preview.offline import Preview, Request
from preview.pending import pending_told
from preview.step_events import StepEvents, read_events

if TYPE_CHECKING:
    from preview.project import Project

TIME_LIMIT_SECONDS: Final = 600.0


@dataclass(frozen=True)
class Applied:
    """What an update left: the stack's outputs, secrets left out, and how many steps of which kind it took."""

    outputs: Mapping[str, object]
    changes: Mapping[str, int]
    notes: tuple[str, ...] = ()


def preview_engine(
    request: Request, *, save_plan: Path | None = None, time_limit: float = TIME_LIMIT_SECONDS
) -> Preview:
    """Previews with the real engine and the pack, and judges by the same gate as the local engine.

    Raises:
        PreviewError: the CLI, a login, the stack or the pack is missing, or the engine failed for another reason.
    """
    with engine_run(request, time_limit) as run:
        events = EngineEvents(targets=request.targets)
        state = _deployment(run)
        failure = _previewed(run, request, save_plan, events)
        said = replace(events.verdict(*run.pack), descriptions=run.descriptions, report=run.report.read())
        refused = any(finding.level == "mandatory" for finding in said.findings)
        causes = [error for error in events.errors if not only_says_that_it_failed(error.text)]
        if failure is not None and (causes or not (refused or said.unjudged)):
            raise engine_error(failure, causes)
        alone = events.leave_alone(state, (said.report or {}).get("cloud"))
        graph = events.graph
        verdict = decide(
            graph,
            request.price(graph),
            said,
            run_id=run.report.run_id,
            engine="pulumi",
            required=REQUIRED_POLICIES if request.required_policies is None else request.required_policies,
            unresolved=() if events.finished else ("the program did not say that it came to its end",),
        )
        return Preview(
            verdict,
            staying=(*events.staying, *alone),
            notes=(*pending_told(state), *events.notes),
            changes=events.changes,
        )


def _previewed(
    run: EngineRun, request: Request, save_plan: Path | None, events: EngineEvents
) -> automation.CommandError | None:
    """Lets the engine preview, and takes its events; what it ended with, if that was a failure."""
    try:
        run.stack.preview(
            policy_packs=[str(request.pack)],
            policy_pack_configs=run.policy_configs,
            config_file=run.config_file,
            plan=str(save_plan) if save_plan else None,
            target=list(request.targets.patterns) or None,
            target_dependents=request.targets.dependents or None,
            color="never",
            on_event=events.take,
        )
    except automation.CommandError as error:
        return error
    return None


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
        PreviewError: the plan does not hold any more, the pack refused, or the engine failed; the message says what
            was done before.
    """
    with engine_run(request, time_limit) as run:
        log = run.directory / "events.jsonl"
        arguments = ["up", "--yes", "--color", "never", "--plan", str(plan), "--policy-pack", str(request.pack)]
        arguments += ["--stack", request.project.full_stack or request.project.stack, "--event-log", str(log)]
        flags = (("--policy-pack-config", run.policy_configs), ("--config-file", [run.config_file]))
        for flag, values in (*flags, ("--target", request.targets.patterns)):
            arguments += [part for value in values or [] if value for part in (flag, value)]
        arguments += ["--target-dependents"] if request.targets.dependents else []
        # The flag for the log of events is there for those who ask for it only.
        environment = {**run.environment, "PULUMI_DEBUG_COMMANDS": "true"}
        events = StepEvents()
        try:
            run.command.run(arguments, str(request.project.directory), environment, on_output)
        except (automation.CommandError, EngineError) as error:
            read_events(log, events.take, done=True)
            raise events.error(error if isinstance(error, EngineError) else engine_error(error)) from error
        read_events(log, events.take, done=True)
        try:
            outputs = run.stack.outputs()
        except automation.CommandError as error:
            raise engine_error(error) from error
        shown = {key: value.value for key, value in outputs.items() if not value.secret}
        return Applied(shown, events.changes, events.notes)


def engine_config(project: Project, time_limit: float = TIME_LIMIT_SECONDS) -> dict[str, str]:
    """A stack's settings as the engine resolves them, encrypted ones and those of Pulumi ESC too; secrets are left out.

    Raises:
        EngineError: the CLI, a login or the stack is missing.
    """
    command = engine_command(time_limit)
    name = project.full_stack or project.stack
    try:
        said = command.run(["config", "--json", "--stack", name], str(project.directory), {})
    except automation.CommandError as error:
        raise engine_error(error) from error
    try:
        found = read_json(said.stdout, "pulumi config --json").data
    except ReadingError as error:
        raise EngineError(str(error)) from None
    entries = found.items() if isinstance(found, dict) else ()
    return {key: str(entry["value"]) for key, entry in entries if entry.get("value") is not None}


def _deployment(run: EngineRun) -> Mapping[str, Any]:
    """What the stack's state says before the run."""
    try:
        found = run.stack.export_stack()
    except automation.CommandError as error:
        raise engine_error(error) from error
    return {"version": found.version, "deployment": found.deployment or {}}
