"""Tells the verdicts of one run of the gate on its pull request: one comment a stack, kept up to date, and a status.

The calls: https://docs.github.com/en/rest/actions/workflow-runs, https://docs.github.com/en/rest/actions/workflow-jobs,
https://docs.github.com/en/rest/actions/artifacts, https://docs.github.com/en/rest/issues/comments
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypedDict

from runners.pull_requests.comment_text import comment_text, told_in
from runners.pull_requests.commit_status import context_of, set_status
from runners.pull_requests.errors import ForgeError
from runners.pull_requests.gate_run import GateRun
from runners.pull_requests.github import GitHub
from runners.pull_requests.judged_stacks import JudgedStack
from runners.pull_requests.occasion import Occasion, occasions
from runners.pull_requests.told_verdict import RunResults, ToldVerdict, shown_or_refused, told_verdict

# Whom the token of a job writes as. Anybody may write the hidden line of the gate's comments.
AUTHOR: Final = "github-actions[bot]"
VERSION: Final = 1


class CommentDocument(TypedDict):
    """One comment. `action` is `created`, `updated`, or `left` where a later run was told already."""

    pullRequest: int
    name: str
    project: str
    stack: str
    verdict: str
    conclusion: str
    reason: str
    action: str


class StatusDocument(TypedDict):
    """The status of the commit for one pull request; `state` is empty where a later run was told already."""

    pullRequest: int
    context: str
    state: str


class CommentsDocument(TypedDict):
    """What was told of one run; nothing where its pull request has moved on."""

    version: int
    run: int
    attempt: int
    commit: str
    comments: list[CommentDocument]
    statuses: list[StatusDocument]


@dataclass(frozen=True, kw_only=True)
class _Telling:
    run: GateRun
    forge: GitHub
    say: Callable[[str], object]
    document: CommentsDocument
    faults: list[ForgeError] = field(default_factory=list)

    def on(self, occasion: Occasion, judged: Sequence[JudgedStack], results: RunResults) -> None:
        """Tells everything on one pull request; what GitHub refuses of it keeps nothing else back."""
        mine = _own_comments(occasion.pull.number, self.forge)
        told: list[ToldVerdict] = []
        is_latest = True
        for entry in judged:
            one = told_verdict(entry, results, occasion.doubts, self.forge)
            one, body = shown_or_refused(one, lambda each: comment_text(each, occasion, self.run))
            told.append(one)
            try:
                is_latest &= self._comment(occasion, one, body, mine.get(entry.name)) != "left"
            except ForgeError as error:
                self.faults.append(error)
        try:
            state = set_status(occasion, told, self.run, self.forge) if is_latest else ""
        except ForgeError as error:
            self.faults.append(error)
            return
        status = StatusDocument(pullRequest=occasion.pull.number, context=context_of(occasion), state=state)
        self.document["statuses"].append(status)

    def _comment(self, occasion: Occasion, told: ToldVerdict, body: str, held: dict[str, Any] | None) -> str:
        number, judged = occasion.pull.number, told.judged
        action = self._placed(number, body, held)
        self.say(f"pull request #{number}, {judged.name}: {told.verdict}, comment {action}")
        self.document["comments"].append(
            CommentDocument(
                pullRequest=number,
                name=judged.name,
                project=judged.project,
                stack=judged.stack,
                verdict=told.verdict,
                conclusion=told.conclusion,
                reason=told.reason,
                action=action,
            )
        )
        return action

    def _placed(self, number: int, body: str, held: dict[str, Any] | None) -> str:
        if held is None:
            self.forge.write("POST", f"/issues/{number}/comments", {"body": body})
            return "created"
        told = told_in(str(held["body"]))
        if told is not None and told[1] > self.run.key:
            return "left"
        self.forge.write("PATCH", f"/issues/comments/{held['id']}", {"body": body})
        return "updated"


def tell_run(
    run: GateRun, judged: Sequence[JudgedStack], forge: GitHub, say: Callable[[str], object]
) -> CommentsDocument:
    """Writes the comments on one run, and the status of its commit.

    Raises:
        ForgeError: GitHub refused a call, or did not answer; what it did not refuse is written all the same.
    """
    found = occasions(run, forge)
    run, is_latest = _looked_up(run, forge)
    document = CommentsDocument(
        version=VERSION, run=run.identity, attempt=run.attempt, commit=run.head_sha, comments=[], statuses=[]
    )
    if not found or not is_latest:
        say(f"run {run.identity}: no open pull request is at its commit and waits for it, so nothing was written")
        return document
    telling, results = _Telling(run=run, forge=forge, say=say, document=document), RunResults.of(run, forge)
    for occasion in found:
        telling.on(occasion, judged, results)
    if telling.faults:
        raise telling.faults[0]
    return document


def _looked_up(run: GateRun, forge: GitHub) -> tuple[GateRun, bool]:
    """The run as it is now, and whether the attempt that the event speaks of is still the latest."""
    now = forge.get(f"/actions/runs/{run.identity}")
    same = isinstance(now, dict) and (now.get("run_attempt"), now.get("status")) == (run.attempt, "completed")
    return (replace(run, conclusion=str(now.get("conclusion"))) if same else run), same


def _own_comments(number: int, forge: GitHub) -> dict[str, dict[str, Any]]:
    """The gate's comments by name; the first of each, should there be several."""
    mine: dict[str, dict[str, Any]] = {}
    for comment in forge.pages(f"/issues/{number}/comments"):
        author = comment.get("user") or {}
        told = told_in(str(comment.get("body") or ""))
        if told is not None and author.get("login") == AUTHOR and author.get("type") == "Bot":
            mine.setdefault(told[0], comment)
    return mine
