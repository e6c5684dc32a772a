from __future__ import annotations

import pytest

from contract.targets import VARIABLE, Targets

A = "urn:pulumi:dev::p::ial:x:Y$aws:sns/topic:Topic::a"


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        (A, True),
        ("**::a", True),
        ("urn:pulumi:*::p::**Topic::*", True),
        ("**::b", False),
        ("urn:pulumi:dev::p::*::a", False),
        ("**Topic::.", False),
        ("a", False),
    ],
)
def test_patterns_are_read_as_pulumi_reads_them(pattern: str, named: bool) -> None:
    assert Targets((pattern,)).names(A) is named


def test_providers_and_the_stack_always_belong_to_it_and_without_targets_all() -> None:
    some = Targets(("**::b",))
    assert some.names("urn:pulumi:dev::p::pulumi:providers:aws::default_7")
    assert some.names("urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev")
    assert Targets().names(A)


def test_another_process_is_told_the_same() -> None:
    some = Targets((A, "**::b"))
    assert Targets.told(some.environment()).patterns == some.patterns
    assert not Targets.told(Targets().environment())
    assert Targets().environment() == {VARIABLE: ""}
