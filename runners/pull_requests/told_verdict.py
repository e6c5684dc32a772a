"""What is told of one stack: its report's verdict, where all that the forge knows agrees with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from preview.gate import Status
from preview.report.model import PreviewReport
from runners.pull_requests.artifact import LARGEST, report_text
from runners.pull_requests.errors import ForgeError, ReceivedError
from runners.pull_requests.gate_run import GateRun
from runners.pull_requests.github import GitHub
from runners.pull_requests.judged_stacks import JudgedStack
from runners.pull_requests.received_report import received_report, status_of


@dataclass(frozen=True, kw_only=True)
class ToldVerdict:
    """A verdict on one stack with its report, or the reason why there is none. `conclusion` is the forge's."""

    judged: JudgedStack
    conclusion: str
    report: PreviewReport | None = None
    reason: str = ""

    @property
    def verdict(self) -> str:
        """`within`, `refused`, `could-not-judge`, or `not-judged` where no report is believed."""
        return "not-judged" if self.report is None else status_of(self.report).value


@dataclass(frozen=True)
class RunResults:
    """What the forge lists of a run: how its jobs ended, and what they left."""

    run: GateRun
    conclusions: Mapping[str, list[str]]
    artifacts: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, run: GateRun, forge: GitHub) -> RunResults:
        """Reads both; of artifacts that share a name the newest counts, since a repeated job leaves another.

        Raises:
            ForgeError: GitHub did not say.
        """
        jobs: dict[str, list[str]] = {}
        for job in forge.pages(f"/actions/runs/{run.identity}/jobs", "jobs", filter="latest"):
            jobs.setdefault(str(job.get("name")), []).append(str(job.get("conclusion")))
        kept: dict[str, Mapping[str, Any]] = {}
        for entry in forge.pages(f"/actions/runs/{run.identity}/artifacts", "artifacts"):
            name = str(entry.get("name"))
            if name not in kept or _identity(entry) > _identity(kept[name]):
                kept[name] = entry
        return cls(run, jobs, kept)


def told_verdict(judged: JudgedStack, results: RunResults, doubts: tuple[str, ...], forge: GitHub) -> ToldVerdict:
    """The verdict on one stack. A report counts only beside a conclusion that says the same."""
    found = results.conclusions.get(judged.job, [])
    conclusion = found[0] if len(found) == 1 else "no job" if not found else "several jobs"

    def without(reason: str) -> ToldVerdict:
        return ToldVerdict(judged=judged, conclusion=conclusion, reason=reason)

    if doubts:
        return without("; ".join(doubts))
    if conclusion not in ("success", "failure"):
        how = conclusion if found else f"without the job {judged.job!r}"
        return without(f"the run ended {how}, so there is no verdict on this commit")
    try:
        report = received_report(_text(judged, results, forge), judged, results.run.head_sha)
    except (ForgeError, ReceivedError) as error:
        return without(f"the report of the run is not believed: {error}")
    if fault := _disagreement(report, conclusion, results.run.conclusion):
        return without(fault)
    return ToldVerdict(judged=judged, conclusion=conclusion, report=report)


def shown_or_refused(told: ToldVerdict, show: Callable[[ToldVerdict], str]) -> tuple[ToldVerdict, str]:
    """What is told, as text; a report whose amounts cannot even be shown is not believed either."""
    try:
        return told, show(told)
    except (ArithmeticError, ValueError) as error:
        reason = f"the report of the run is not believed: it cannot be shown ({type(error).__name__})"
        refused = ToldVerdict(judged=told.judged, conclusion=told.conclusion, reason=reason)
        return refused, show(refused)


def _text(judged: JudgedStack, results: RunResults, forge: GitHub) -> str:
    entry = results.artifacts.get(judged.artifact)
    if entry is None:
        msg = f"the run left no artifact {judged.artifact!r}"
        raise ReceivedError(msg)
    size = entry.get("size_in_bytes")
    if entry.get("expired") or not isinstance(size, int) or size > LARGEST:
        msg = f"artifact {judged.artifact!r} has expired, or is larger than {LARGEST // 1024 // 1024} MiB"
        raise ReceivedError(msg)
    return report_text(forge.download(f"/actions/artifacts/{_identity(entry)}/zip", LARGEST))


def _disagreement(report: PreviewReport, conclusion: str, of_run: str) -> str:
    """A run that succeeds has no job that failed, and a job succeeds only where its stack is within budget."""
    status = status_of(report)
    if (status is Status.WITHIN) is (conclusion == "success") and not (conclusion == "failure" and of_run == "success"):
        return ""
    return (
        f"report and run disagree: the report says {status.value}, the job ended with {conclusion}, "
        f"the run with {of_run}. One of them was tampered with, or the workflow is broken"
    )


def _identity(entry: Mapping[str, Any]) -> int:
    value = entry.get("id")
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
