"""The one open issue of a stack whose pipeline is red: made, kept up to date, and closed when all is well again.

The calls: https://docs.github.com/en/rest/issues/issues, https://docs.github.com/en/rest/issues/labels
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec
from msgspec.structs import replace

from contract.parts import Count, RecordPart, plain
from preview.report.text import markdown as safe
from runners.pull_requests.commenting import AUTHOR
from runners.pull_requests.errors import ForgeError
from runners.pull_requests.github import GitHub
from runners.pull_requests.pipeline_results import Result

LABEL: Final = "ial-pipeline"
_NOT_THERE: Final = 404
_LONGEST_REASON: Final = 600
# What GitHub takes, in characters: "body is too long (maximum is 65536 characters)".
_LONGEST_BODY: Final = 65_536
_MARKER: Final = re.compile(r"<!-- ial-pipeline (\{.*\}) -->")


class Red(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that is not well: since when, how often in a row, the newest job, and what that said."""

    since: str
    last: str
    times: int
    url: str
    said: str


class _Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an issue keeps for the next job, in a line that nobody sees."""

    stack: str
    red: dict[str, Red]


class IssueDocument(RecordPart, frozen=True, kw_only=True):
    """What `ial pipeline issue` made of one job's results.

    Attributes:
        version: Version of this document.
        stack: Stack.
        action: What became of the issue.
        issue: The one that was open before; null without one.
        red: What is not well now.
        green: What was not well before, and is now.
    """

    version: Literal[1] = 1
    stack: str
    action: Literal["created", "updated", "closed", "left"]
    issue: Count | None
    red: tuple[str, ...]
    green: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """For machines."""
        return plain(self)


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """Of which stack, by which job, and when (UTC, RFC 3339)."""

    stack: str
    url: str
    at: str


def tell_issue(occasion: Occasion, results: Iterable[Result], forge: GitHub) -> IssueDocument:
    """Tells the results: what failed is in the issue, what passed is taken out, and without any it is closed.

    Nobody is told twice of the same failure: the issue's text changes, which sends no mail.

    Raises:
        ForgeError: GitHub refused a call, or did not answer.
    """
    action: Literal["created", "updated", "closed", "left"]
    number, before = _found(occasion.stack, forge)
    red, green = _after(before, results, occasion)
    if number is not None and not red:
        body = _body(occasion.stack, {})
        forge.write("PATCH", f"/issues/{number}", {"body": body, "state": "closed", "state_reason": "completed"})
        said = f"Well again: {', '.join(safe(name) for name in green)}. [Job]({occasion.url})"
        forge.write("POST", f"/issues/{number}/comments", {"body": said})
        action = "closed"
    elif number is not None and red != before:
        forge.write("PATCH", f"/issues/{number}", {"body": _body(occasion.stack, red)})
        action = "updated"
    elif number is None and red:
        _require_label(forge)
        title = f"The pipeline of stack {occasion.stack} is red"
        forge.write("POST", "/issues", {"title": title, "body": _body(occasion.stack, red), "labels": [LABEL]})
        action = "created"
    else:
        action = "left"
    return IssueDocument(stack=occasion.stack, action=action, issue=number, red=tuple(sorted(red)), green=tuple(green))


def _after(
    before: Mapping[str, Red], results: Iterable[Result], occasion: Occasion
) -> tuple[dict[str, Red], list[str]]:
    red, green = dict(before), []
    for result in results:
        held = red.pop(result.subject, None)
        if not result.well:
            red[result.subject] = Red(
                since=held.since if held else occasion.at,
                last=occasion.at,
                times=(held.times if held else 0) + 1,
                url=occasion.url,
                said=result.said[:_LONGEST_REASON],
            )
        elif held is not None:
            green.append(result.subject)
    return red, green


def _found(stack: str, forge: GitHub) -> tuple[int | None, dict[str, Red]]:
    """The stack's open issue, which this program alone has written; the oldest, should there be several."""
    # A pull request is an issue too, and comes in the same list.
    listed = forge.pages("/issues", state="open", labels=LABEL, sort="created", direction="asc")
    for issue in listed:
        author = issue.get("user") or {}
        if "pull_request" in issue or (author.get("login"), author.get("type")) != (AUTHOR, "Bot"):
            continue
        kept = _kept(str(issue.get("body") or ""))
        if kept is not None and kept.stack == stack:
            return int(issue["number"]), dict(kept.red)
    return None, {}


def _kept(body: str) -> _Kept | None:
    found = _MARKER.search(body)
    if found is None:
        return None
    try:
        return msgspec.json.decode(found[1].encode(), type=_Kept)
    except msgspec.MsgspecError:
        return None


def _require_label(forge: GitHub) -> None:
    """Without it the next job would not find the issue."""
    try:
        forge.get(f"/labels/{LABEL}")
    except ForgeError as error:
        if error.status != _NOT_THERE:
            raise
        forge.write("POST", "/labels", {"name": LABEL, "color": "b60205", "description": "A pipeline that is red"})


def _body(stack: str, red: Mapping[str, Red]) -> str:
    """The text, with as much of each reason as fits into an issue."""
    for longest in (_LONGEST_REASON, 150, 30, 0):
        shorter = {name: replace(held, said=held.said[:longest]) for name, held in red.items()}
        text = _whole(stack, shorter)
        if len(text) <= _LONGEST_BODY:
            break
    return text


def _whole(stack: str, red: Mapping[str, Red]) -> str:
    rows = [_row(name, held) for name, held in sorted(red.items())]
    table = ["| what | since | times | newest job | why |", "| --- | --- | --- | --- | --- |", *rows]
    return "\n".join(
        [
            _marker(stack, red),
            *([f"Not well on stack **{safe(stack)}**:", "", *table] if rows else ["All is well again."]),
            "",
            "What to do is in `docs/pipeline.md`. This issue closes itself when each of them has passed.",
            "",
        ]
    )


def _row(name: str, held: Red) -> str:
    newest = f"[{held.last}]({held.url})"
    return f"| {safe(name)} | {held.since} | {held.times} | {newest} | {safe(held.said, _LONGEST_REASON)} |"


def _marker(stack: str, red: Mapping[str, Red]) -> str:
    kept: dict[str, Any] = {"stack": stack, "red": {name: msgspec.to_builtins(held) for name, held in red.items()}}
    # What ends a comment of HTML cannot be in it.
    return f"<!-- ial-pipeline {json.dumps(kept, sort_keys=True).replace('>', chr(92) + 'u003e')} -->"
