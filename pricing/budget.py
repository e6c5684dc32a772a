"""What a month may cost: the budget of an environment, the caps of the plan's stages, and who breaks them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Final, Literal

from contract.names import (
    BUDGET_WARNING,
    CAPABILITY_BUDGET,
    COST_TRAPS,
    MONTHLY_BUDGET,
    RESOURCE_CAP,
    ROLE_TRUST,
    WAIVERS_VALID,
)
from pricing.estimate import Estimate, ResourceCost
from pricing.money import rounded_to
from pricing.quantity import Quantity
from pricing.usage import LAST_STAGE

Case = Literal["minimum", "expected", "maximum"]
CASES: Final[tuple[Case, ...]] = ("minimum", "expected", "maximum")
LONGEST_WAIVER_DAYS: Final = 366
# What a waiver of these lets through has no price.
WITHOUT_AMOUNT: Final = (ROLE_TRUST,)
WAIVABLE: Final = (MONTHLY_BUDGET, CAPABILITY_BUDGET, RESOURCE_CAP, COST_TRAPS, *WITHOUT_AMOUNT)
WHOLE_STACK: Final = "stack"
_NAMED_OFFENDERS: Final = 3
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """A limit that may be exceeded by so many USD a month, in one place, until a day, with a reason and an owner.

    `max_amount` is None where the policy is not about money.
    """

    id: str
    policy: str
    scope: str
    max_amount: Decimal | None
    reason: str
    owner: str
    expires: date

    def covers(self, policy: str, scope: str, today: date) -> bool:
        """Whether it applies there today."""
        return (self.policy, self.scope) == (policy, scope) and not self.fault(today)

    def fault(self, today: date) -> str | None:
        """Why it does not count; None if it counts."""
        if self.expires < today:
            return f"waiver {self.id!r} of {self.owner} expired on {self.expires}; remove or renew it"
        if self.expires > today + timedelta(days=LONGEST_WAIVER_DAYS):
            return (
                f"waiver {self.id!r} of {self.owner} runs until {self.expires}; "
                f"choose a day within {LONGEST_WAIVER_DAYS} days"
            )
        return None


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What one environment may cost at one stage, in USD a month at list price, judged at `case`.

    `monthly` is the whole at the furthest stage that the environment allows, `full_stage`. `additions` say what each
    stage from the first on adds to it, or saves; a stack that is not that far has not what the later ones add.
    """

    monthly: Decimal
    caps: Mapping[str, Decimal] = field(default_factory=dict)
    resource_cap: Decimal
    warn_at: Decimal = Decimal("0.8")
    case: Case = "maximum"
    stage: int = LAST_STAGE
    full_stage: int = LAST_STAGE
    additions: tuple[Decimal, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    file: str = "the environment file"

    def amount(self, cost: Quantity) -> Decimal:
        """The case of a cost that is judged."""
        return {"minimum": cost.minimum, "expected": cost.expected, "maximum": cost.maximum}[self.case]

    @property
    def total(self) -> Decimal:
        """What the environment's budget leaves at the stack's stage."""
        later = self.additions[self.stage : self.full_stage]
        return max(Decimal(0), self.monthly - sum(later, Decimal(0)))

    def waived(self, policy: str, scope: str, today: date) -> Decimal:
        """By how much the limit of this policy may be exceeded in this place."""
        given = (w.max_amount for w in self.waivers if w.covers(policy, scope, today))
        return sum((amount for amount in given if amount is not None), Decimal(0))

    def is_waived(self, policy: str, scope: str, today: date) -> bool:
        """Whether a policy that is not about money lets this place be."""
        return any(waiver.covers(policy, scope, today) for waiver in self.waivers)

    def limit(self, scope: str, today: date) -> Decimal | None:
        """The limit of the whole stack (`stack`) or of a capability with waivers; None without one."""
        if scope == WHOLE_STACK:
            return self.total + self.waived(MONTHLY_BUDGET, WHOLE_STACK, today)
        cap = self.caps.get(scope)
        return None if cap is None else cap + self.waived(CAPABILITY_BUDGET, scope, today)

    def resource_limit(self, name: str, today: date) -> Decimal:
        """The most that one resource may cost."""
        return self.resource_cap + self.waived(RESOURCE_CAP, name, today)


@dataclass(frozen=True)
class Violation:
    """One offender: the policy it breaks, one sentence, and the resource if it is one."""

    policy: str
    message: str
    urn: str | None = None


def violations(estimate: Estimate, budget: Budget) -> list[Violation]:
    """Everything that exceeds its limit, the whole first."""
    return [
        *_waiver_faults(budget, estimate.as_of),
        *_total(estimate, budget),
        *_capabilities(estimate, budget),
        *_resources(estimate, budget),
    ]


def warnings(estimate: Estimate, budget: Budget) -> list[Violation]:
    """What is still within its limit, but has used so much of it that somebody should look."""
    found: list[Violation] = []
    for scope, cost in _scopes(estimate).items():
        limit, amount = budget.limit(scope, estimate.as_of), budget.amount(cost)
        if limit is None or not limit * budget.warn_at <= amount <= limit or amount == 0:
            continue
        share = f"{amount / limit:.0%}"
        text = f"{_named(scope)} costs {usd(amount)} a month, {share} of the {usd(limit)} allowed; plan before adding"
        found.append(Violation(BUDGET_WARNING, text))
    return found


def usd(amount: Decimal) -> str:
    """An amount for people: rounded up to the cent, so that nothing over a limit looks equal to it."""
    return f"{rounded_to(_CENT, amount, ROUND_CEILING)} USD"


def _scopes(estimate: Estimate) -> dict[str, Quantity]:
    return {WHOLE_STACK: estimate.total, **estimate.by_capability()}


def _named(scope: str) -> str:
    return "the stack" if scope == WHOLE_STACK else f"capability {scope}"


def _waiver_faults(budget: Budget, today: date) -> Iterator[Violation]:
    for waiver in budget.waivers:
        if fault := waiver.fault(today):
            yield Violation(WAIVERS_VALID, f"{fault} (in {budget.file})")


def _total(estimate: Estimate, budget: Budget) -> Iterator[Violation]:
    amount = budget.amount(estimate.total)
    limit = budget.limit(WHOLE_STACK, estimate.as_of)
    assert limit is not None
    if amount <= limit:
        return
    at = f" at stage {budget.stage}" if budget.total != budget.monthly else ""
    whose = f"{budget.file} allows{at}"
    yield Violation(MONTHLY_BUDGET, _over("the stack", amount, limit, whose, estimate.resources, budget.amount))


def _capabilities(estimate: Estimate, budget: Budget) -> Iterator[Violation]:
    for name, cost in estimate.by_capability().items():
        amount, limit = budget.amount(cost), budget.limit(name, estimate.as_of)
        if limit is None:
            if amount > 0:
                text = f"capability {name} costs {usd(amount)} a month and has no cap; add budget.caps.{name} to"
                yield Violation(CAPABILITY_BUDGET, f"{text} {budget.file}, or remove its resources")
        elif amount > limit:
            members = [entry for entry in estimate.resources if entry.resource.capability == name]
            text = _over(f"capability {name}", amount, limit, "its cap allows", members, budget.amount)
            yield Violation(CAPABILITY_BUDGET, text)


def _resources(estimate: Estimate, budget: Budget) -> Iterator[Violation]:
    for entry in estimate.resources:
        if text := over_resource_cap(entry, budget, estimate.as_of):
            yield Violation(RESOURCE_CAP, text, entry.resource.urn)


def over_resource_cap(entry: ResourceCost, budget: Budget, today: date) -> str | None:
    """The sentence for a resource that alone costs more than one may; None if it does not."""
    name, amount = entry.resource.name, budget.amount(entry.cost)
    limit = budget.resource_limit(name, today)
    if amount <= limit:
        return None
    return (
        f"{name} ({entry.resource.type}) costs {usd(amount)} a month and one resource may cost {usd(limit)}; "
        f"choose something smaller, or have budget.resourceCap raised in {budget.file}"
    )


def _over(
    what: str,
    amount: Decimal,
    limit: Decimal,
    whose: str,
    entries: Iterable[ResourceCost],
    judged: Callable[[Quantity], Decimal],
) -> str:
    # By name where the cost is equal: the order of registration differs from run to run.
    costs = sorted(
        ((judged(entry.cost), entry.resource.name) for entry in entries), key=lambda pair: (-pair[0], pair[1])
    )
    dearest = ", ".join(f"{name} {usd(cost)}" for cost, name in costs[:_NAMED_OFFENDERS] if cost > 0)
    return (
        f"{what} costs {usd(amount)} a month, {usd(amount - limit)} more than the {usd(limit)} that {whose}; "
        f"remove or shrink resources, the dearest being {dearest}"
    )
