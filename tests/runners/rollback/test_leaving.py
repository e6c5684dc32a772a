"""A part that somebody else changes is left to them: a refusal while nothing was changed, a failure after."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from runners.rollback.changing import Changing
from runners.runs.run_kind import RefusedError


def test_before_anything_was_changed_it_is_refused() -> None:
    run: Any = SimpleNamespace(journal=SimpleNamespace(entries=[]))
    changing = Changing.__new__(Changing)
    changing._run = run
    with pytest.raises(RefusedError) as refused:
        changing._leave("somebody deploys web right now")
    [obstacle] = refused.value.obstacles
    assert str(obstacle).startswith("changed-by-another: somebody deploys web right now; ")
