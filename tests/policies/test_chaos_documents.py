"""Documents of a stack's own that experiments run: the shipped one passes; each thing that it could lack refuses."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
import yaml

from components.chaos.connection_hold import document_content
from policies.chaos_documents import DOCUMENT
from policies.experiment import TEMPLATE
from tests.policies.conftest import UNKNOWN_TEXT, Declared, Servicer, urn_of
from tests.policies.test_chaos import action, command, parameters, template

ARN = "arn:aws:ssm:us-east-1:123456789012:document/ial-dev-connection-hold"
SHIPPED: dict[str, Any] = json.loads(document_content())
UNDONE = {"onFailure": "step:undo", "onCancel": "step:undo"}
AUTOMATION: dict[str, Any] = {
    "schemaVersion": "0.3",
    "mainSteps": [{"name": "inject", "action": "aws:executeAwsApi", **UNDONE}, {"name": "undo"}],
}


def said(pack: Servicer, content: object, arn: str = ARN, *, name: str = "ial-dev-connection-hold") -> list[str]:
    """What the policy says of a template that runs a document with this content."""
    text = content if isinstance(content, str) else json.dumps(content)
    document = Declared(DOCUMENT, "hold", {"name": name, "content": text, "documentType": "Command"})
    used = Declared(TEMPLATE, "exhaustion", template(command(document=arn)), dependencies=(urn_of(DOCUMENT, "hold"),))
    found = [held for held in pack.stack(document, used) if held.policy == "chaos-documents"]
    assert all(held.level == 1 for held in found)
    return [held.message for held in found]


def changed(**parts: Any) -> dict[str, Any]:
    """The shipped document with parts of it changed: a parameter by name, a step's input as STEP_INPUT."""
    found = deepcopy(SHIPPED)
    for key, value in parts.items():
        step, _, name = key.partition("_")
        held = found["mainSteps"][["hold", "clean"].index(step)]["inputs"] if name else found["parameters"]
        if value is None:
            del held[name or step]
        else:
            held[name or step] = value
    return found


@pytest.mark.parametrize("arn", [ARN, UNKNOWN_TEXT])
@pytest.mark.parametrize("content", [document_content(), yaml.safe_dump(SHIPPED), AUTOMATION])
def test_what_is_shipped_passes(pack: Servicer, content: object, arn: str) -> None:
    assert said(pack, content, arn) == []


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (changed(clean_finallyStep=None), "no step cleans up whatever happens"),
        (changed(clean_finallyStep="no"), "no step cleans up whatever happens"),
        (changed(hold_timeoutSeconds=None), "step hold has no `timeoutSeconds` of 1 to 3600"),
        (changed(hold_timeoutSeconds="7200"), "step hold has no `timeoutSeconds` of 1 to 3600"),
        (changed(clean_timeoutSeconds="{{ Port }}"), "step cleanUp has no `timeoutSeconds`"),
        (changed(DurationSeconds=None), "no parameter `DurationSeconds`"),
        (changed(DurationSeconds={"type": "String", "allowedPattern": "^[0-9]+$"}), "may be longer than 3540 s"),
        (changed(DurationSeconds={"type": "String", "allowedValues": ["60", "86400"]}), "may be longer than 3540 s"),
        (changed(Host={"type": "String"}), "parameter `Host` may carry commands"),
        (changed(Host={"type": "String", "allowedPattern": ".*"}), "parameter `Host` may carry commands"),
        (changed(Host={"type": "String", "allowedPattern": "[a-z]+"}), "parameter `Host` may carry commands"),
        (changed(Port={"type": "String", "allowedPattern": "^[0-9;]+$"}), "parameter `Port` may carry commands"),
        (changed(Port={"type": "String", "allowedPattern": "^(["}), "parameter `Port` may carry commands"),
        (changed(Host="text"), "parameter `Host` may carry commands"),
        (SHIPPED | {"schemaVersion": "1.2"}, "its schemaVersion is '1.2'"),
        (AUTOMATION | {"mainSteps": [{"name": "inject"}]}, "no step cleans up: set `onFailure` and `onCancel`"),
        (
            AUTOMATION | {"mainSteps": [{"name": "inject", "onFailure": "step:undo"}]},
            "no step cleans up: set `onFailure` and `onCancel`",
        ),
        (UNKNOWN_TEXT, "its content is unknown at preview"),
        ("- no\n- document", "its content is unknown at preview, or no document"),
        ("{", "its content is unknown at preview, or no document"),
    ],
)
def test_what_it_lacks_refuses(pack: Servicer, content: object, text: str) -> None:
    found = said(pack, content)
    assert [message for message in found if text in message] == found
    assert len(found) == 1


def test_an_unknown_duration_is_one_reason_and_unlimited_two(pack: Servicer) -> None:
    found = said(pack, changed(DurationSeconds={"type": "String"}))
    assert [message.split("`")[1] for message in found] == ["DurationSeconds", "DurationSeconds"]


def test_documents_that_no_experiment_runs_are_nobodys_business(pack: Servicer) -> None:
    document = Declared(DOCUMENT, "other", {"name": "other", "content": "{}", "documentType": "Command"})
    used = Declared(TEMPLATE, "latency", template())
    assert [held for held in pack.stack(document, used) if held.policy == "chaos-documents"] == []
    assert said(pack, "{}", name="other") == []


def test_an_unknown_document_that_is_not_in_the_change_refuses(pack: Servicer) -> None:
    used = Declared(TEMPLATE, "exhaustion", template(command(document=UNKNOWN_TEXT)))
    [found] = [held for held in pack.stack(used) if held.policy == "chaos-documents"]
    assert "is unknown at preview and is none of this stack's" in found.message
    automation = action("aws:ssm:start-automation-execution", parameters(documentArn=UNKNOWN_TEXT), None)
    used = Declared(TEMPLATE, "exhaustion", template(automation))
    assert [held.policy for held in pack.stack(used)].count("chaos-documents") == 1


def test_one_document_is_judged_once(pack: Servicer) -> None:
    document = Declared(DOCUMENT, "hold", {"name": "ial-dev-connection-hold", "content": "[]"})
    used = [Declared(TEMPLATE, name, template(command(document=ARN))) for name in ("one", "two")]
    assert len([held for held in pack.stack(document, *used) if held.policy == "chaos-documents"]) == 1
