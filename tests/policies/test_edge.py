"""How a check becomes a policy: what it finds is said, and so is that it failed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from pulumi_policy import EnforcementLevel

from contract.redaction import SECRETS
from policies.edge import ENVIRONMENT, FAILS_CLOSED, About, judged_policy, resource_policy, stack_policy
from policies.memory import MEMORY, Finding, Said
from pricing.errors import UsageError
from tests.policies.conftest import Declared, Servicer, local_servicer, urn_of

TOPIC = "aws:sns/topic:Topic"
URN = urn_of(TOPIC, "it")
ABOUT = About(name="some-policy", description="It is so.", remedy="Do it.")


def of_resource(check: Callable[[], Iterable[str]], about: About = ABOUT) -> Servicer:
    return local_servicer([resource_policy(about, lambda _: check(), frozenset({TOPIC}))])


def of_stack(check: Callable[[], Iterable[str]], about: About = ABOUT) -> Servicer:
    return local_servicer(
        [stack_policy(about, lambda stack: (Finding(text, stack.resources[0].urn) for text in check()))]
    )


def failing(error: Exception) -> Callable[[], Iterable[str]]:
    def check() -> Iterable[str]:
        raise error
        yield

    return check


@pytest.mark.parametrize("policy", [of_resource, of_stack])
def test_what_a_check_finds_is_said_and_noted(policy: Callable[..., Servicer]) -> None:
    MEMORY.begin({"some-policy": "advisory", "another": "disabled"})
    found = policy(lambda: ["one", "two"]).all(Declared(TOPIC))
    assert [(said.message, said.urn) for said in found] == [("one", URN), ("two", URN)]
    assert MEMORY.said() == [Said("some-policy", "advisory", Finding(text, URN)) for text in ("one", "two")]
    MEMORY.begin({"another": "disabled"})
    policy(lambda: ["one"]).all(Declared(TOPIC))
    assert MEMORY.said() == [Said("some-policy", "mandatory", Finding("one", URN))]
    assert policy(list).all(Declared(TOPIC)) == []


@pytest.mark.parametrize("policy", [of_resource, of_stack])
def test_what_a_check_finds_has_no_secret(policy: Callable[..., Servicer]) -> None:
    SECRETS.note("hunter2-hunter2")
    try:
        [said] = policy(lambda: ["says hunter2-hunter2"]).all(Declared(TOPIC))
        failed = policy(failing(UsageError("fails on hunter2-hunter2"))).all(Declared(TOPIC))
    finally:
        SECRETS.clear()
    assert said.message == "says [secret]"
    assert MEMORY.said()[0].finding.message == "says [secret]"
    assert (failed, MEMORY.failures()) == ([], ["fails on [secret]"])


@pytest.mark.parametrize("policy", [of_resource, of_stack])
@pytest.mark.parametrize("name", ["some-policy", *sorted(FAILS_CLOSED)])
def test_what_cannot_be_judged_is_said_by_those_that_guard_the_money(
    policy: Callable[..., Servicer], name: str
) -> None:
    about = About(name=name, description=".", remedy=".")
    found = policy(failing(UsageError("no such file")), about).all(Declared(TOPIC))
    assert [said.message for said in found] == ["could not judge: no such file"] * (name in FAILS_CLOSED)
    assert MEMORY.failures() == ["no such file"]


@pytest.mark.parametrize("policy", [of_resource, of_stack])
def test_a_defect_is_never_a_way_through(policy: Callable[..., Servicer], monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = io.StringIO()
    monkeypatch.setattr("sys.stderr", stderr)
    [said] = policy(failing(ZeroDivisionError("by 0"))).all(Declared(TOPIC))
    assert said.message == (
        "cost gate could not run: policy some-policy failed with ZeroDivisionError; see its standard error"
    )
    assert MEMORY.failures() == [said.message]
    assert "ZeroDivisionError: by 0" in stderr.getvalue()


def test_which_resources_are_judged() -> None:
    def seen(types: frozenset[str] | None) -> list[str]:
        held: list[str] = []
        policy = judged_policy(ABOUT, lambda resource, _: held.append(resource.type) or [], types)  # type: ignore[func-returns-value]
        for token in (TOPIC, "aws:sqs/queue:Queue"):
            local_servicer([policy]).resource(Declared(token))
        return held

    assert seen(None) == [TOPIC, "aws:sqs/queue:Queue"]
    assert seen(frozenset({TOPIC})) == [TOPIC]
    assert seen(frozenset()) == []


def test_what_a_policy_says_of_itself() -> None:
    about = About(name="n", description="d", remedy="r", level=EnforcementLevel.ADVISORY)
    made: list[Any] = [
        resource_policy(about, lambda _: [], frozenset()),
        judged_policy(about, lambda *_: []),
        stack_policy(about, lambda _: []),
    ]
    for policy in made:
        told = (policy.name, policy.description, policy.remediation_steps, policy.enforcement_level, policy.url)
        assert told == ("n", "d", "r", EnforcementLevel.ADVISORY, "docs/policies.md#n")
        assert policy.severity is about.severity
    assert [policy.config_schema for policy in made] == [None, ENVIRONMENT, ENVIRONMENT]
    [(name, schema)] = (ENVIRONMENT.properties or {}).items()
    assert (name, sorted(schema), schema["type"], schema["default"]) == (
        "environment",
        ["default", "description", "type"],
        "string",
        "",
    )


@pytest.mark.parametrize(
    ("config", "named"), [({"environment": "other"}, "other"), ({}, "dev"), ({"environment": ""}, "dev")]
)
def test_the_environment_of_the_policy_s_configuration(config: dict[str, str], named: str) -> None:
    asked: list[str] = []

    class Args:
        resource_type, urn, name, props, provider = TOPIC, URN, "it", {"a": "b"}, None
        opts = type("Opts", (), {"parent": "", "protect": False, "aliases": (), "ignore_changes": ()})
        get_config = staticmethod(lambda: config)

    policy: Any = judged_policy(ABOUT, lambda _, terms: [asked.append(terms().environment) or "said"])  # type: ignore[func-returns-value]
    said: list[str] = []
    policy.validate(Args, lambda message, urn: said.append(message))
    assert [*asked, *said] == (["dev", "said"] if named == "dev" else [])
    assert bool(MEMORY.failures()) is (named == "other")
