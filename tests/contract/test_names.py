from __future__ import annotations

from typing import Final

from contract import borrowed_types, names, schedule_tag
from contract.names import GATE_POLICIES, MAX_INCREASE, drill_name, metric_namespace, parameter_path, resource_prefix
from policies.pack import policies
from pricing.budget import WAIVABLE
from pricing.dynamic_code import known_code
from tests.sources import PACKAGES, ROOT

USERS: Final = tuple(name for name in PACKAGES if name != "contract")
# Words of every day, which stand for many things.
COMMON: Final = {"owner", "environment", "stage", "ial"}


def named(module: object) -> dict[str, str]:
    return {key: value for key, value in vars(module).items() if key.isupper() and isinstance(value, str)}


def test_a_name_stands_in_one_place() -> None:
    """A literal of a name that has a constant drifts from it."""
    values = {*named(names).values(), *named(borrowed_types).values(), schedule_tag.TAG, names.OPT_IN[0]} - COMMON
    literals = {f'"{value}"' for value in values}
    again = {
        f"{path.relative_to(ROOT)}: {literal}"
        for user in USERS
        for path in (ROOT / user).rglob("*.py")
        for text in [path.read_text(encoding="utf-8")]
        for literal in literals
        if literal in text
    }
    assert again == set()


def test_each_policy_that_has_a_name_is_in_the_pack() -> None:
    held = {policy.name for policy in policies()}
    assert held >= GATE_POLICIES
    assert held >= {*WAIVABLE, names.BUDGET_WARNING, names.WAIVERS_VALID}
    # The gate judges it, as no pack knows the base.
    assert MAX_INCREASE not in held


def test_borrowed_types_are_those_that_the_program_declares() -> None:
    assert set(known_code()) == {*named(borrowed_types).values()} - {borrowed_types.DYNAMIC}


def test_what_applied_stacks_are_called_stays_the_same() -> None:
    assert resource_prefix("dev") == "ial-dev-"
    assert metric_namespace("dev") == "ial/dev"
    assert parameter_path("dev", "borrowed", "x") == "/ial/dev/borrowed/x"
    assert drill_name("orders", "20261128-120000-ab12") == "orders-drill-20261128-120000-ab12"
