"""Resilience Hub: every assessed application or service costs as much as the rest of this add-on together."""

from __future__ import annotations

from collections.abc import Iterator

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.registry import UsageKey, free, priced

_PAGE = "https://aws.amazon.com/resilience-hub/pricing/"


@priced("aws:resiliencehub/app:App", "aws-native:resiliencehub:App")
def application(b: Billing) -> Iterator[LineItem]:
    """An application-month, from the first assessment."""
    yield b.item("Resilience Hub application", "resiliencehub.application", 1, "1 application")


@priced("aws:resiliencehub/v2Service:V2Service")
def service(b: Billing) -> Iterator[LineItem]:
    """A service-month, and more for the assessment of its dependencies."""
    yield b.item("Resilience Hub service", "resiliencehub.service", 1, "1 service")
    if b.text("dependencyDiscovery", "DISABLED", unknown="ENABLED") != "DISABLED":
        yield b.item("Dependency assessment", "resiliencehub.dependency_assessment", 1, "1 service")


@priced(
    "aws:resiliencehub/resiliencyPolicy:ResiliencyPolicy",
    usage=[UsageKey(name="applications", unit="applications", meaning="applications assessed under the policy")],
    by_usage=True,
)
def resiliency_policy(b: Billing) -> Iterator[LineItem]:
    """A policy exists for the applications assessed under it, which are made outside the program."""
    yield b.usage_item("Resilience Hub applications", "resiliencehub.application", "applications")


free(
    "aws:resiliencehub/v2Assertion:V2Assertion",
    "aws:resiliencehub/v2InputSource:V2InputSource",
    "aws:resiliencehub/v2Policy:V2Policy",
    "aws:resiliencehub/v2ServiceFunction:V2ServiceFunction",
    "aws:resiliencehub/v2System:V2System",
    "aws:resiliencehub/v2UserJourney:V2UserJourney",
    why="part of the description of a service, which is billed by the month",
    source=_PAGE,
)
