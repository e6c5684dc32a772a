"""What a job of the pipeline came to, from what its command wrote: of each thing that ran, whether it is well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Result:
    """One thing that ran: an experiment, a suite, the recovery test, or the job itself."""

    subject: str
    well: bool
    said: str


def results_of(job: str, document: object) -> list[Result]:
    """The results of a job; `document` is what its command printed with `--json`, None when there is none.

    A job with nothing to do is well itself, and says nothing of what ran before: an experiment that failed an hour
    ago has not passed because none is due now.
    """
    subject = f"the {job} job"
    if not isinstance(document, Mapping) or not isinstance(document.get("exitCode"), int):
        return [Result(subject=subject, well=False, said="it wrote no document: see its log")]
    return [Result(subject=subject, well=True, said=""), *_ran(document)]


def _ran(document: Document) -> Iterator[Result]:
    inner = document.get("record") if "record" in document else document
    if not isinstance(inner, Mapping):
        return
    yield Result(subject=_subject(inner), well=inner.get("exitCode") == 0, said=_said(inner))
    # A suite tells of its failures as a whole; an experiment that passed in it is well again, whoever ran it.
    for step in inner.get("steps", ()):
        if step["kind"] == "experiment" and step["exitCode"] == 0:
            yield Result(subject=f"experiment {step['name']}", well=True, said="")


def _subject(document: Document) -> str:
    for key, kind in (("suite", "suite"), ("experiment", "experiment"), ("records", "the recovery test")):
        if key in document:
            return kind if key == "records" else f"{kind} {document[key]}"
    return "something that it does not name"


def _said(document: Document) -> str:
    """How it ended, and why, in a line."""
    if "records" in document:
        held = [record for record in document["records"] if record["verdict"] != "passed"]
        return "; ".join(f"{record['resource']}: {record['verdict']}" for record in held) or "nothing was restored"
    why = "; ".join(str(reason) for reason in document.get("reasons", ()))
    return f"{document.get('verdict')}: {why}" if why else str(document.get("verdict"))
