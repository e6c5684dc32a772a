"""Why a suite does not begin."""

from __future__ import annotations

from runners.runs.reason import Reason


class SuiteReason(Reason):
    """Reasons of suites, which are worked out as one plan."""

    PLAN_REFUSED = "plan-refused", "{why}", "`ial suite plan` shows all of it"
