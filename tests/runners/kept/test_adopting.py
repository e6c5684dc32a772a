"""The next `up` takes back what is the stack's own, and refuses what is not, before anything is created."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from preview.project import Project
from runners.errors import InputError
from runners.kept.holders import Look
from runners.kept.kept import OTHER, Kept
from runners.wiring.adopting import Adopting
from tests.runners.conftest import ROOT

OURS = {"managed-by": "ial", "environment": "dev"}
TABLE = Kept(kind="table", name="ial-dev-records", environment="dev")
VAULT = Kept(kind="vault", name="ial-dev-vault", environment="dev")


class There:
    """A kind of which this is there."""

    def __init__(self, tags: Mapping[str, Mapping[str, str]]) -> None:
        self._tags = tags
        self.asked: list[str] = []

    def look(self, name: str) -> Look | None:
        self.asked.append(name)
        return Look(tags=self._tags[name]) if name in self._tags else None

    def remove(self, held: Kept) -> str:
        pytest.fail("nothing is deleted here")


def adopting(there: There, adopt: str | None = None) -> Adopting:
    project = Project.load(ROOT, "dev")
    config = {key: value for key, value in project.config.items() if key != "ial:adopt"}
    config |= {"ial:adopt": adopt} if adopt else {}
    return Adopting(project=replace(project, config=config), holders={"table": there, "vault": there})


def test_what_is_there_and_ours_is_taken_back() -> None:
    there = There({TABLE.name: OURS})
    assert adopting(there).names((TABLE, VAULT), ()) == (TABLE.name,)
    assert adopting(there, '["other"]').names((TABLE, VAULT), ()) == ("other", TABLE.name)


def test_what_the_stack_holds_or_the_settings_name_is_not_asked_for() -> None:
    there = There({TABLE.name: OURS, VAULT.name: OURS})
    other = Kept(kind=OTHER, name="versioning")
    assert adopting(there, f'["{VAULT.name}"]').names((TABLE, VAULT, other), (TABLE,)) == ()
    assert there.asked == []


@pytest.mark.parametrize("tags", [{}, {**OURS, "environment": "prod"}, {"environment": "dev"}])
def test_what_is_another_s_is_refused(tags: dict[str, str]) -> None:
    with pytest.raises(InputError, match=r"table ial-dev-records exists and is not this stack's.*nothing was created"):
        adopting(There({TABLE.name: tags})).names((TABLE,), ())


def test_where_nothing_is_there_nothing_changes() -> None:
    assert adopting(There({})).names((TABLE, VAULT), ()) == ()
