"""How a plain check becomes a policy: every failure of a check is a violation, never a way through."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from contract.names import COULD_JUDGE, MONTHLY_BUDGET, RESOURCE_CAP
from policies.adapter import declared, is_left_out, redacted
from policies.environments import terms_of
from policies.memory import MEMORY, Finding
from policies.request import once
from policies.stack import Stack, stack_of
from pricing.environment import Terms
from pricing.errors import PricingError
from pricing.resource import Resource

DOCUMENTATION: Final = "docs/policies.md"
FAILS_CLOSED: Final = frozenset({COULD_JUDGE, MONTHLY_BUDGET, RESOURCE_CAP})
ENVIRONMENT: Final = PolicyConfigSchema(
    properties={
        "environment": {
            "type": "string",
            "default": "",
            "description": "The environment file to judge by; without it the one named like the stack.",
        }
    }
)


@dataclass(frozen=True, kw_only=True)
class About:
    """What a policy says of itself."""

    name: str
    description: str
    remedy: str
    severity: Severity = Severity.HIGH
    level: EnforcementLevel = EnforcementLevel.MANDATORY


ResourceCheck = Callable[[Resource], Iterable[str]]
JudgedCheck = Callable[[Resource, Callable[[], Terms]], Iterable[str]]
StackCheck = Callable[[Stack], Iterable[Finding]]


def resource_policy(about: About, check: ResourceCheck, types: frozenset[str]) -> Policy:
    """A policy over single resources of these types: it blocks before creation during `up` too."""
    return _over_resources(about, lambda resource, _: check(resource), types, None)


def judged_policy(about: About, check: JudgedCheck, types: frozenset[str] | None = None) -> Policy:
    """A policy over single resources that needs the stack's terms, which it gets only if it asks."""
    return _over_resources(about, check, types, ENVIRONMENT)


def _over_resources(
    about: About, check: JudgedCheck, types: frozenset[str] | None, schema: PolicyConfigSchema | None
) -> Policy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if types is not None and args.resource_type not in types:
            return
        if is_left_out(args.urn, args.props):
            return

        def judge() -> Iterable[Finding]:
            resource = once(("declared", args.urn), lambda: declared(args))
            found = check(resource, lambda: terms_of(args.urn, _environment(args.get_config())))
            return [Finding(message, args.urn) for message in found]

        _guarded(about, judge, report)

    return ResourceValidationPolicy(
        name=about.name,
        description=about.description,
        validate=validate,
        enforcement_level=about.level,
        config_schema=schema,
        severity=about.severity,
        remediation_steps=about.remedy,
        url=f"{DOCUMENTATION}#{about.name}",
    )


def _environment(config: Mapping[str, object]) -> str:
    # The engine fills schema defaults; a caller that does not gets the same value from here.
    return str(config.get("environment") or "")


def stack_policy(about: About, check: StackCheck) -> Policy:
    """A policy over the whole stack."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        environment = _environment(args.get_config())
        _guarded(about, lambda: list(check(stack_of(args.resources, environment))), report)

    return StackValidationPolicy(
        name=about.name,
        description=about.description,
        validate=validate,
        enforcement_level=about.level,
        config_schema=ENVIRONMENT,
        severity=about.severity,
        remediation_steps=about.remedy,
        url=f"{DOCUMENTATION}#{about.name}",
    )


def _guarded(about: About, judge: Callable[[], Iterable[Finding]], report: ReportViolation) -> None:
    try:
        findings = judge()
    except PricingError as error:
        MEMORY.fail(redacted(str(error)))
        # Nobody needs the same sentence from each policy: those that guard the money say it.
        findings = [Finding(f"could not judge: {error}")] if about.name in FAILS_CLOSED else []
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        kind = type(error).__name__
        message = f"cost gate could not run: policy {about.name} failed with {kind}; see its standard error"
        MEMORY.fail(message)
        findings = [Finding(message)]
    for finding in findings:
        message = redacted(finding.message)
        level = MEMORY.levels().get(about.name, about.level.value)
        MEMORY.note(about.name, level, Finding(message, finding.urn))
        report(message, finding.urn)
