"""The document of one run of an experiment. `make schemas` makes schemas/chaos-record.schema.json from it.

Times in UTC; null is not known. What later versions added is absent from older records.
"""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from contract.parts import Amount, RecordPart
from contract.version_read import VersionRead
from runners.chaos.judging.verdict import Verdict
from runners.chaos.record.hypothesis_document import EvidenceDocument, HypothesisDocument

AlarmState = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]


class TemplateRun(RecordPart, frozen=True, kw_only=True):
    """The FIS template.

    Attributes:
        id: Its id.
        sha256: Its fingerprint.
    """

    id: str
    sha256: str


class ChaosTimes(RecordPart, frozen=True, kw_only=True):
    """From the plan to the end.

    Attributes:
        planned: When the run was begun.
        locked: When it had the stack's lock.
        started: When FIS was asked for the fault.
        injected: From when on the fault was there, by FIS.
        lifted: Until when it was there.
        verified: Until when was looked.
        ended: When it was over, with its clean-up.
    """

    planned: str | None
    locked: str | None
    started: str | None
    injected: str | None
    lifted: str | None
    verified: str | None
    ended: str | None


class TargetsHit(RecordPart, frozen=True, kw_only=True):
    """What was hit.

    Attributes:
        wanted: How many were to be hit.
        hit: Which were, by FIS; null is not known.
        group: Auto Scaling group that they are of; null without one.
    """

    wanted: int
    hit: tuple[str, ...] | None
    group: str | None


class AlarmChange(RecordPart, frozen=True, kw_only=True):
    """One change of an alarm's state.

    Attributes:
        alarm: Name.
        at: When.
        state: The new one.
    """

    alarm: str
    at: str
    state: AlarmState


class AlertsDocument(RecordPart, frozen=True, kw_only=True):
    """Alarms by what was expected of them.

    Attributes:
        fired: Those that were expected, and rang.
        missed: Those that were expected, and did not ring.
        unexpected: Those that rang, and were not expected.
        excluded: Those that rang when it began, which say nothing.
        precision: Share of those that rang that were expected; null when none rang.
        recall: Share of those that were expected that rang; null when none was.
        changes: Every change of an alarm's state that was seen, the oldest first; records of before lack it.
    """

    fired: tuple[str, ...]
    missed: tuple[str, ...]
    unexpected: tuple[str, ...]
    excluded: tuple[str, ...]
    precision: float | None
    recall: float | None
    changes: tuple[AlarmChange, ...] | UnsetType = UNSET


class ChaosKpis(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """Measures in seconds and shares; null is not known, or did not come about.

    Attributes:
        detected_after_seconds: From the fault to the first alarm that was expected.
        recovered_after_seconds: From the fault until the steady state was back for good.
        degraded_seconds: How long the steady state did not hold.
        ok_ratio: Share of the looks with data that were fine.
        replacement_began_after_seconds: From the fault until the group began to launch the first instance.
        replaced_after_seconds: From the fault until the last instance that the group launched was in service.
    """

    detected_after_seconds: float | None
    recovered_after_seconds: float | None
    degraded_seconds: float | None
    ok_ratio: float | None
    replacement_began_after_seconds: float | None
    replaced_after_seconds: float | None


class FisDocument(RecordPart, frozen=True, kw_only=True):
    """What FIS said at the end.

    Attributes:
        status: Its status; null when it never began.
        reason: Why.
        error: FIS's code of what went wrong; null without one.
        actions: The status of each action.
    """

    status: str | None
    reason: str
    error: str | None
    actions: dict[str, str]


class LaunchDocument(RecordPart, frozen=True, kw_only=True):
    """One instance that was launched.

    Attributes:
        instance: Its id.
        began: When it began.
        done: When it was in service; null when it was not.
    """

    instance: str
    began: str
    done: str | None


class LoadDocument(RecordPart, frozen=True, kw_only=True):
    """What became of the requests of the load.

    Attributes:
        wanted: Requests whose time had come when the load was ended.
        sent: Those of them that got out in time.
        answered: Those of these that the service answered, with whatever status; a redirect is no answer.
        failed: Those that were sent and got no answer with a status 2xx, redirects included.
        redirected: Those that were answered by a redirect, which is not followed.
        unanswered: Those that got to the service and were not answered in time, or not before the load ended.
        p50Ms: Median of the answers' latency in milliseconds; null without answers.
        p95Ms: 95th percentile.
        p99Ms: 99th percentile.
    """

    wanted: int
    sent: int
    answered: int
    failed: int
    redirected: int
    unanswered: int
    p50Ms: float | None
    p95Ms: float | None
    p99Ms: float | None


class VersionsDocument(RecordPart, frozen=True, kw_only=True):
    """What ran before the fault, and at the end as well.

    Attributes:
        commit: Commit of what was deployed, where somebody said it.
        parts: The version of each part of the workload.
    """

    commit: str | None
    parts: tuple[VersionRead, ...]


class ChaosCost(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """At list price, at most.

    Attributes:
        action_minutes: Minutes of actions that FIS bills.
        usd: USD at list price.
    """

    action_minutes: int
    usd: Amount


class ChaosDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """The answer of `ial chaos run --json`, and what the stack's table keeps. Times in UTC; null is not known.

    Attributes:
        version: Version of this document.
        run: Name of the run.
        stack: Stack.
        operator: Who ran it.
        experiment: Name of the experiment.
        kind: Kind of its fault.
        category: What it is about.
        weight: How much it counts in the score.
        template: The FIS template and its fingerprint.
        verdict: How it ended.
        scored: Whether the run says something about the workload.
        reasons: Why it did not pass.
        reason_codes: Codes of the reasons for which it was refused, as docs/preflight.md lists them; records of
            before have none.
        steady_before: Whether the workload was steady before the fault; null is not known. Absent from older records.
        stopped_by: The alarm that stopped the experiment; null without one. Absent from older records.
        exit_code: What the shell was told.
        times: From the plan to the end.
        targets: What was hit.
        hypothesis: What was expected, and what was seen.
        alerts: What the alarms did; null when that is not known.
        kpis: Measures.
        fis: What FIS said at the end.
        evidence: Whether each probe shows that the fault happened.
        launches: What the Auto Scaling group launched from the fault on; null without a group.
        load: What became of the requests of the load; null without one.
        versions: The versions of the workload that the run has tested; null when nobody looked. Absent from older
            records.
        cost: What it cost.
        cleaned: Whether it was confirmed that nothing is left.
        left: What is left.
    """

    version: Literal[1] = 1
    run: str
    stack: str
    operator: str
    experiment: str
    kind: str
    category: str
    weight: str
    template: TemplateRun
    verdict: Verdict
    scored: bool
    reasons: tuple[str, ...]
    reason_codes: tuple[str, ...] | UnsetType = UNSET
    steady_before: bool | UnsetType | None = UNSET
    stopped_by: str | UnsetType | None = UNSET
    exit_code: int
    times: ChaosTimes
    targets: TargetsHit
    hypothesis: HypothesisDocument
    alerts: AlertsDocument | None
    kpis: ChaosKpis
    fis: FisDocument
    evidence: tuple[EvidenceDocument, ...]
    launches: tuple[LaunchDocument, ...] | None
    load: LoadDocument | None
    versions: VersionsDocument | UnsetType | None = UNSET
    cost: ChaosCost
    cleaned: bool
    left: tuple[str, ...]
