"""When EventBridge Scheduler starts an experiment by itself."""

from components.chaos.experiment_spec import ExperimentSpec
from components.chaos_settings import ChaosSettings
from components.reading import Reader

_ACCEPTED = (
    "with ial:chaos starter scheduler, cron(...), such as cron(0 10 8,22 * ? *): a rate begins when it is made, so "
    "that applying the stack would start the fault"
)


def scheduled_start(spec: ExperimentSpec, chaos: ChaosSettings, reader: Reader | None = None) -> str | None:
    """The expression of the schedule; None when Scheduler starts nothing. `reader` names the experiment's file.

    Raises:
        SettingsError: it has no times of its own.
    """
    if chaos.starter != "scheduler" or spec.schedule is None:
        return None
    if not spec.schedule.startswith("cron("):
        raise (reader or Reader({}, f"{spec.name}.")).refuse("schedule", _ACCEPTED, spec.schedule)
    return spec.schedule
