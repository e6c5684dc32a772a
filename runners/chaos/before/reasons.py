"""Every reason why an experiment must not start now, or may page somebody."""

from __future__ import annotations

from runners.runs.reason import READ_AGAIN, Reason, Weight

_WARNS, _OF_DESIGN = Weight.WARNS, Weight.WARNS_IN_PLANS


class ChaosReason(Reason):
    """Reasons of experiments, in the order in which they are looked at; of single kinds of faults at the end."""

    LEVER_UNKNOWN = "lever-unknown", "FIS's safety lever could not be read", READ_AGAIN
    LEVER_ENGAGED = (
        "lever-engaged",
        "FIS's safety lever is engaged; somebody pulled it",
        "ask before releasing it",
    )
    HALT_UNKNOWN = "halt-unknown", "whether chaos is halted could not be read", READ_AGAIN
    HALTED = "halted", "{who} halted chaos {when}: {why}", "`{release}` ends that"
    ACTIVE_UNKNOWN = "active-unknown", "the list of FIS's experiments could not be read", READ_AGAIN
    ALREADY_ACTIVE = (
        "already-active",
        "an experiment of this stack runs: {experiments}",
        "wait for its end, or stop it with `ial chaos halt`",
    )
    QUOTA = "quota", "{running} experiments run in the account; FIS allows {most}", "wait until one of them has ended"
    CLOCK_UNKNOWN = "clock-unknown", "AWS's time, by which a run is measured, could not be read", READ_AGAIN
    CLOCK_OFF = (
        "clock-off",
        "this machine says {here}, AWS said {cloud}: {apart} s apart, at most {most} s are accepted",
        "set this machine's clock, or times of recovery would be wrong",
    )

    NO_STOP_ALARM = "no-stop-alarm", "no alarm would stop it", "give the experiment stop alarms and apply it again"
    ALARM_UNKNOWN = "alarm-unknown", "stop alarm {alarm} could not be read", READ_AGAIN
    ALARM_MISSING = "alarm-missing", "stop alarm {alarm} does not exist", "apply the stack again"
    ALARM_NOT_OK = (
        "alarm-not-ok",
        "stop alarm {alarm} is {state}: it would stop the experiment at once",
        "wait until it is OK, or solve what it tells of",
    )
    ALARM_BLIND = (
        "alarm-blind",
        "stop alarm {alarm} has data for {seen} of the last {wanted} periods",
        "wait for more data, or see that the workload gets requests",
    )
    ALARM_ON_DISTURBED_METRIC = (
        "alarm-on-disturbed-metric",
        "stop alarm {alarm} watches {metric}, which the fault disturbs by design: it may stop every run",
        "choose another stop alarm",
        _WARNS,
    )
    ALARM_WITHIN_TOLERANCE = (
        "alarm-within-tolerance",
        "stop alarm {alarm} rings at {value}, and {probe!r} is fine with {tolerance}: it may stop a run whose "
        "hypothesis holds",
        "change the threshold (ial:thresholds) or the experiment",
        _OF_DESIGN,
    )
    INCIDENTS_UNKNOWN = "incidents-unknown", "whether something is wrong already could not be read", READ_AGAIN
    OPEN_INCIDENT = "open-incident", "in alarm: {alarms}", "solve that first"

    TARGETS_UNKNOWN = "targets-unknown", "what would be hit could not be read", READ_AGAIN
    TOO_FEW_TARGETS = (
        "too-few-targets",
        "{seen} can be hit, {wanted} are wanted",
        "see that enough run and carry the tags that offer them",
    )
    TOO_MANY_TARGETS = (
        "too-many-targets",
        "{wanted} would be hit, at most {most} may",
        "lower the experiment's count and apply it again",
    )
    NOT_OPTED_IN = "not-opted-in", "{target} lacks the tag that offers it: {tags}", "its owner decides; tag it, or not"
    MANAGED_UNKNOWN = "managed-unknown", "whether Systems Manager reaches them could not be read", READ_AGAIN
    NOT_MANAGED = (
        "not-managed",
        "{target} is not online in Systems Manager, so nothing would happen to it",
        "start its agent, and allow its role to register",
    )
    WARM_INSTANCE = (
        "warm-instance",
        "{target} is in the warm pool and carries the tags: the fault may hit it, which nobody would notice",
        "run it again if nothing was seen",
        _WARNS,
    )
    GROUP_UNKNOWN = "group-unknown", "the state of {group} could not be read", READ_AGAIN
    GROUP_SUSPENDED = (
        "group-suspended",
        "{group} has {processes} suspended: what is hit would not be replaced",
        "resume it first",
    )
    SCALING = "scaling", "{group} is scaling", "wait until it is steady"
    TOO_LARGE_A_SHARE = (
        "too-large-a-share",
        "{wanted} of {size} of {group} would be hit, at most {percent}% may",
        "lower the experiment's count, or run more of them",
    )
    TOO_FEW_LEFT = (
        "too-few-left",
        "{left} would stay healthy, {fewest} must",
        "wait until more are healthy, or run more of them",
    )
    NO_STANDBY = "no-standby", "{group} has no standby: this is an outage", "set allow_outage to accept it"
    KIND_UNKNOWN = (
        "kind-unknown",
        "nothing is known here of what {kind} may hit: {part}",
        "use the version of ial that applied the stack",
    )

    WINDOW_UNKNOWN = "window-unknown", "ial:chaos has terms that are not understood: {terms}", "correct them"
    OUTSIDE_WINDOW = (
        "outside-window",
        "it is {now}, experiments may run {terms}",
        "wait until then, or change ial:chaos window and freezes",
    )
    RECOVERY_POINT_UNKNOWN = (
        "recovery-point-unknown",
        "how far the database can be brought back could not be read",
        READ_AGAIN,
    )
    NO_RECOVERY_POINT = (
        "no-recovery-point",
        "the database must be recoverable to the last day; {known}",
        "switch its automated backups on, or wait for the next one",
    )
    DRILL_UNKNOWN = "drill-unknown", "when the database was last restored beside itself could not be read", READ_AGAIN
    RECENT_DRILL = "recent-drill", "the database was restored beside itself at {drilled}", "wait until {free}"
    TEMPLATE_UNKNOWN = "template-unknown", "template {name} could not be read", READ_AGAIN
    TEMPLATE_MISSING = "template-missing", "template {name} does not exist", "apply the stack again"
    TEMPLATE_CHANGED = "template-changed", "template {name} is not what was applied", "apply it again"
    BUDGET_UNKNOWN = "budget-unknown", "what was spent on chaos this month could not be read", READ_AGAIN
    OVER_BUDGET = (
        "over-budget",
        "it costs {usd} USD, {spent} of {budget} are spent this month",
        "wait for the next, or raise ial:chaos monthlyBudget",
    )
    NOT_CONFIRMED = "not-confirmed", "this environment needs a yes", "give --confirm {stack}"
    MUTE_UNKNOWN = "mute-unknown", "{alarms} may page: mute rule {rule} could not be read", READ_AGAIN, _WARNS
    MUTE_MISSING = (
        "mute-missing",
        "{alarms} may page: mute rule {rule} is not there, or has expired",
        "apply the stack again, or tell who is on call",
        _WARNS,
    )
    NOT_MUTED = (
        "not-muted",
        "{alarms} will page: muted {muted}, and this run may last until {until}",
        "tell who is on call, or start it at the planned time",
        _WARNS,
    )
    ADDRESS_UNKNOWN = "address-unknown", "where the load balancer listens could not be read", READ_AGAIN
    HOST_NAME_MISSING = (
        "host-name-missing",
        "{url} listens with TLS and no certificate is made out for that name, so every request fails",
        "set workload.hostName to the service's name and apply it again",
    )
    LOCK_LOST = "lock-lost", "{lost}; nothing was started", "wait for the other run's end, then start this again"

    ZONE_UNKNOWN = "zone-unknown", "the healthy targets of {group} by zone could not be read", READ_AGAIN
    SUBNETS_UNKNOWN = "subnets-unknown", "the zones of the subnets could not be read", READ_AGAIN
    OTHER_ZONE = (
        "other-zone",
        "{subnet} is in zone {where}, not in {zone}: two zones would be hit",
        "correct the experiment's zone or subnets and apply it again",
    )
    ZONAL_SHIFT_UNKNOWN = (
        "zonal-shift-unknown",
        "whether {balancer} takes part in zonal shifts could not be read",
        READ_AGAIN,
    )
    NO_ZONAL_SHIFT = (
        "no-zonal-shift",
        "{balancer} takes part in no zonal shift",
        "set its attribute zonal_shift.config.enabled",
    )
    RUNNER_PLACE_UNKNOWN = (
        "runner-place-unknown",
        "where this runner is could not be told",
        "if it is in one of the subnets, it cuts itself off: start it elsewhere",
        _WARNS,
    )
    RUNNER_INSIDE = (
        "runner-inside",
        "this runner is in a subnet of zone {zone}: it would cut itself off",
        "start it from elsewhere",
    )

    DATABASE_UNKNOWN = "database-unknown", "database {database} could not be read", READ_AGAIN
    DATABASE_NOT_AVAILABLE = (
        "database-not-available",
        "database {database} is {status}",
        "wait until it is available",
    )
    OTHER_DATABASE = (
        "other-database",
        "{wanted} is not {database}, which answers at {seen}",
        "correct the workload's database and apply the stack again",
    )
    OTHER_ENGINE = (
        "other-engine",
        "database {database} is {engine}, not {wanted}",
        "correct the experiment's engine and apply it again",
    )
    PARAMETERS_UNKNOWN = (
        "parameters-unknown",
        "whether the parameter group of {database} is in force could not be read",
        READ_AGAIN,
    )
    PARAMETERS_NOT_IN_FORCE = (
        "parameters-not-in-force",
        "the parameter group of {database} is {state}, it must be {wanted}: its max_connections ({limit}) may not "
        "hold yet",
        "reboot the database",
    )
    LIMIT_UNKNOWN = (
        "limit-unknown",
        "max_connections of {database} could not be told: {why}",
        "set it in its parameter group as a number",
    )
    TOO_MANY_CONNECTIONS = (
        "too-many-connections",
        "{most} connections and a reserve of {reserve} are more than the {limit} that {database} is known to have",
        "lower the experiment's connections, or its reserve",
    )
    BLOCKING_UNKNOWN = (
        "blocking-unknown",
        "max_connect_errors of {database} could not be told: {why}",
        "set it in its parameter group as a number",
    )
    WOULD_BLOCK_HOSTS = (
        "would-block-hosts",
        "{each} connections from an instance, twice, are not below max_connect_errors of {database} ({limit}): it "
        "would block the instances for good",
        "raise it in its parameter group, or lower the experiment's connections",
    )
    DOCUMENT_UNKNOWN = "document-unknown", "document {name} could not be read", READ_AGAIN
    DOCUMENT_MISSING = "document-missing", "document {name} does not exist", "apply the stack again"
    DOCUMENT_CHANGED = "document-changed", "document {name} is not what was applied", "apply it again"
