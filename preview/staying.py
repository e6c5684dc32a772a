"""What leaves a program and stays in AWS: it is billed until somebody deletes it, so the budget holds it too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from preview.gate import Verdict
from pricing.budget import Budget, violations
from pricing.estimate import Estimate, Problem
from pricing.resource import Graph, Resource


def told(resource: Resource) -> str:
    """Why it stays, in a sentence."""
    why = "no target names it"
    if resource.protect or resource.retain_on_delete:
        why = "is protected, so an update cannot delete it" if resource.protect else "is retained when it is deleted"
    return f"{resource.name} ({resource.type}) left the program, but {why}: it stays, and its cost is counted"


def with_staying(
    verdict: Verdict, staying: Sequence[Resource], price: Callable[[Graph], Estimate], budget: Budget
) -> Verdict:
    """The verdict on the stack together with what stays; the policy pack has not seen that, so it is judged here."""
    if not staying or verdict.estimate is None:
        return verdict
    graph = Graph([*verdict.graph, *verdict.graph.read, *staying])
    estimate = price(graph)
    before = {problem.message for problem in verdict.estimate.problems}
    new = [problem for problem in estimate.problems if problem.message not in before]
    known = {entry.message for entry in violations(verdict.estimate, budget)}
    over = [
        Problem("stays", entry.urn, f"with what stays in AWS, {entry.message}")
        for entry in violations(estimate, budget)
        if entry.message not in known
    ]
    return replace(verdict.with_problems([*new, *over]), graph=graph, estimate=estimate)
