"""Experiments as files: YAML, each wrong value named with its line."""

from pathlib import Path

from components.chaos.experiment_spec import ExperimentSpec
from components.chaos.mute_plan import mute_plan
from components.chaos.scheduled_start import scheduled_start
from components.chaos.versioned_file import read_versioned
from components.chaos_settings import ChaosSettings
from components.reading import Reader, SettingsError
from contract.experiments import Category

FILES: tuple[tuple[int, Category], ...] = ((3, "network"), (4, "infrastructure"), (5, "application"))
_VERSION = 1


def experiments_folder() -> Path:
    """The program's own folder `experiments`, else the one that comes with these components."""
    own = Path("experiments")
    return own if own.is_dir() else Path(__file__).resolve().parents[2] / "experiments"


def read_experiments(
    folder: Path, stage: int, chaos: ChaosSettings | None = None
) -> tuple[tuple[int, ExperimentSpec], ...]:
    """The enabled experiments of the files that a stage has, each with the stage that brought it.

    With `chaos`, what the stack wants to mute or to schedule and cannot is refused too.

    Raises:
        SettingsError: one line that names file, line, key, value and what is accepted.
    """
    found = [
        (brought, spec)
        for brought, category in FILES
        if stage >= brought
        for spec in read_file(folder / f"{category}.yaml", category, chaos)
    ]
    names = [spec.name for _, spec in found]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated:
        msg = f"{folder}: experiment {repeated} is there twice; accepted: each name once"
        raise SettingsError(msg)
    return tuple((brought, spec) for brought, spec in found if spec.enabled)


def named_experiments(folder: Path) -> frozenset[str]:
    """The names of all experiments of a folder, whatever the stage, enabled or not.

    Raises:
        SettingsError: a file cannot be read, or a value is wrong.
    """
    files = [(folder / f"{category}.yaml", category) for _, category in FILES]
    return frozenset(spec.name for path, category in files if path.is_file() for spec in read_file(path, category))


def read_file(path: Path, category: Category, chaos: ChaosSettings | None = None) -> tuple[ExperimentSpec, ...]:
    """The experiments of one file.

    Raises:
        SettingsError: it cannot be read, or a value is wrong.
    """

    def experiments(reader: Reader) -> tuple[ExperimentSpec, ...]:
        return reader.sections("experiments", lambda part: _experiment(part, category, chaos))

    return read_versioned(path, "a file of experiments", _VERSION, experiments)


def _experiment(reader: Reader, category: Category, chaos: ChaosSettings | None) -> ExperimentSpec:
    found = ExperimentSpec.read(reader, category)
    if chaos is not None and found.enabled:
        scheduled_start(found, chaos, reader)
        mute_plan(found, chaos, reader)
    return found
