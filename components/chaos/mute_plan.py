"""Which alarms of an experiment are muted, and when: from its own schedule, for as long as a run may take."""

from dataclasses import dataclass

from components.chaos.experiment_spec import ExperimentSpec
from components.chaos.fault import UNDO_SECONDS
from components.chaos.plain_cron import CronError, PlainCron
from components.chaos_settings import ChaosSettings
from components.reading import Reader

# Mute rules are bounded by 15 days; a drill that hides a real fault for half a day helps nobody.
LONGEST_MINUTES = 240
# Scheduler starts within the minute; a workflow waits for a machine, and installs what it needs.
_LATE_SECONDS = {"scheduler": 60, "pipeline": 1800}
# The longest look back of an alarm of stage 1: one that is still up when the mute ends pages then.
LOOK_BACK_SECONDS = 900
_ACCEPTED = (
    "with ial:chaos mute expected, a cron of plain minutes, hours, days and months with * for the year, such as "
    "cron(0 10 8,22 * ? *)"
)


@dataclass(frozen=True, kw_only=True)
class MutePlan:
    """Alarms by their signal, and the schedule of a mute rule."""

    signals: tuple[str, ...]
    expression: str
    timezone: str
    minutes: int


def mute_plan(spec: ExperimentSpec, chaos: ChaosSettings, reader: Reader | None = None) -> MutePlan | None:
    """What to mute for an experiment; None when the stack mutes nothing, or there is nothing planned or expected.

    Alarms that stop the experiment are never muted, even if it expects them. `reader` names the experiment's file.

    Raises:
        SettingsError: the schedule is none of a mute rule, one mute would reach the next, or a run may take too long.
    """
    signals = tuple(signal for signal in spec.expected_alarms if signal not in spec.stop_alarms)
    if chaos.mute == "none" or spec.schedule is None or not signals:
        return None
    reader = reader or Reader({}, f"{spec.name}.")
    minutes = _minutes(spec, chaos, reader)
    try:
        cron = PlainCron.read(spec.schedule)
    except CronError as error:
        raise reader.refuse("schedule", f"{_ACCEPTED}: {error}", spec.schedule) from None
    if cron.shortest_gap() <= minutes:
        accepted = f"with ial:chaos mute expected, starts more than {minutes} minutes apart, the time of one mute"
        raise reader.refuse("schedule", accepted, spec.schedule)
    return MutePlan(signals=signals, expression=cron.expression(), timezone=chaos.timezone, minutes=minutes)


def _minutes(spec: ExperimentSpec, chaos: ChaosSettings, reader: Reader) -> int:
    objective = spec.hypothesis.rto_seconds
    run = spec.fault.seconds + UNDO_SECONDS + spec.hypothesis.stability_seconds
    rest = run + _LATE_SECONDS[chaos.starter] + LOOK_BACK_SECONDS
    most = LONGEST_MINUTES * 60 - rest
    if objective > most:
        accepted = f"with ial:chaos mute expected, at most {most}: nothing is muted for over {LONGEST_MINUTES} minutes"
        raise reader.refuse("hypothesis.rtoSeconds", accepted, objective)
    return -(-(objective + rest) // 60)
