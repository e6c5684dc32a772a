"""Suites with their steps, and rollbacks with their reason and their proof."""

from __future__ import annotations

from collections.abc import Sequence

import htpy as h

from runners.report.charts.figure import Table, numbers
from runners.report.page.section import Section
from runners.report.page.words import badge, facts, held, seconds
from runners.report.suite_model import RollbackSection, SuiteSection, SuiteStep


def suites(sections: Sequence[SuiteSection]) -> Section:
    """A section for each suite, the newest first."""
    body = [] if sections else [h.p["No suite ran in this time."]]
    return Section(title="Suites", body=body, children=[_suite(suite) for suite in sections])


def rollbacks(sections: Sequence[RollbackSection]) -> Section:
    """A section for each rollback, and for each answer that there is none, the newest first."""
    body = [] if sections else [h.p["In this time nobody asked for a version to be taken back."]]
    return Section(title="Rollbacks", body=body, children=[_rollback(rollback) for rollback in sections])


def _suite(suite: SuiteSection) -> Section:
    steps = Table(
        columns=("Step", "Kind", "Became", "Run", "Degraded", "Cost", "Why"),
        rows=[_step(step) for step in suite.steps],
    )
    limit = "" if suite.most_degraded_seconds is None else f" of {seconds(suite.most_degraded_seconds)}"
    nothing = "not looked" if suite.not_shown else "nothing"
    return Section(
        title=f"{suite.suite}, {suite.run}",
        body=[
            badge(suite.verdict),
            _listed(suite.reasons),
            facts(
                [
                    ("Who ran it", suite.operator),
                    ("Degraded", f"{seconds(suite.degraded_seconds)}{limit}"),
                    ("Cost at most", cost_of(suite)),
                    ("Left behind", "; ".join(suite.left) or nothing),
                ]
            ),
            h.p[f"A state machine ran it. Not shown: {', '.join(suite.not_shown)}."] if suite.not_shown else None,
            numbers(steps, f"steps of {suite.run}") if suite.steps else None,
        ],
    )


def cost_of(suite: SuiteSection) -> str:
    """What it cost at most, of what it might."""
    if suite.usd is None:
        return "not known"
    return f"{suite.usd} USD" if suite.most_usd is None else f"{suite.usd} of {suite.most_usd} USD"


def _step(step: SuiteStep) -> tuple[str, ...]:
    degraded = "" if step.degraded_seconds is None else seconds(step.degraded_seconds)
    cost = "" if step.usd is None else f"{step.usd} USD"
    became = (step.verdict or step.status).replace("-", " ")
    return step.id, step.kind, became, step.run or "", degraded, cost, "; ".join(step.reasons)


def _rollback(rollback: RollbackSection) -> Section:
    changes = Table(
        columns=("Of", "Newer", "Older", "Runs", "Newer held until"),
        rows=[
            (change.part, change.newer or "", change.older or "", held(change.arrived), change.held_until or "")
            for change in rollback.changes
        ],
    )
    return Section(
        title=f"after {rollback.experiment}, {rollback.run}",
        body=[
            badge(rollback.verdict),
            _listed(rollback.reasons),
            facts(
                [
                    ("Run that failed", rollback.cause),
                    ("Once more", _said(rollback.re_run)),
                    ("Steady on the older version", "not looked" if rollback.steady is None else held(rollback.steady)),
                    ("Proof, on the older version", _said(rollback.proof)),
                    ("A person was called", "yes" if rollback.paged else "no"),
                    ("All faults were stopped", "yes" if rollback.halted else "no"),
                    ("Left behind", "; ".join(rollback.left) or "nothing"),
                ]
            ),
            numbers(changes, f"versions of {rollback.run}") if rollback.changes else None,
        ],
    )


def _said(verdict: str | None) -> str:
    return "not run" if verdict is None else verdict.replace("-", " ")


def _listed(reasons: Sequence[str]) -> h.Node:
    return h.ul[[h.li[reason] for reason in reasons]] if reasons else None
