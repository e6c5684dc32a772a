"""Names that two or more parts use, each in one place: policies, variables, tags, metrics, what things are called.

A name that one part alone uses belongs there. What AWS or Pulumi named keeps its name where it is used.
"""

from __future__ import annotations

from typing import Final

# Policies of which more than the pack speaks: budgets and waivers name them, the gate requires them, reports sort them.
MONTHLY_BUDGET: Final = "monthly-budget"
CAPABILITY_BUDGET: Final = "capability-budget"
RESOURCE_CAP: Final = "resource-cost-cap"
BUDGET_WARNING: Final = "budget-warning"
WAIVERS_VALID: Final = "waivers-valid"
COST_TRAPS: Final = "cost-traps"
EVERY_RESOURCE_PRICED: Final = "every-resource-priced"
ROLE_TRUST: Final = "role-trusts-named"
# The growth over a base, which the gate itself judges.
MAX_INCREASE: Final = "max-increase"
# With it a pack says that it could not judge; its findings are doubts, not refusals.
COULD_JUDGE: Final = "cost-gate-could-judge"
# A pack in which one of these is missing or only advises is not the gate that an environment file counts on.
GATE_POLICIES: Final = frozenset({MONTHLY_BUDGET, CAPABILITY_BUDGET, RESOURCE_CAP, EVERY_RESOURCE_PRICED, COULD_JUDGE})

# Variables by which the preview tells the pack's process where its report goes, and of which run it is.
PACK_REPORT: Final = "IAL_PACK_REPORT"
PACK_RUN: Final = "IAL_RUN_ID"

# The setting with the account, as the stack's file has it.
ACCOUNT_KEY: Final = "ial:accountId"
# What settings and environment files accept, and how that is said.
ACCOUNT: Final = (r"[0-9]{12}", "twelve digits, in quotes")
REGION: Final = (r"[a-z]{2}(-[a-z]+)+-\d", "an AWS region such as us-east-1")

# Tags of whatever a stack makes.
OWNER_TAG: Final = "owner"
ENVIRONMENT_TAG: Final = "environment"
STAGE_TAG: Final = "stage"
MANAGED_BY_TAG: Final = "managed-by"
MANAGED_BY_US: Final = "ial"
# The tag by which the owner of something offers it to experiments, and its value.
OPT_IN: Final = ("chaos:enabled", "true")
# On each experiment of FIS, whose it is.
RUN_OWNER_TAG: Final = "chaos:owner"

# What experiments and drills publish, and the program draws or watches.
DETECTION_METRIC: Final = "DetectionSeconds"
RECOVERY_METRIC: Final = "RecoverySeconds"
RESTORE_METRIC: Final = "RestoreMinutes"
DATA_LOSS_METRIC: Final = "DataLossMinutes"
DRILL_FAILED_METRIC: Final = "RestoreDrillFailed"
SCORE_METRIC: Final = "ResilienceScore"
# Planned runs that were missed, or a suite that failed: one metric, as each costs more than its alarm.
PIPELINE_FAILED_METRIC: Final = "PipelineFailed"
# Those that are there for an alarm alone are priced with it, by the hours in which they are published.
PRICED_WITH_ALARM: Final = frozenset({SCORE_METRIC, PIPELINE_FAILED_METRIC})

# A drill's own items and objects begin so.
SENTINEL_PREFIX: Final = "ial-drill-"
# The run of any drill, where `?` is one character.
ANY_RUN: Final = "????????-??????-????"


def drill_name(source: str, run: str) -> str:
    """What a drill restores beside the original; nobody else's name ends so."""
    return f"{source}-drill-{run}"


# Below it, the configuration bucket has what came of each run; who writes it may write nothing else.
RUNS_PREFIX: Final = "runs/"
# Below it, the configuration bucket has for some days what queries over runs answered.
RESULTS_PREFIX: Final = "query-results/"


def runs_folder(day: str) -> str:
    """Where a month's runs are in the configuration bucket; `day` is its first, or what Athena puts it in for."""
    return f"{RUNS_PREFIX}dt={day}/"


def lone_runs(day: str, stack: str) -> str:
    """Where that month's runs are that have an object of their own: state machines read no object to add a line to it.

    No stack's own object is there, as no stack has a `/` in its name.
    """
    return f"{runs_folder(day)}{stack}/"


def configuration_bucket(environment: str, account: str) -> str:
    """The bucket for copies of configuration and records; bucket names are global, and the account makes it unique."""
    return f"{resource_prefix(environment)}configuration-{account}"


def spending_budget(environment: str) -> str:
    """The AWS Budget of a stack. It counts the whole account, and its name says so."""
    return f"{resource_prefix(environment)}account-monthly"


def resource_prefix(environment: str) -> str:
    """What the physical name of everything in an environment begins with."""
    return f"ial-{environment}-"


def metric_namespace(environment: str) -> str:
    """The namespace of the custom metrics, unless the settings name another."""
    return f"ial/{environment}"


def parameter_path(environment: str, *parts: str) -> str:
    """The path of a log group of the stack's own, and of what it remembers in Parameter Store."""
    return "/".join(("/ial", environment, *parts))
