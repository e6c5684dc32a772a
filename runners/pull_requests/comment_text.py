"""The comment on one stack. Every word of the pull request's own is made inert; links are the forge's alone."""

from __future__ import annotations

import re
from typing import Final

from preview.report.capped import LIMIT
from preview.report.markdown import MARKER, render_markdown
from preview.report.text import markdown as safe
from runners.pull_requests.gate_run import GateRun
from runners.pull_requests.occasion import Occasion
from runners.pull_requests.told_verdict import ToldVerdict

_NAMED: Final = 2
_LONGEST_NAME: Final = 80
_LONGEST_REASON: Final = 900
_OURS: Final = re.compile(r"<!-- ial-cost-gate ([a-z0-9-]+) ([0-9]{1,20})\.([0-9]{1,10}) -->")


def marker(name: str, run: GateRun) -> str:
    """The hidden first line, by which a comment is found again: what it is on, and which run it tells."""
    return f"<!-- ial-cost-gate {name} {run.identity}.{run.attempt} -->"


def told_in(body: str) -> tuple[str, tuple[int, int]] | None:
    """What a comment is on and the run that it tells; None when it is not the gate's."""
    found = _OURS.match(body)
    return (found[1], (int(found[2]), int(found[3]))) if found else None


def comment_text(told: ToldVerdict, occasion: Occasion, run: GateRun) -> str:
    """The whole comment, below the forge's limit."""
    lines = [marker(told.judged.name, run), _occasion(told, occasion, run), "", *_gate_changes(occasion, run)]
    head = "\n".join([*lines, ""])
    if told.report is None:
        reason = safe(told.reason, _LONGEST_REASON)
        return f"{head}## ⚠️ Not judged: {reason}\n\nRead it as a refusal: nobody knows what this would cost.\n"
    rendered = render_markdown(told.report, limit=LIMIT - len(head.encode()))
    return head + rendered.removeprefix(f"{MARKER}\n")


def _occasion(told: ToldVerdict, occasion: Occasion, run: GateRun) -> str:
    judged = told.judged
    where = "" if judged.project == "." else f" of {safe(judged.project)}"
    which = "run" if run.url is None else f"[run]({run.url})"
    base = occasion.pull.base_sha if run.base is None else run.base
    moved = "" if base == occasion.pull.base_sha else f", which is now at {safe(occasion.pull.base_sha[:12])}"
    return (
        f"Stack **{safe(judged.stack)}**{where}: the {which} of commit {safe(run.head_sha[:12])} ended with "
        f"**{safe(told.conclusion)}**. Judged by {safe(occasion.pull.base_branch)} at {safe(base[:12])}{moved}."
    )


def _gate_changes(occasion: Occasion, run: GateRun) -> list[str]:
    lines: list[str] = []
    base = safe(occasion.pull.base_branch)
    if occasion.gate_files:
        lines += [
            f"> ⚠️ This pull request changes {_listed(occasion.gate_files)}. **Those of {base} were used**; the change "
            f"counts once it is on {base}, and its owners must review it.",
            "",
        ]
    if occasion.base_gate_files:
        lines += [
            f"> ⚠️ {base} is not {safe(run.default_branch)}, and itself changes {_listed(occasion.base_gate_files)}. "
            f"**Those of {base} were used**; they are not those of {safe(run.default_branch)}.",
            "",
        ]
    return lines


def _listed(files: dict[str, list[str]]) -> str:
    return ", ".join(f"{kind} ({_named(names)})" for kind, names in files.items())


def _named(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(safe(name, _LONGEST_NAME) for name in names[:_NAMED]) + more
