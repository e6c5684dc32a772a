"""Documents of the stack's own that inject faults: they end in time, clean up, and let nothing into their script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import yaml

from policies.chaos_actions import LONGEST_SECONDS, UNDO_SECONDS
from policies.experiment import TEMPLATE, Action, actions
from policies.memory import Finding
from policies.stack import Stack
from pricing.resource import UNKNOWN, Graph, Plain, Resource

DOCUMENT: Final = "aws:ssm/document:Document"
_THROUGH_SSM: Final = "aws:ssm:"
_LONGEST_INSIDE: Final = LONGEST_SECONDS - UNDO_SECONDS
# Numbers that a bound has to keep out, and what must never get into a script.
_TOO_LONG: Final = tuple(str(seconds) for seconds in (_LONGEST_INSIDE + 1, LONGEST_SECONDS, 9999, 86400, 10**6, 10**9))
_SHELL: Final = tuple("'\"`$\\;&|<>()[]{}*?!#~\n\r\t %")
_AROUND: Final = ("{}", "a{}", "{}a", "a{}a", "1{}1", "a{}a{}a", "{}(a)", "1{}1{}1")


def own_documents(stack: Stack) -> Iterator[Finding]:
    """Every document of this stack that a template runs; one that is unknown and not in the stack is refused."""
    graph = stack.graph
    judged: set[str] = set()
    for template in graph.of_type(TEMPLATE):
        for action in actions(template):
            if not str(action.id).startswith(_THROUGH_SSM):
                continue
            found = list(_documents_of(template, action, graph))
            if not found and (action.parameters or {}).get("documentArn") is UNKNOWN:
                text = "runs a document that is unknown at preview and is none of this stack's; name it"
                yield Finding(f"experiment {template.name}, action {action.name}: {text}", template.urn)
            for document in found:
                if document.urn not in judged:
                    judged.add(document.urn)
                    yield from (
                        Finding(f"document {document.name}: {fault}", document.urn) for fault in _faults(document)
                    )


def _documents_of(template: Resource, action: Action, graph: Graph) -> Iterator[Resource]:
    arn = (action.parameters or {}).get("documentArn")
    name = str(arn).rsplit("/", 1)[-1]
    for document in graph.of_type(DOCUMENT):
        named = document.get("name")
        if arn is UNKNOWN:
            if document.urn in template.dependencies:
                yield document
        elif named == name or (named is UNKNOWN and document.urn in template.dependencies):
            yield document


def _faults(document: Resource) -> Iterator[str]:
    content = _content(document.get("content"))
    if content is None:
        yield "its content is unknown at preview, or no document; write it out"
        return
    steps = [step for step in content.get("mainSteps") or [] if isinstance(step, dict)]
    if str(content.get("schemaVersion")) == "2.2":
        yield from _command_faults(content, steps)
    elif str(content.get("schemaVersion")) == "0.3":
        if not any(_goes_on(step, "onFailure") and _goes_on(step, "onCancel") for step in steps):
            yield "no step cleans up: set `onFailure` and `onCancel` of the step that injects to the one that undoes"
    else:
        yield f"its schemaVersion is {content.get('schemaVersion')!r}; accepted: 2.2 (command), 0.3 (automation)"


def _command_faults(content: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    parameters = content.get("parameters") or {}
    if not any(_inputs(step).get("finallyStep") is True for step in steps):
        yield "no step cleans up whatever happens; add one with the input `finallyStep: true`"
    for step in steps:
        limit = str(_inputs(step).get("timeoutSeconds", ""))
        if not (limit.isdigit() and 0 < int(limit) <= LONGEST_SECONDS):
            yield f"step {step.get('name')} has no `timeoutSeconds` of 1 to {LONGEST_SECONDS}; set it"
    if not isinstance(parameters, dict) or not isinstance(parameters.get("DurationSeconds"), dict):
        yield "it has no parameter `DurationSeconds`: nothing says when its fault ends"
        return
    if any(_accepts(parameters["DurationSeconds"], text) for text in _TOO_LONG):
        yield f"`DurationSeconds` may be longer than {_LONGEST_INSIDE} s; limit its allowedPattern or allowedValues"
    for name, about in sorted(parameters.items()):
        if not isinstance(about, dict) or any(_accepts(about, text) for text in _dangerous()):
            yield f"parameter `{name}` may carry commands into the script; set an allowedPattern that a shell ignores"


def _accepts(about: Mapping[str, Any], text: str) -> bool:
    """Whether SSM would take a value. A pattern counts as a whole only when it says so."""
    values, pattern = about.get("allowedValues"), about.get("allowedPattern")
    if isinstance(values, list):
        return text in [str(value) for value in values]
    if not isinstance(pattern, str):
        return True
    try:
        # A line break at the very end is all that `$` lets through, and it ends no quoted text.
        return re.search(re.sub(r"\$$", r"\\Z", pattern), text) is not None
    except re.error:
        return True


def _dangerous() -> Iterator[str]:
    for character in _SHELL:
        for around in _AROUND:
            yield around.replace("{}", character)


def _content(text: Plain) -> dict[str, Any] | None:
    """JSON is YAML, too."""
    if not isinstance(text, str):
        return None
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        return None
    return found if isinstance(found, dict) else None


def _inputs(step: Mapping[str, Any]) -> Mapping[str, Any]:
    inputs = step.get("inputs")
    return inputs if isinstance(inputs, dict) else {}


def _goes_on(step: Mapping[str, Any], when: str) -> bool:
    return str(step.get(when, "")).startswith("step:")
