"""The verdict on a stack: within budget, refused, or could not be judged. Whatever is in doubt is never `within`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from contract.names import COULD_JUDGE, MONTHLY_BUDGET
from preview.findings import PackVerdict, PolicyFinding
from pricing.estimate import UNJUDGED, Estimate, Problem
from pricing.quantity import Quantity
from pricing.resource import Graph

# A pack in which one of these cannot refuse is not this gate's pack.
REQUIRED_POLICIES: Final = frozenset({MONTHLY_BUDGET})
_MOST_NAMED: Final = 5
# The SDK's own words for a policy that met an unknown value; the pack knows nothing of it.
_COULD_NOT_RUN: Final = "can't run policy '"


class Status(StrEnum):
    """What is said of a stack as a whole."""

    WITHIN = "within"
    REFUSED = "refused"
    COULD_NOT_JUDGE = "could-not-judge"

    @property
    def exit_code(self) -> int:
        """0 within budget, 1 refused, 2 could not judge."""
        return {Status.WITHIN: 0, Status.REFUSED: 1, Status.COULD_NOT_JUDGE: 2}[self]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The verdict with all that led to it.

    `doubts` say why the stack could not be judged, `findings` are the pack's, `problems` those that refuse the stack
    and that no finding names.
    """

    status: Status
    graph: Graph
    estimate: Estimate | None = None
    pack: PackVerdict | None = None
    doubts: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    engine: str = "local"

    @property
    def exit_code(self) -> int:
        """The exit code of the command."""
        return self.status.exit_code

    @property
    def findings(self) -> tuple[PolicyFinding, ...]:
        """What the pack said, mandatory findings first."""
        found = self.pack.findings if self.pack else ()
        return tuple(sorted(found, key=lambda finding: finding.level != "mandatory"))

    @property
    def refusals(self) -> tuple[str, ...]:
        """One sentence per offender."""
        return tuple(
            dict.fromkeys(
                [finding.message for finding in self.findings if finding.level == "mandatory"]
                + [problem.message for problem in self.problems]
            )
        )

    def with_problems(self, problems: Iterable[Problem]) -> Verdict:
        """The verdict once more was found: what nobody can know makes a doubt, everything else refuses."""
        found = list(problems)
        if not found:
            return self
        doubts = [problem.message for problem in found if problem.code in UNJUDGED]
        refused = Status.REFUSED if self.status is Status.WITHIN else self.status
        return replace(
            self,
            status=Status.COULD_NOT_JUDGE if doubts else refused,
            doubts=(*self.doubts, *doubts),
            problems=(*self.problems, *(problem for problem in found if problem.code not in UNJUDGED)),
        )


def decide(
    graph: Graph,
    estimate: Estimate,
    pack: PackVerdict,
    *,
    run_id: str,
    engine: str = "local",
    required: frozenset[str] = REQUIRED_POLICIES,
    unresolved: Iterable[str] = (),
) -> Verdict:
    """Judges a stack by its own estimate, the pack's findings and the pack's report, which must agree.

    A program without cloud resources costs nothing, unless there is something `unresolved` that may hold some.
    """
    doubts = [
        *_empty(graph, unresolved),
        *(problem.message for problem in estimate.problems if problem.code in UNJUDGED),
        *_toothless(pack, required),
        *(f"policy {finding.policy} could not judge: {finding.message}" for finding in pack.unjudged),
        *(finding.message for finding in pack.findings if _says_could_not_judge(finding)),
        *_disagreement(estimate.total, pack.report, run_id),
        *_differing(graph, pack.report),
        *_other_levels(pack),
        *_unheard(pack, exactly=engine == "local"),
    ]
    problems = tuple(problem for problem in estimate.problems if problem.code not in UNJUDGED)
    refused = bool(problems) or any(finding.level == "mandatory" for finding in pack.findings)
    status = Status.COULD_NOT_JUDGE if doubts else Status.REFUSED if refused else Status.WITHIN
    named = {finding.urn for finding in pack.findings if finding.level == "mandatory"}
    return Verdict(
        status=status,
        graph=graph,
        estimate=estimate,
        pack=pack,
        doubts=tuple(dict.fromkeys(doubts)),
        problems=tuple(problem for problem in problems if problem.urn not in named),
        engine=engine,
    )


def _says_could_not_judge(finding: PolicyFinding) -> bool:
    return finding.policy == COULD_JUDGE and finding.level == "mandatory"


def _empty(graph: Graph, unresolved: Iterable[str]) -> Iterable[str]:
    if not any(resource.is_cloud for resource in graph):
        for text in unresolved:
            yield f"no cloud resource is registered, and that may not be all: {text}"


def _toothless(pack: PackVerdict, required: frozenset[str]) -> Iterable[str]:
    for name in sorted(required):
        level = pack.policies.get(name)
        if level not in ("mandatory", "remediate"):
            how = f"is {level} there" if level else "is missing there"
            yield f"policy pack {pack.name!r} cannot refuse: policy {name} {how}, and must be mandatory"


def _disagreement(total: Quantity, report: Mapping[str, object] | None, run_id: str) -> Iterable[str]:
    if report is None:
        yield "the policy pack wrote no report, so its total cannot be checked"
        return
    if report.get("run_id") != run_id:
        yield f"the policy pack's report is of another run ({report.get('run_id')!r}, not {run_id!r})"
        return
    theirs = _total(report.get("total"))
    if theirs is None:
        yield f"the policy pack's report has no total: {report.get('total')!r}"
    elif theirs != (total if isinstance(theirs, Quantity) else total.maximum):
        ours = f"{total.minimum} to {total.maximum}"
        yield f"the policy pack's total is {report.get('total')}, this estimate's is {ours}: they must be equal"


def _differing(graph: Graph, report: Mapping[str, object] | None) -> Iterable[str]:
    """Names what only one of the two saw: equal totals may hide that. A pack of others need not say what it saw."""
    seen = report.get("cloud") if report else None
    if not isinstance(seen, list):
        return
    ours, theirs = {resource.urn for resource in graph if resource.is_cloud}, set(seen)
    for urns, who in ((ours - theirs, "the policy pack did not see"), (theirs - ours, "only the policy pack saw")):
        if urns:
            shown = ", ".join(sorted(urns)[:_MOST_NAMED])
            more = f" and {len(urns) - _MOST_NAMED} more" if len(urns) > _MOST_NAMED else ""
            yield f"{who} {shown}{more}: the graph is not complete"


def _other_levels(pack: PackVerdict) -> Iterable[str]:
    """Levels that somebody else gave the pack. A pack of others need not say its levels."""
    given = pack.report.get("levels") if pack.report else None
    if not isinstance(given, Mapping):
        return
    for name, level in pack.policies.items():
        if name in given and given[name] != level:
            yield f"policy {name} ran as {given[name]}, and is {level} in the pack: somebody changed its level"


def _unheard(pack: PackVerdict, *, exactly: bool) -> Iterable[str]:
    """What the pack reports and nobody heard, and what was heard and is not in its report.

    The real engine rewrites texts and places, so only policy and level are compared there.
    """
    listed = pack.report.get("violations") if pack.report else None
    if not isinstance(listed, list):
        return
    reported = {_key(entry, exactly=exactly): str(entry["policy"]) for entry in listed if isinstance(entry, Mapping)}
    heard = {
        _key(vars(finding), exactly=exactly): finding.policy
        for finding in (*pack.findings, *pack.unjudged)
        # It reports before it speaks itself.
        if finding.policy != COULD_JUDGE and not finding.message.startswith(_COULD_NOT_RUN)
    }
    for missing, how in (
        (reported.keys() - heard.keys(), "are in the policy pack's report and did not arrive"),
        (heard.keys() - reported.keys(), "arrived and are not in the policy pack's report"),
    ):
        policies = sorted({(reported | heard)[key] for key in missing})
        if policies:
            yield f"findings of {', '.join(policies)} {how}"


def _key(entry: Mapping[str, object], *, exactly: bool) -> tuple[object, ...]:
    told = (entry.get("policy"), entry.get("level"))
    return (*told, entry.get("urn") or None, str(entry.get("message")).strip()) if exactly else told


def _total(value: object) -> Quantity | Decimal | None:
    try:
        if isinstance(value, Mapping):
            return Quantity(*(Decimal(str(value[case])) for case in ("minimum", "expected", "maximum")))
        return Decimal(str(value))
    except (InvalidOperation, KeyError, ValueError):
        return None
