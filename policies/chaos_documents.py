"""Documents that experiments run: the stack's own, or one that a reviewer has listed; never another account's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from contract.names import ACCOUNT_KEY
from policies.chaos_actions import DOCUMENT_ARN, SEND_COMMAND, cut_short, document_parameters
from policies.chaos_document_content import DURATION, content_faults, content_of, parameters_of
from policies.experiment import TEMPLATE, Action, actions, seconds
from policies.fis_catalogue import suggestion
from policies.memory import Finding
from policies.stack import Stack
from pricing.resource import UNKNOWN, Plain, Resource

DOCUMENT: Final = "aws:ssm/document:Document"
_THROUGH_SSM: Final = "aws:ssm:"
# The versions that are the one in the change.
_NEWEST: Final = (None, "$LATEST", "$DEFAULT")


def own_documents(stack: Stack) -> Iterator[Finding]:
    """Every document that a template runs and that is not AWS's."""
    judged: dict[str, Resource] = {}
    for template in stack.graph.of_type(TEMPLATE):
        for action in actions(template):
            if not str(action.id).startswith(_THROUGH_SSM):
                continue
            documents = list(_documents_of(template, action, stack))
            judged |= {document.urn: document for document in documents}
            faults = [fault for document in documents for fault in _use_faults(action, document)]
            which = "; write its `documentArn` out if another document is meant" if len(documents) > 1 else ""
            for fault in faults if documents else _strange(action, stack):
                yield Finding(f"experiment {template.name}, action {action.name}: {fault}{which}", template.urn)
    for document in judged.values():
        for fault in content_faults(content_of(document.get("content"))):
            yield Finding(f"document {document.name}: {fault}", document.urn)


def _documents_of(template: Resource, action: Action, stack: Stack) -> Iterator[Resource]:
    arn = _given(action, "documentArn")
    for document in stack.graph.of_type(DOCUMENT):
        if document.urn in template.dependencies if arn is UNKNOWN else _is_named(document, str(arn), stack):
            yield document


def _is_named(document: Resource, arn: str, stack: Stack) -> bool:
    found, known = DOCUMENT_ARN.fullmatch(arn), document.get("arn")
    if found is None or found["account"] is None or found["name"] != document.get("name"):
        return False
    # An automation's own ARN is of another kind than the one by which it is run; place and name are the same.
    place = str(known).split(":")[3:5] if isinstance(known, str) else _place(document, stack)
    return place == [found["region"], found["account"]]


def _place(document: Resource, stack: Stack) -> list[Plain]:
    return [document.get("region", stack.terms.region), stack.terms.account]


def _strange(action: Action, stack: Stack) -> Iterator[str]:
    """What is wrong with a document that is not in the stack; what is no ARN, or AWS's, is judged with the action."""
    arn = _given(action, "documentArn")
    if arn is UNKNOWN:
        yield "runs a document that is unknown at preview and is none of this stack's; add the document to this stack"
        return
    found = DOCUMENT_ARN.fullmatch(str(arn))
    if found is None or found["account"] is None:
        return
    terms = stack.terms
    if (found["account"], found["region"]) != (terms.account, terms.region):
        place = f"account {terms.account or f'unknown, set {ACCOUNT_KEY}'}, region {terms.region}"
        yield f"runs `{arn}`, which is not of this stack's account and region ({place}); copy it into this stack"
    elif str(arn) not in terms.chaos_documents:
        yield (
            f"runs `{arn}`, which is none of this stack's, so that nobody judges it; add the document to this stack, "
            f"or list it with its version under chaosDocuments in policies/environments/{terms.environment}.yaml"
        )
    else:
        yield from _listed_faults(action, str(arn), terms.chaos_documents[str(arn)])


def _listed_faults(action: Action, arn: str, version: str) -> Iterator[str]:
    given = _given(action, "documentVersion")
    if given != version:
        yield f"runs {_version(given)} of `{arn}`, and version {version} is listed; set `documentVersion` to {version}"
    inside = document_parameters(_given(action, "documentParameters"))
    if action.id == SEND_COMMAND and inside is not None and DURATION not in inside:
        yield f"nobody knows how long the fault of `{arn}` lasts; set {DURATION} in `documentParameters`"


def _use_faults(action: Action, document: Resource) -> Iterator[str]:
    """What an action gives to a document of the stack; one that can't be read is refused by itself."""
    version = _given(action, "documentVersion")
    if version not in _NEWEST:
        text = "only the one in this change is judged; remove `documentVersion`"
        yield f"runs {_version(version)} of document {document.name}, and {text}"
    taken = parameters_of(content_of(document.get("content")) or {})
    if DURATION not in taken:
        return
    given = document_parameters(_given(action, "documentParameters"))
    if given is not None:
        yield from _parameter_faults(action, given, taken, document.name)
    elif action.id != SEND_COMMAND:
        yield f"`documentParameters` of document {document.name} must be a JSON object of texts, known at preview"


def _parameter_faults(action: Action, given: Mapping[str, Plain], taken: Mapping[str, Any], name: str) -> Iterator[str]:
    for key in sorted(given.keys() - taken.keys()):
        yield f"document {name} has no parameter `{key}`; {suggestion(key, taken.keys())}"
    missing = [key for key in taken.keys() - given.keys() if _default(taken[key]) is None]
    for key in sorted(missing):
        yield f"parameter `{key}` of document {name} is missing; set it in `documentParameters`"
    lasting = seconds(_given(action, "duration"))
    if lasting is not None and not {DURATION} & {*given, *missing}:
        for fault in cut_short(lasting, {DURATION: str(_default(taken[DURATION]))}):
            yield f"{fault} (document {name} says so itself where {DURATION} is not given)"


def _default(about: object) -> object:
    return about.get("default") if isinstance(about, Mapping) else None


def _given(action: Action, name: str) -> Plain:
    return (action.parameters or {}).get(name)


def _version(given: Plain) -> str:
    return "an unknown version" if given is UNKNOWN else f"version {given}" if given else "no fixed version"
