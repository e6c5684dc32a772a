"""Chaos that is safe to be started by a machine: known to FIS, bounded, opted in, stopped by an alarm, logged."""

from __future__ import annotations

from typing import Final

from pulumi_policy import Policy, Severity

from contract.names import OPT_IN
from policies import chaos_actions, chaos_documents, chaos_reach, chaos_roles, chaos_trust
from policies.edge import About, judged_policy, resource_policy, stack_policy
from policies.experiment import TEMPLATE

SAFETY_LEVER: Final = "aws:fis/safetyLeverState:SafetyLeverState"
_TEMPLATES: Final = frozenset({TEMPLATE})
_ACTIONS_VALID: Final = About(
    name="chaos-actions-valid",
    description="FIS knows every action of an experiment, its target and its parameters.",
    remedy="Correct what the message names; `aws fis get-action` shows what an action takes.",
)
_BOUNDED: Final = About(
    name="chaos-bounded",
    description="Every fault ends by itself within an hour, and its undoing is still watched.",
    remedy="Set a duration known at preview, 60 seconds longer than the document's DurationSeconds.",
    severity=Severity.CRITICAL,
)
_DOCUMENTS: Final = About(
    name="chaos-documents",
    description="Experiments run the stack's own documents or listed ones, which end in time and clean up.",
    remedy="Bound DurationSeconds and every step; add a step that always runs, and patterns to parameters.",
    severity=Severity.CRITICAL,
)
_STOP_CONDITION: Final = About(
    name="chaos-stop-condition",
    description="An alarm stops the experiment.",
    remedy="Set a stop condition on an alarm that tells of harm to users, not on the disturbed metric.",
    severity=Severity.CRITICAL,
)
_OPT_IN: Final = About(
    name="chaos-opt-in",
    description=f"Only what is offered by the tag {'='.join(OPT_IN)}, or by its ARN, is hit.",
    remedy="Add the tag to the target's resourceTags, and to the resources that may suffer.",
    severity=Severity.CRITICAL,
)
_BLAST_RADIUS: Final = About(
    name="chaos-blast-radius",
    description="Few targets are hit in all, only running ones, and hitting none is a failure.",
    remedy="Keep COUNT and PERCENT of all targets in the limits, filter State.Name = running, mode fail.",
)
_LOGGED: Final = About(
    name="chaos-logged",
    description="The experiment leaves a log.",
    remedy="Set logConfiguration to a log group's ARN that ends in `:*`, or to a bucket.",
)
_SAFETY_LEVER: Final = About(
    name="chaos-safety-lever",
    description="The account's safety lever is not managed by Pulumi.",
    remedy="Remove the resource; people pull and release the lever.",
)
_ROLE_TRUST: Final = About(
    name="chaos-role-trust",
    description="FIS takes a role on for experiments of this account only, and nobody else takes it on.",
    remedy="Trust FIS alone; hold aws:SourceAccount and aws:SourceArn to this account in it.",
)
_ROLE_PERMISSIONS: Final = About(
    name="chaos-role-permissions",
    description="An experiment's role is the stack's own, and allows the fault and its undoing alone.",
    remedy="Write an inline policy: named calls on named or tagged resources; no condition on the undoing.",
)


def policies() -> list[Policy]:
    """The policies of this group."""
    return [
        resource_policy(_ACTIONS_VALID, chaos_actions.valid, _TEMPLATES),
        resource_policy(_BOUNDED, chaos_actions.bounded, _TEMPLATES),
        stack_policy(_DOCUMENTS, chaos_documents.own_documents),
        resource_policy(_STOP_CONDITION, chaos_reach.stopped_by_an_alarm, _TEMPLATES),
        resource_policy(_OPT_IN, chaos_reach.opted_in, _TEMPLATES),
        resource_policy(_BLAST_RADIUS, chaos_reach.capped, _TEMPLATES),
        resource_policy(_LOGGED, chaos_reach.logged, _TEMPLATES),
        resource_policy(_SAFETY_LEVER, chaos_reach.lever_left_alone, frozenset({SAFETY_LEVER})),
        judged_policy(_ROLE_TRUST, chaos_trust.trusts_own_experiments, frozenset({chaos_roles.ROLE})),
        stack_policy(_ROLE_PERMISSIONS, chaos_roles.least_privilege),
    ]
