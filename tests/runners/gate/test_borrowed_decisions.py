"""The program's own code is asked what it would do: what is asked, and what becomes of each kind of answer."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from preview.project import Project
from preview.registration import Registration
from pricing.resource import UNKNOWN
from runners.errors import InspectionError
from runners.gate.borrowed_decisions import borrowed, decisions

URN = "urn:pulumi:dev::ial::"
INSIDE = f"{URN}ial:observability:LogGroups$pulumi-python:dynamic/observability:LogRetention::logs"
LINE = '{"resource": "r", "setting": "s", "found": "1", "wanted": "2", "decision": "set", "result": "2", "why": "w"}'


def registration(urn: str = INSIDE, **properties: Any) -> Registration:
    type_token = urn.split("::")[2].rpartition("$")[2]
    return Registration(
        urn=urn,
        type=type_token,
        name=urn.rpartition("::")[2],
        custom=True,
        properties={"__provider": "x", **properties},
    )


def asking(folder: Path, body: str) -> Project:
    """A program whose answer is this code's."""
    module = folder / "components" / "borrowed"
    module.mkdir(parents=True)
    for package in (folder / "components", module):
        (package / "__init__.py").touch()
    (module / "inspect.py").write_text(body)
    main = folder / "__main__.py"
    return Project(name="ial", stack="dev", directory=folder, main=main, interpreter=Path(sys.executable), config={})


def test_what_is_borrowed_and_what_is_a_team_s_own() -> None:
    guard = f"{URN}pulumi-python:dynamic/naming:NameGuard::names"
    own = f"{URN}pulumi-python:dynamic:Resource::theirs"
    topic = f"{URN}ial:observability:Notifications$aws:sns/topic:Topic::topic"
    held = [registration(), registration(guard, account="1", environment="dev"), registration(own), registration(topic)]
    assert borrowed(held) == held[:2]


def test_inputs_and_settings_are_passed_on_as_they_are(tmp_path: Path) -> None:
    line = LINE.replace('"w"', "%s")
    project = asking(
        tmp_path,
        f"import json, os, sys\nasked = json.load(sys.stdin)\n"
        f"said = json.dumps(json.dumps(asked, sort_keys=True) + os.environ['WHO'])\n"
        f"""print('{{"decisions": [' + {line!r} % said + ']}}')""",
    )
    config = {"aws:profile": "shop", "ial:owner": "me"}
    [found] = decisions(project, [registration(days=Decimal(14), rate=Decimal("0.5"))], config, {"WHO": "me"})
    assert found.why == (
        '{"config": {"aws:profile": "shop"}, "settings": [{"props": {"days": 14, "rate": 0.5}, '
        '"type": "pulumi-python:dynamic/observability:LogRetention"}]}me'
    )


def test_what_has_no_name_yet_is_unknown_and_not_asked_for(tmp_path: Path) -> None:
    project = asking(tmp_path, "raise SystemExit('asked')")
    [found] = decisions(project, [registration(logGroup={"name": [UNKNOWN]})], {}, {})
    assert (found.decision, found.resource, found.setting) == ("unknown", "logs", "LogRetention")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise SystemExit('no such thing')", "no such thing"),
        ("raise SystemExit(3)", "exit code 3"),
        ("print('hello')", "its answer cannot be read"),
        ("""print('{"decisions": [{"decision": "maybe"}]}')""", "its answer cannot be read"),
    ],
)
def test_a_program_that_cannot_say_is_told(tmp_path: Path, body: str, said: str) -> None:
    with pytest.raises(InspectionError, match=f"could not say what it would do to settings of others: {said}"):
        decisions(asking(tmp_path, body), [registration()], {}, {})
