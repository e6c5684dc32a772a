"""The shape of a preview report: what `schemas/preview-report.schema.json` describes."""

from __future__ import annotations

from typing import Final, NotRequired, Protocol, TypedDict

from pricing.budget import Case
from pricing.delta_report import DeltaDocument
from pricing.report import EstimateDocument

VERSION: Final = 1
MANDATORY: Final = "mandatory"


class Finding(Protocol):
    """What a policy reported: the fields that a report needs."""

    @property
    def policy(self) -> str: ...  # noqa: D102

    @property
    def level(self) -> str: ...  # noqa: D102

    @property
    def message(self) -> str: ...  # noqa: D102

    @property
    def urn(self) -> str | None: ...  # noqa: D102


class FindingDocument(TypedDict):
    """One violation of one policy."""

    policy: str
    level: str
    message: str
    urn: str | None


class IncreaseDocument(TypedDict):
    """The most that one change may add to the month."""

    amount: str | None
    percent: str | None


class BudgetDocument(TypedDict):
    """The limits that were judged. `case` names the case of the estimate that was compared with them."""

    monthly: str
    caps: dict[str, str]
    resourceCap: str | None
    warnAt: str
    case: Case
    maxIncrease: IncreaseDocument | None


class ShareDocument(TypedDict):
    """A capability against its cap, in the case that was judged. Shares are fractions of one."""

    name: str
    monthlyCost: str
    judgedCost: str
    cap: str | None
    shareOfCap: str | None
    shareOfBudget: str | None


class WaiverDocument(TypedDict):
    """A waiver in force: the limits of the report include it."""

    id: str
    policy: str
    scope: str
    maxAmount: str | None
    reason: str
    owner: str
    expires: str


class OccasionDocument(TypedDict):
    """What was judged, by which engine, in which run; a report of an earlier version has no `policyDescriptions`."""

    engine: str
    program: str
    stack: str
    environment: str | None
    environmentFile: str | None
    stage: int | None
    runId: str
    asOf: str
    commit: str | None
    policies: list[str]
    policyDescriptions: NotRequired[dict[str, str]]


class SumsDocument(TypedDict):
    """The amounts, and the limits that they were held against."""

    budget: BudgetDocument | None
    total: ShareDocument | None
    capabilities: list[ShareDocument]


class PreviewReport(OccasionDocument, SumsDocument):
    """The whole report."""

    version: int
    verdict: str
    exitCode: int
    headline: str
    findings: list[FindingDocument]
    waivers: list[WaiverDocument]
    errors: list[str]
    notes: list[str]
    changes: dict[str, int] | None
    estimate: EstimateDocument | None
    delta: DeltaDocument | None
