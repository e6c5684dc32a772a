"""The page's table of fault kinds says what the kinds themselves say."""

from __future__ import annotations

import pkgutil
import re

from components.chaos import faults
from components.chaos.fault_kinds import fault_kinds
from tests.docs.test_pages import CONFIGURATION, text


def rows() -> list[tuple[str, str, tuple[str, ...]]]:
    table = text(CONFIGURATION).split("| `fault.kind` |", 1)[1].split("\n\n", 1)[0]
    cells = [re.fullmatch(r"\| `([\w-]+)` \| (.*) \| (.*)\|", line) for line in table.splitlines()[2:]]
    return [(row[1], row[2], tuple(re.findall(r"`(\w+)`", row[3]))) for row in cells if row is not None]


def test_the_table_is_what_the_kinds_say() -> None:
    said = [(kind.name, kind.happens, tuple(kind.settings.keys())) for kind in fault_kinds().values()]
    assert sorted(rows()) == sorted(said)


def test_a_kind_is_one_file_of_its_name() -> None:
    files = {info.name.replace("_", "-") for info in pkgutil.iter_modules(faults.__path__)}
    assert files == set(fault_kinds())
