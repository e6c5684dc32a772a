from __future__ import annotations

import ast
import time
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.__main__ import key, places
from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.killing import is_red
from tests.mutants.mutations import mutants
from tests.mutants.parts import PARTS
from tests.mutants.reach import Reach, joined


def changed(source: str) -> set[str]:
    return {mutant.after for mutant in mutants(ast.parse(source))}


@pytest.mark.parametrize(
    ("source", "after"),
    [
        ("a < b", {"a <= b", "a >= b"}),
        ("a == b", {"a != b"}),
        ("a is None", {"a is not None"}),
        ("a and b", {"a or b", "a", "b"}),
        ("a or b or c", {"a and b and c", "a or b", "a or c", "b or c"}),
        ("not a", {"a"}),
        ("a + b * c", {"a - b * c", "b / c"}),
        ("'a' + b", set()),
        ("f(1, True)", {"pass", "2", "False"}),
        ("x = Decimal('0.10')", {"'1.10'"}),
        ("max(a, b)", {"pass", "min(a, b)", "a", "b"}),
        ("held['key']", {"'key~'"}),
        ("say('words')", {"pass"}),
        ("x = {'key': 'words'}", {"'key~'"}),
        ("x = [a for a in b if a]", {"True"}),
        ("if a: b", {"not a"}),
        ("x += 1", {"pass", "x -= 1", "2"}),
        ("def f():\n    'A docstring.'\n    return a", {"return None"}),
        ("raise Wrong", {"pass"}),
        ("for a in b: continue", {"pass"}),
        ("x: Literal['words'] = a", set()),
        ("import a", set()),
        ("dataclass(frozen=True, order=True)", {"pass", "False"}),
        ("msg = f'{a + b}'", set()),
    ],
)
def test_what_is_changed_and_what_is_left_alone(source: str, after: set[str]) -> None:
    assert changed(source) == after


def test_a_mutant_is_compiled_and_the_tree_is_as_it_was() -> None:
    tree = ast.parse("x = 5 if 2 < 3 else 0")
    found = {mutant.after: value(mutant.compiled(tree, "x.py")) for mutant in mutants(tree)}
    assert found == {"6": 6, "2 <= 3": 5, "2 >= 3": 0, "3": 0, "4": 5, "1": 5}
    assert ast.unparse(tree) == "x = 5 if 2 < 3 else 0"


def value(code: Any) -> Any:
    held: dict[str, Any] = {}
    exec(code, held)
    return held["x"]


def test_tests_of_the_module_s_own_file_are_asked_first() -> None:
    [mutant, *_] = mutants(ast.parse("x = 1"))
    place, other = "/x/pricing/budget.py", "/x/pricing/money.py"
    reach = Reach(
        lines={place: {1: ("t/test_money.py::a", "t/test_budget.py::b"), 2: ("t/test_a.py::c",)}, other: {}}, seconds={}
    )
    assert reach.seers(Path(place), mutant) == ["t/test_budget.py::b", "t/test_money.py::a"]
    assert reach.seers(Path(other), mutant) == []
    in_a_cache = Reach(lines={}, seconds={"t/test_budget.py::b": 0.1, "t/test_money.py::a": 0.1})
    assert in_a_cache.seers(Path(place), mutant) == ["t/test_budget.py::b"]
    every = {"t/test_0.py::d": 0.1, "t/test_a.py::c": 0.2}
    at_import = Reach(lines={place: {1: ("",), 2: ("t/test_a.py::c",)}}, seconds=every)
    assert at_import.seers(Path(place), mutant) == ["t/test_a.py::c", "t/test_0.py::d"]


def test_parts_are_there_and_every_exception_is_of_a_mutant() -> None:
    assert set(EQUIVALENT) <= {key(place) for part in PARTS for place in places(part)}
    assert all(EQUIVALENT.values())


def test_a_jump_is_reached_with_what_decides_it() -> None:
    source = "for a in b:\n    if a:\n        continue\n    c()"
    [jump] = [mutant for mutant in mutants(ast.parse(source)) if mutant.before == "continue"]
    assert jump.around == range(2, 4)


def test_what_was_measured_of_each_file_is_put_together() -> None:
    place = "/x/money.py"
    told = [
        {"seconds": {"t/test_a.py::a": 0.5}, "lines": {place: {"1": [""], "2": ["t/test_a.py::a"]}}},
        {"seconds": {"t/test_b.py::b": 2.0}, "lines": {place: {"2": ["t/test_b.py::b"]}}},
    ]
    assert joined(told) == Reach(
        lines={place: {1: ("",), 2: ("t/test_a.py::a", "t/test_b.py::b")}},
        seconds={"t/test_a.py::a": 0.5, "t/test_b.py::b": 2.0},
    )


def endless() -> int:
    time.sleep(600)
    return 0


# Workers of pytest have a thread that talks; the process that is split off here does nothing that needs it.
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_run_that_is_red_or_has_no_end_is_seen() -> None:
    assert not is_red(lambda: 0, 60)
    assert is_red(lambda: 1, 60)
    assert is_red(endless, 0.05)
