"""Every reason why a drill or a restore must not begin now."""

from __future__ import annotations

from runners.runs.reason import Reason


class DrillReason(Reason):
    """Reasons of drills."""

    COST_UNKNOWN = (
        "cost-unknown",
        "{unknown}, so nobody can say whether the month's {budget} USD suffice",
        "add it with `ial cost refresh-prices`",
    )
    OVER_DRILL_BUDGET = (
        "over-drill-budget",
        "a drill of {kind} {name} costs up to {usd} USD and {taken} of this month's {budget} USD are taken",
        "raise ial:backup drills.monthlyBudget, or wait for next month",
    )
    TABLE_MISSING = (
        "table-missing",
        "table {table} does not exist in {region}",
        "apply the stack again, or take it out of ial:workload",
    )
    DATABASE_MISSING = (
        "database-missing",
        "database {database} does not exist in {region}",
        "take it out of ial:workload, or create it again",
    )
    TABLE_NOT_ACTIVE = "table-not-active", "table {table} is {status}", "wait until it is ACTIVE"
    RECOVERY_OFF = (
        "recovery-off",
        "point-in-time recovery of table {table} is off",
        "apply the stack again, or switch it on",
    )
    NAME_TOO_LONG = (
        "name-too-long",
        "the name of {kind} {name} is too long for what is restored beside it",
        "it cannot be drilled under this name; restore a copy in the console to prove its backups",
    )
    READ_TOO_SLOW = (
        "read-too-slow",
        "reading table {table} {reading}: each scan may take {most}",
        "raise ial:backup drills.readSharePercent, drills.onDemandReadUnits or drills.readMinutes, or drill a smaller "
        "table",
    )
    NO_VERSIONS = (
        "no-versions",
        "bucket {bucket} does not keep versions",
        "apply the stack again, or enable versioning",
    )
    COPIES_HELD_FAST = (
        "copies-held-fast",
        "{fast} in bucket {bucket}, where copies would go that could not be removed again",
        "name another bucket for copies",
    )
    DRILLED_DATABASE_NOT_AVAILABLE = (
        "drilled-database-not-available",
        "database {database} is {status}",
        "wait until it is available",
    )
    NO_AUTOMATED_BACKUPS = (
        "no-automated-backups",
        "database {database} keeps no automated backups",
        "set a retention of a day or more",
    )


class RestoreReason(Reason):
    """Reasons of restores, of what is there; what was asked for in a wrong way is another thing."""

    TABLE_GONE = (
        "table-gone",
        "table {table} does not exist in {region}",
        "a deleted table comes back from its copies: `ial backup verify` lists them, the AWS Backup console restores "
        "one",
    )
    DATABASE_GONE = (
        "database-gone",
        "database {database} does not exist in {region}",
        "a deleted one comes back from a snapshot: `aws rds describe-db-snapshots` lists them",
    )
    NO_POINT_IN_TIME = (
        "no-point-in-time",
        "point-in-time recovery of table {table} is off: no time can be restored",
        "restore a copy instead",
    )
    RECOVERY_JUST_BEGUN = (
        "recovery-just-begun",
        "table {table} has no time yet that can be restored: its recovery has just begun",
        "try again soon",
    )
    OUTSIDE_RECOVERY = (
        "outside-recovery",
        "--at {at} cannot be restored",
        "accepted: {accepted}",
    )
    NAME_TAKEN = "name-taken", "--to {name}: a {kind} of that name exists", "choose another one"
    NOTHING_TO_BRING_BACK = (
        "nothing-to-bring-back",
        "bucket {bucket} does not keep versions, so nothing can be brought back",
        "enable versioning for the next time",
    )
    PREFIX_TAKEN = (
        "prefix-taken",
        "--into {prefix}: bucket {bucket} has objects or versions there",
        "name an unused prefix",
    )
    COPIES_WOULD_STAY = (
        "copies-would-stay",
        "{fast} in bucket {bucket}, so copies beside the originals could not be removed again",
        "read the versions of then themselves, or copy them to another bucket",
    )
