from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from preview.data_sources.answers import Answer, Answers, answers_file
from preview.errors import ProjectError
from pricing.resource import Plain

AMI = "aws:ec2/getAmi:getAmi"
OWNERS: dict[str, Plain] = {"owners": ["amazon"], "mostRecent": True}


def answer(**changed: object) -> Answer:
    given = {
        "data_source": AMI,
        "args": OWNERS,
        "region": "eu-west-1",
        "recorded": "2026-11-28",
        "result": {"id": "ami-1"},
    }
    return Answer(**{**given, **changed})  # type: ignore[arg-type]


def test_answers_come_back_as_they_were_written(tmp_path: Path) -> None:
    file = answers_file(tmp_path / "Pulumi.dev.yaml")
    other = answer(args={"size": Decimal(3)}, result={"id": "ami-2", "gb": Decimal("1.5")})
    Answers().with_new([answer(), other]).write(file)
    assert file.name == "Pulumi.dev.answers.json"
    read = Answers.read(file)
    assert read.find(AMI, {"mostRecent": True, "owners": ["amazon"]}, "eu-west-1") == {"id": "ami-1"}
    assert read.find(AMI, {"size": Decimal(3)}, "eu-west-1") == {"id": "ami-2", "gb": Decimal("1.5")}


@pytest.mark.parametrize(
    ("token", "args", "region"),
    [
        (AMI, OWNERS, "us-east-1"),
        (AMI, {"owners": ["self"], "mostRecent": True}, "eu-west-1"),
        ("aws:x:y", OWNERS, "eu-west-1"),
    ],
)
def test_an_answer_is_for_its_call_alone(token: str, args: dict[str, Plain], region: str) -> None:
    assert Answers().with_new([answer()]).find(token, args, region) is None


def test_a_newer_answer_takes_the_place_of_an_older_one() -> None:
    newer = answer(result={"id": "ami-9"}, recorded="2026-12-01")
    assert Answers().with_new([answer()]).with_new([newer]).find(AMI, OWNERS, "eu-west-1") == {"id": "ami-9"}


def test_no_file_is_no_answer(tmp_path: Path) -> None:
    assert Answers.read(tmp_path / "none.json").known == {}


ENTRY: dict[str, object] = {"dataSource": AMI, "args": {}, "region": None, "recorded": "2026-11-28", "result": {}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not JSON"),
        ("[]", "expected a mapping"),
        (json.dumps({"version": 2, "answers": []}), "version: Decimal('2'); accepted: 1"),
        (json.dumps({"version": 1, "answers": [{**ENTRY, "more": 1}]}), "answers[0].more: unknown key"),
        (json.dumps({"version": 1, "answers": [{**ENTRY, "args": 1}]}), "answers[0].args"),
        (json.dumps({"version": 1, "answers": [{**ENTRY, "result": []}]}), "answers[0].result"),
        (json.dumps({"version": 1, "answers": [{**ENTRY, "recorded": "today"}]}), "answers[0].recorded"),
        (json.dumps({"version": 1, "answers": [{**ENTRY, "region": "EU"}]}), "answers[0].region"),
    ],
)
def test_a_malformed_file_is_refused(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "Pulumi.dev.answers.json"
    file.write_text(content)
    with pytest.raises(ProjectError, match=r"answers\.json") as caught:
        Answers.read(file)
    assert message in str(caught.value)


def test_a_well_formed_entry_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.answers.json"
    file.write_text(json.dumps({"version": 1, "answers": [ENTRY]}))
    assert Answers.read(file).find(AMI, {}, None) == {}
