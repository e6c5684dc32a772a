"""Documents of a stack's own that experiments run: the shipped one passes; each thing that it could lack refuses."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from components.chaos.hold_document import document_content
from policies import environments
from policies.chaos_document_content import content_faults
from policies.chaos_documents import DOCUMENT
from policies.experiment import TEMPLATE
from tests.policies.conftest import ENVIRONMENT, UNKNOWN_TEXT, Declared, Servicer, configure, urn_of
from tests.policies.test_chaos import action, parameters, template

NAME = "ial-dev-connection-hold"
ARN = f"arn:aws:ssm:us-east-1:123456789012:document/{NAME}"
HELD = {
    "Host": "shop-db.example",
    "Port": "5432",
    "Engine": "postgresql",
    "Connections": "45",
    "DurationSeconds": "180",
}
SHIPPED: dict[str, Any] = json.loads(document_content())
UNDONE = {"onFailure": "step:undo", "onCancel": "step:undo"}
AUTOMATION: dict[str, Any] = {
    "schemaVersion": "0.3",
    "mainSteps": [{"name": "inject", "action": "aws:executeAwsApi", **UNDONE}, {"name": "undo"}],
}


def running(
    arn: str = ARN, held: object = HELD, *, name: str = "exhaustion", depends: bool = True, **given: Any
) -> Declared:
    """A template that runs a document with these parameters; further ones are the action's own."""
    text = held if isinstance(held, str) else json.dumps(held)
    known = {"documentArn": arn, "documentParameters": text, "duration": "PT4M", **given}
    made = template(action("aws:ssm:send-command", parameters(**known)))
    return Declared(TEMPLATE, name, made, dependencies=(urn_of(DOCUMENT, "hold"),) if depends else ())


def document(content: object = SHIPPED, **changes: Any) -> Declared:
    text = content if isinstance(content, str) else json.dumps(content)
    return Declared(DOCUMENT, "hold", {"name": NAME, "content": text, "documentType": "Command", **changes})


def heard(pack: Servicer, *declared: Declared) -> list[str]:
    """What the policy says of the stack."""
    found = [held for held in pack.stack(*declared) if held.policy == "chaos-documents"]
    assert all(held.level == 1 for held in found)
    return [held.message for held in found]


def said(pack: Servicer, content: object, arn: str = ARN) -> list[str]:
    """What the policy says of a template that runs a document with this content."""
    return heard(pack, document(content), running(arn))


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
        *(
            (changed(DurationSeconds={"type": "String", **bound}), "`DurationSeconds` may be longer than 3540 s")
            for bound in (
                {"allowedValues": ["60", "86400"]},
                {"allowedValues": ["60", "7200"]},
                {"allowedValues": [60, 3541]},
                {"allowedValues": ["60", "1h"]},
                {"allowedValues": ["180", "0x5000"]},
                {"allowedPattern": "^(180|7200)$"},
                {"allowedPattern": "^(180|3541)$"},
                {"allowedPattern": "^(180|4711)$"},
                {"allowedPattern": "^(180|[0-9]{7})$"},
                {"allowedPattern": "^[0-9]{1,2}[hd]|180$"},
            )
        ),
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


@pytest.mark.parametrize("about", [{}, {"allowedValues": []}, {"allowedValues": "180"}])
def test_an_unknown_duration_is_one_reason_and_unlimited_two(pack: Servicer, about: dict[str, Any]) -> None:
    found = said(pack, changed(DurationSeconds={"type": "String", **about}))
    assert [message.split("`")[1] for message in found] == ["DurationSeconds", "DurationSeconds"]


@pytest.mark.parametrize(
    "about", [{"allowedValues": ["180", "3540"]}, {"allowedValues": [180]}, {"allowedPattern": "^(60|180|3540)$"}]
)
def test_bounds_that_hold(pack: Servicer, about: dict[str, Any]) -> None:
    assert said(pack, changed(DurationSeconds={"type": "String", **about})) == []


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=4))
def test_every_allowed_value_counts(values: list[int]) -> None:
    content = changed(DurationSeconds={"type": "String", "allowedValues": [str(value) for value in values]})
    assert bool(list(content_faults(content))) == (max(values) > 3540)


@settings(max_examples=30)
@given(st.integers(1, 99_999))
def test_every_number_that_a_pattern_lets_through_counts(value: int) -> None:
    content = changed(DurationSeconds={"type": "String", "allowedPattern": f"^(60|{value})$"})
    assert bool(list(content_faults(content))) == (value > 3540)


def without(*names: str, **changes: str) -> dict[str, str]:
    return {key: value for key, value in {**HELD, **changes}.items() if key not in names}


def by_default(seconds: object) -> dict[str, Any]:
    return changed(DurationSeconds={**SHIPPED["parameters"]["DurationSeconds"], "default": seconds})


@pytest.mark.parametrize(
    ("content", "held", "given", "text"),
    [
        (SHIPPED, HELD, {}, None),
        (SHIPPED, HELD, {"documentVersion": "$LATEST"}, None),
        (by_default("180"), without("DurationSeconds"), {}, None),
        (by_default("3540"), HELD, {}, None),
        (by_default("3540"), without("DurationSeconds"), {"duration": "PT1H"}, None),
        (by_default("3540"), without("DurationSeconds"), {}, "set `duration` to 3600 s or more (document hold says so"),
        (by_default(3540), without("DurationSeconds"), {}, "set `duration` to 3600 s or more"),
        (by_default("1h"), without("DurationSeconds"), {}, "DurationSeconds is `1h`; accepted: a number of seconds"),
        (by_default("180"), {}, {}, "parameter `Connections` of document hold is missing"),
        (SHIPPED, without("DurationSeconds"), {}, "parameter `DurationSeconds` of document hold is missing"),
        (
            by_default("180"),
            without("DurationSeconds", Durationseconds="3540"),
            {},
            "document hold has no parameter `Durationseconds`; did you mean `DurationSeconds`?",
        ),
        (SHIPPED, HELD, {"documentVersion": "1"}, "runs version 1 of document hold, and only the one in this change"),
        (SHIPPED, HELD, {"documentVersion": UNKNOWN_TEXT}, "runs an unknown version of document hold"),
    ],
)
@pytest.mark.parametrize("arn", [ARN, UNKNOWN_TEXT])
def test_what_is_given_to_a_document(
    pack: Servicer, content: object, held: dict[str, str], given: dict[str, Any], text: str | None, arn: str
) -> None:
    found = heard(pack, document(content), running(arn, held, **given))
    assert len([message for message in found if str(text) in message]) == (0 if text is None else 1), found
    assert text is not None or found == []
    assert all(message.startswith("experiment exhaustion, action fault: ") for message in found)


@pytest.mark.parametrize("held", [UNKNOWN_TEXT, "{", '{"DurationSeconds": ["3540"]}'])
def test_what_cannot_be_read_is_refused_with_the_action(pack: Servicer, held: str) -> None:
    found = [said.policy for said in pack.all(document(by_default("3540")), running(held=held))]
    assert [policy for policy in found if policy.startswith("chaos-a") or policy == "chaos-documents"] == [
        "chaos-actions-valid"
    ]


@pytest.mark.parametrize(("held", "refused"), [(UNKNOWN_TEXT, 1), ('{"DurationSeconds": ["9"]}', 1), ("{}", 0)])
def test_an_automation_with_a_duration_is_read_as_well(pack: Servicer, held: str, refused: int) -> None:
    content = AUTOMATION | {"parameters": {"DurationSeconds": {"type": "String", "default": "180"}}}
    given = parameters(documentArn=ARN, documentParameters=held, maxDuration="PT5M")
    used = Declared(TEMPLATE, "it", template(action("aws:ssm:start-automation-execution", given, None)))
    found = heard(pack, document(content), used)
    assert len(found) == refused
    assert all("must be a JSON object of texts" in message for message in found)


def test_documents_that_no_experiment_runs_are_nobodys_business(pack: Servicer) -> None:
    assert heard(pack, document("{}"), Declared(TEMPLATE, "latency", template())) == []


def test_an_unknown_document_that_is_not_in_the_change_refuses(pack: Servicer) -> None:
    [found] = heard(pack, running(UNKNOWN_TEXT, depends=False))
    assert "is unknown at preview and is none of this stack's" in found
    automation = action("aws:ssm:start-automation-execution", parameters(documentArn=UNKNOWN_TEXT), None)
    assert len(heard(pack, Declared(TEMPLATE, "exhaustion", template(automation)))) == 1


def test_of_several_documents_that_it_may_be_each_must_fit(pack: Servicer) -> None:
    other = Declared(DOCUMENT, "other", document().inputs | {"name": "other", "content": json.dumps(by_default("60"))})
    used = running(UNKNOWN_TEXT, without("DurationSeconds"))
    used.dependencies = (*used.dependencies, other.urn)
    [found] = heard(pack, document(), other, used)
    assert "`DurationSeconds` of document hold is missing" in found
    assert found.endswith("write its `documentArn` out if another document is meant")


def test_one_document_is_judged_once(pack: Servicer) -> None:
    used = [running(name=name) for name in ("one", "two")]
    assert len(heard(pack, document("[]"), *used)) == 1


@pytest.mark.parametrize("arn", ["no ARN", f"arn:aws:ssm:us-east-1::document/{NAME}"])
@pytest.mark.parametrize("account", ["123456789012", ""])
def test_what_names_no_account_is_judged_with_the_action(
    pack: Servicer, monkeypatch: pytest.MonkeyPatch, arn: str, account: str
) -> None:
    configure(monkeypatch, {"ial:accountId": account})
    assert heard(pack, document("[]"), running(arn)) == []


def used(id_: str, **given: Any) -> Declared:
    return Declared(TEMPLATE, "it", template(action(id_, parameters(**given), None)))


def test_only_what_runs_a_document_is_asked_for_one(pack: Servicer) -> None:
    for other in (
        used("aws:fis:wait", documentArn=OTHER),
        used("aws:ssm:send-command"),
        Declared(TEMPLATE, "it", template(action("aws:ssm:send-command", UNKNOWN_TEXT))),
    ):
        assert heard(pack, document("[]"), other) == []
    assert len(heard(pack, document("[]"), used("aws:ssm:start-automation-execution", documentArn=OTHER))) == 1


def test_of_one_document_nobody_is_asked_which_is_meant(pack: Servicer) -> None:
    [found] = heard(pack, document(), running(documentVersion="1"))
    assert found == (
        "experiment exhaustion, action fault: runs version 1 of document hold, and only the one in this change is "
        "judged; remove `documentVersion`"
    )


@pytest.mark.parametrize(
    ("id_", "held", "refused"),
    [
        ("aws:ssm:send-command", "{}", True),
        ("aws:ssm:send-command", '{"DurationSeconds": "9"}', False),
        # What cannot be read is refused with the action; how long an automation lasts is its own `maxDuration`.
        ("aws:ssm:send-command", "{", False),
        ("aws:ssm:start-automation-execution", "{}", False),
    ],
)
def test_how_long_the_fault_of_a_listed_document_lasts(
    pack: Servicer, surroundings: Path, id_: str, held: str, refused: bool
) -> None:
    (surroundings / "dev.yaml").write_text(f'chaosDocuments: [{{arn: "{OTHER}", version: "3"}}]\n{ENVIRONMENT}')
    environments._terms.cache_clear()
    given = used(id_, documentArn=OTHER, documentVersion="3", documentParameters=held)
    text = f"experiment it, action fault: nobody knows how long the fault of `{OTHER}` lasts; set DurationSeconds in "
    assert heard(pack, given) == [text + "`documentParameters`"] * refused


def test_a_duration_that_nobody_knows_is_judged_with_the_action(pack: Servicer) -> None:
    for lasting in (UNKNOWN_TEXT, "soon"):
        assert (
            heard(pack, document(by_default("3540")), running(held=without("DurationSeconds"), duration=lasting)) == []
        )


OTHER = "arn:aws:ssm:us-east-1:123456789012:document/platform-stress"
NEITHER = "is not of this stack's account and region (account 123456789012, region us-east-1); copy it into this stack"


@pytest.mark.parametrize(
    ("arn", "changes", "text"),
    [
        (ARN, {}, None),
        (ARN, {"arn": ARN}, None),
        (ARN.replace("us-east-1", "eu-west-1"), {"region": "eu-west-1"}, None),
        (ARN, {"region": "eu-west-1"}, "none of this stack's"),
        (ARN, {"arn": ARN.replace("document/", "automation-definition/")}, None),
        (ARN, {"arn": ARN.replace("123456789012", "999999999999")}, "none of this stack's"),
        (ARN, {"arn": ARN.replace("us-east-1", "eu-west-1")}, "none of this stack's"),
        (ARN, {"name": "other"}, "none of this stack's"),
        (ARN, {"name": UNKNOWN_TEXT}, "none of this stack's"),
        (OTHER, {}, "is none of this stack's, so that nobody judges it; add the document to this stack, or list it"),
        (ARN.replace("123456789012", "999999999999"), {}, NEITHER),
        (ARN.replace("us-east-1", "eu-west-1"), {}, NEITHER),
        ("arn:aws:ssm:us-east-1:999999999999:document/evil", {}, NEITHER),
    ],
)
def test_a_document_is_the_stack_s_by_account_region_and_name(
    pack: Servicer, arn: str, changes: dict[str, Any], text: str | None
) -> None:
    found = heard(pack, document(**changes), running(arn))
    assert len(found) == (0 if text is None else 1), found
    assert all(str(text) in message for message in found)


def test_without_a_known_account_no_document_is_the_stack_s(pack: Servicer, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, {"ial:accountId": ""})
    [message] = heard(pack, document(), running())
    assert "(account unknown, set ial:accountId, region us-east-1)" in message
    assert heard(pack, document(), running(UNKNOWN_TEXT)) == []


@pytest.mark.parametrize(
    ("arn", "held", "given", "text"),
    [
        (OTHER, {"DurationSeconds": "180"}, {"documentVersion": "3"}, None),
        (OTHER, {"DurationSeconds": "180"}, {}, "runs no fixed version of"),
        (
            OTHER,
            {"DurationSeconds": "180"},
            {"documentVersion": "4"},
            "version 3 is listed; set `documentVersion` to 3",
        ),
        (OTHER, {"DurationSeconds": "180"}, {"documentVersion": "$LATEST"}, "runs version $LATEST of"),
        (OTHER, {}, {"documentVersion": "3"}, "nobody knows how long the fault"),
        (OTHER + "er", {"DurationSeconds": "180"}, {"documentVersion": "3"}, "under chaosDocuments in policies/env"),
        (
            "arn:aws:ssm:us-east-1:999999999999:document/evil",
            {"DurationSeconds": "180"},
            {"documentVersion": "3"},
            NEITHER,
        ),
    ],
)
def test_documents_that_the_environment_lists(
    pack: Servicer, surroundings: Path, arn: str, held: object, given: dict[str, Any], text: str | None
) -> None:
    evil = "arn:aws:ssm:us-east-1:999999999999:document/evil"
    listed = "".join(f'\n- {{arn: "{known}", version: "3"}}' for known in (OTHER, evil))
    (surroundings / "dev.yaml").write_text(f"chaosDocuments: {listed}\n{ENVIRONMENT}")
    environments._terms.cache_clear()
    found = heard(pack, running(arn, held, depends=False, **given))
    assert len(found) == (0 if text is None else 1), found
    assert all(str(text) in message for message in found)
