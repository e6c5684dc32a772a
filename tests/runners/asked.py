"""What a command asked AWS, by the lines that the production adapters log of each call."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from tests.runners.conftest import Ran

# With these options the command logs its calls on stderr.
LOGGED: Final = ("--log-level", "info")
_ANSWERED: Final = re.compile(r"info +([a-z0-9]+:\w+)(?: on (.+))?: \d{3} in \d+ ms")


def calls(ran: Ran) -> Counter[tuple[str, str]]:
    """Operations with what they are about, as the log tells them."""
    found = Counter((held[1], held[2] or "") for held in _ANSWERED.finditer(ran.err))
    assert ran.code == 0, ran.err
    assert found, ran.err
    return found
