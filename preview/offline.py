"""The local engine: program, pack and gate as three processes on loopback, without the Pulumi CLI."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from contract.targets import Targets
from preview.own_thread import OwnThread
from preview.pack import START_LIMIT_SECONDS, Pack
from preview.pack_report import PackReport
from preview.program import TIME_LIMIT_SECONDS, Program
from preview.project import Project
from pricing.clock import AS_OF

if TYPE_CHECKING:
    from datetime import date
    from types import TracebackType

    from preview.existing import Existing
    from preview.findings import PackVerdict
    from preview.gate import Verdict
    from preview.recording import Recording
    from pricing.estimate import Estimate
    from pricing.resource import Graph, Resource


class Pricer(Protocol):
    """Prices a graph; it knows usage, price book and region."""

    def __call__(self, graph: Graph) -> Estimate:
        """The estimate of one month."""


def _nothing() -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class Request:
    """One preview: which program, judged by which pack, priced how, at which date.

    `prepare` is called while the program runs, and may load what pricing and reporting will need.
    """

    project: Project
    pack: Path
    price: Pricer
    as_of: date
    policy_config: Mapping[str, object] = field(default_factory=dict)
    required_policies: frozenset[str] | None = None
    existing: Existing | None = None
    targets: Targets = field(default_factory=Targets)
    program_limit: float = TIME_LIMIT_SECONDS
    pack_limit: float = START_LIMIT_SECONDS
    prepare: Callable[[], object] = _nothing


@dataclass(frozen=True)
class Preview:
    """A verdict, and the program's run that it is about (None where the real engine ran it).

    `staying` is what leaves the program and not AWS, `notes` what the program and the engine said meanwhile, `changes`
    how many resources are created, updated and so on (changes.py).
    """

    verdict: Verdict
    recording: Recording | None = None
    staying: tuple[Resource, ...] = ()
    notes: tuple[str, ...] = ()
    changes: Mapping[str, int] | None = None


def preview_offline(request: Request) -> Preview:
    """Runs the program, and judges when nothing of it is left.

    The pack starts meanwhile where the program cannot reach it, and otherwise afterwards.

    Raises:
        PreviewError: the program or the pack failed in a way that leaves nothing to judge.
    """
    with tempfile.TemporaryDirectory(prefix="ial-") as directory, ExitStack() as stack:
        places = (Path(directory),), (request.pack.resolve(),)
        program = stack.enter_context(Program(request.project, request.program_limit, *places))
        out_of_reach = program.apartness.apart and not program.apartness.network
        judge = stack.enter_context(_Judge(request, Path(directory))) if out_of_reach else None
        recording = program.run(existing=request.existing or _nothing_known(), meanwhile=request.prepare)
        if judge is None:
            judge = _Judge(request, Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ial-"))))
            stack.enter_context(judge)
        graph = recording.graph
        # The pack prices the stack in a process of its own, so both can do it at the same time.
        said = judge.verdict(recording)
        estimate = request.price(graph)
        verdict = _judged(request, recording, graph, estimate, said.result(), judge.report.run_id)
        return Preview(verdict, recording, notes=_notes(recording), changes=_changes(request, recording))


def _nothing_known() -> Existing:
    from preview.existing import NOT_KNOWN

    return NOT_KNOWN


def _judged(
    request: Request, recording: Recording, graph: Graph, estimate: Estimate, said: PackVerdict, run_id: str
) -> Verdict:
    from preview.gate import REQUIRED_POLICIES, decide

    required = REQUIRED_POLICIES if request.required_policies is None else request.required_policies
    unresolved = (*recording.unseen, *recording.unanswered)
    return decide(graph, estimate, said, run_id=run_id, required=required, unresolved=unresolved)


def _changes(request: Request, recording: Recording) -> Mapping[str, int]:
    from preview.changes import planned

    return planned(recording.registrations, request.existing or _nothing_known())


def _notes(recording: Recording) -> tuple[str, ...]:
    """What the program reported of itself, which is what it leaves out, and warnings."""
    own = (text.removeprefix("info: ") for text in recording.diagnostics if not text.startswith("debug: "))
    return (*own, *(f"warning: {text}" for text in recording.unseen))


class _Judge:
    """A pack's process, awaited in a thread while the program runs. Use it as a context manager.

    Whatever is asked of it is asked in that thread: a signal ends what the main thread does between any two lines, and
    gRPC waits without end for a call that was begun by half.
    """

    def __init__(self, request: Request, directory: Path) -> None:
        self.report = PackReport(directory, request.targets)
        environment = {**self.report.environment(), AS_OF: request.as_of.isoformat()}
        self._config = request.policy_config
        self._pack = Pack(request.pack, request.project, start_limit=request.pack_limit, environment=environment)
        self._asking = OwnThread("pack")

    def __enter__(self) -> _Judge:
        self._pack.__enter__()
        self._analyst = self._asking.submit(self._pack.analyst, self._config)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The thread may still wait for the pack; ending the pack ends the waiting.
        self._pack.stop()
        self._asking.end()
        if self._analyst.exception() is None:
            self._analyst.result().close()
        self._pack.__exit__(kind, error, trace)

    def verdict(self, recording: Recording) -> Future[PackVerdict]:
        """What the pack will say of the whole: told its levels once more, and asked about every resource and the stack.

        Its result raises PackError where the pack failed or did not answer in time.
        """
        return self._asking.submit(self._verdict, recording)

    def _verdict(self, recording: Recording) -> PackVerdict:
        analyst = self._analyst.result()
        self.report.forget()
        analyst.configure(self._config)
        said = analyst.verdict(recording.registrations, recording.component_outputs)
        return replace(said, report=self.report.read())
