"""The real engine where it is installed; where `IAL_REQUIRE_ENGINE` is set it must be, so that no test is skipped."""

from __future__ import annotations

import os
import shutil
from typing import Final

import pytest

# Read before any test forgets the variables of whoever runs it.
REQUIRED: Final = bool(os.environ.get("IAL_REQUIRE_ENGINE"))


def require_engine() -> None:
    """Skips the test by name without the engine, or fails it where the engine must be there."""
    if shutil.which("pulumi") is not None:
        return
    missing = "the `pulumi` command is not on PATH"
    if REQUIRED:
        pytest.fail(f"{missing}, and IAL_REQUIRE_ENGINE asks for it")
    pytest.skip(missing)
