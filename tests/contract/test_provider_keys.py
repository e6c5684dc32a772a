"""The provider's settings are all known here: one that a new version brings must be decided on."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Final

import pulumi_aws
import pytest
from pulumi_aws.config import outputs
from pulumi_aws.config import vars as settings_of_provider

from contract.provider_keys import ENDPOINT_NAMES, FORMER_KEYS, PROVIDER_KEYS, Treatment

ROOT: Final = Path(__file__).resolve().parents[2]
_READ: Final = re.compile(r"__config__\.get\w*\('(\w+)'\)")


def _of_the_provider() -> set[str]:
    return set(_READ.findall(inspect.getsource(settings_of_provider)))


def test_each_setting_of_the_installed_provider_is_decided_on() -> None:
    assert set(PROVIDER_KEYS) == _of_the_provider()
    assert len(PROVIDER_KEYS) > 30


def test_each_argument_of_a_provider_is_decided_on() -> None:
    arguments = set(inspect.signature(pulumi_aws.ProviderArgs).parameters)
    wanted = {re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", key) for key in PROVIDER_KEYS}
    assert arguments == wanted


@pytest.mark.parametrize(
    "key", [key for key, held in PROVIDER_KEYS.items() if held.treatment is not Treatment.HONOURED]
)
def test_what_is_not_honoured_says_why(key: str) -> None:
    assert len(PROVIDER_KEYS[key].why) > 20


def test_former_keys_are_former() -> None:
    assert not set(FORMER_KEYS) & _of_the_provider()


def test_addresses_have_the_provider_s_names() -> None:
    known = {name for name, value in vars(outputs.Endpoints).items() if isinstance(value, property)}
    assert {name for names in ENDPOINT_NAMES.values() for name in names} - known == set()


def test_each_service_that_is_called_can_have_an_address() -> None:
    called = set()
    for folder in ("runners", "components"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "client":
                    called |= {held.value for held in node.args[:1] if isinstance(held, ast.Constant)}
    # The price list and FIS's catalogue belong to no stack.
    assert called - {"pricing"} <= set(ENDPOINT_NAMES)
    assert len(called) > 10


@pytest.mark.parametrize("key", [*PROVIDER_KEYS, *FORMER_KEYS])
def test_the_page_says_what_becomes_of_it(key: str) -> None:
    page = (ROOT / "docs" / "accounts.md").read_text(encoding="utf-8")
    [row] = [line for line in page.splitlines() if line.startswith("| `") and f"`{key}`" in line.split(" | ")[0]]
    wanted = PROVIDER_KEYS[key].treatment if key in PROVIDER_KEYS else Treatment.REFUSED
    assert row.split(" | ")[1].startswith(wanted.value)
