"""The local engine: program, pack and gate as three processes on loopback, without the Pulumi CLI."""

from __future__ import annotations

import queue
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from preview.errors import PreviewError
from preview.pack import START_LIMIT_SECONDS, Pack
from preview.pack_report import PackReport
from preview.program import TIME_LIMIT_SECONDS, Program
from preview.project import Project
from pricing.clock import AS_OF

if TYPE_CHECKING:
    from datetime import date

    from preview.analyst import Analyst
    from preview.existing import Existing
    from preview.findings import PackVerdict
    from preview.gate import Verdict
    from preview.recording import Recording
    from preview.registration import Registration
    from pricing.estimate import Estimate
    from pricing.resource import Graph, Resource


class Pricer(Protocol):
    """Prices a graph; it knows usage, price book and region."""

    def __call__(self, graph: Graph) -> Estimate:
        """The estimate of one month."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One preview: which program, judged by which pack, priced how, at which date."""

    project: Project
    pack: Path
    price: Pricer
    as_of: date
    policy_config: Mapping[str, object] = field(default_factory=dict)
    required_policies: frozenset[str] | None = None
    existing: Existing | None = None
    program_limit: float = TIME_LIMIT_SECONDS
    pack_limit: float = START_LIMIT_SECONDS


@dataclass(frozen=True)
class Preview:
    """A verdict, and the program's run that it is about (None where the real engine ran it).

    `staying` is what leaves the program and not AWS.
    """

    verdict: Verdict
    recording: Recording | None = None
    staying: tuple[Resource, ...] = ()


def preview_offline(request: Request) -> Preview:
    """Runs program and pack side by side and judges.

    Raises:
        PreviewError: the program or the pack failed in a way that leaves nothing to judge.
    """
    with tempfile.TemporaryDirectory(prefix="ial-") as directory:
        report = PackReport(Path(directory))
        environment = {**report.environment(), AS_OF: request.as_of.isoformat()}
        with (
            Program(request.project, request.program_limit) as program,
            Pack(request.pack, request.project, start_limit=request.pack_limit, environment=environment) as pack,
            _Relay(pack, request.policy_config) as relay,
        ):
            recording = program.run(watch=relay.put, existing=request.existing or _nothing_known())
            said = relay.verdict(recording)
        return Preview(_judge(request, recording, replace(said, report=report.read()), report.run_id), recording)


def _nothing_known() -> Existing:
    from preview.existing import NOT_KNOWN

    return NOT_KNOWN


def _judge(request: Request, recording: Recording, said: PackVerdict, run_id: str) -> Verdict:
    from preview.gate import REQUIRED_POLICIES, decide

    graph = recording.graph
    required = REQUIRED_POLICIES if request.required_policies is None else request.required_policies
    return decide(graph, request.price(graph), said, run_id=run_id, required=required)


class _Relay:
    """Hands registrations to the pack while the program still runs, in a thread that first waits for the pack."""

    def __init__(self, pack: Pack, policy_config: Mapping[str, object]) -> None:
        self._pack = pack
        self._config = policy_config
        self._queue: queue.SimpleQueue[Registration | None] = queue.SimpleQueue()
        self._analyst: Analyst | None = None
        self._error: PreviewError | None = None
        self._thread = threading.Thread(target=self._run, name="pack-relay", daemon=True)

    def __enter__(self) -> _Relay:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._queue.put(None)
        # The thread may still wait for the pack; ending the pack ends the waiting.
        self._pack.stop()
        self._thread.join()
        if self._analyst is not None:
            self._analyst.close()

    def put(self, record: Registration) -> None:
        """Queues one registration."""
        self._queue.put(record)

    def verdict(self, recording: Recording) -> PackVerdict:
        """What the pack says of the whole."""
        self._queue.put(None)
        self._thread.join()
        if self._error is not None:
            raise self._error
        assert self._analyst is not None
        return self._analyst.verdict(recording.registrations, recording.component_outputs)

    def _run(self) -> None:
        try:
            self._analyst = self._pack.analyst(self._config)
            while (record := self._queue.get()) is not None:
                self._analyst.see(record)
        except PreviewError as error:
            self._error = error
