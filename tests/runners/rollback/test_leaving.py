"""A part that somebody else changes is left to them: a refusal while nothing was changed, a failure after."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from runners.rollback.changing import Changing, RollbackFailedError
from runners.rollback.steps import CHANGING
from runners.runs.journal import Entry
from runners.runs.run_kind import RefusedError


def test_before_anything_was_changed_it_is_refused() -> None:
    run: Any = SimpleNamespace(journal=SimpleNamespace(entries=[]))
    changing = Changing.__new__(Changing)
    changing._run = run
    with pytest.raises(RefusedError) as refused:
        changing._leave("somebody deploys web right now")
    [obstacle] = refused.value.obstacles
    assert str(obstacle).startswith("changed-by-another: somebody deploys web right now; ")


@pytest.mark.parametrize(("begun", "error"), [((), RefusedError), (("other",), RollbackFailedError)])
def test_a_part_that_the_stack_has_dropped_meanwhile_is_left_too(
    begun: tuple[str, ...], error: type[Exception]
) -> None:
    entries = [Entry(1, "2026-11-28T00:00:00Z", f"{CHANGING} ecs-service {name}", {}) for name in begun]
    changing = Changing.__new__(Changing)
    changing._run, changing._kinds = SimpleNamespace(journal=SimpleNamespace(entries=entries)), {}  # type: ignore[assignment]
    part = {"kind": "ecs-service", "name": "shop/web"}
    with pytest.raises(error, match="ecs-service shop/web is not watched by the stack any more"):
        changing.carry_out([part], reason="r", operator="o")
