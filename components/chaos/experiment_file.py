"""Experiments as files: YAML, each wrong value named with its line."""

from pathlib import Path
from typing import Any

from components.chaos.experiment_spec import Category, ExperimentSpec
from components.chaos.mute_plan import mute_plan
from components.chaos.scheduled_start import scheduled_start
from components.chaos_settings import ChaosSettings
from components.reading import Reader, SettingsError

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


def read_file(path: Path, category: Category, chaos: ChaosSettings | None = None) -> tuple[ExperimentSpec, ...]:
    """The experiments of one file.

    Raises:
        SettingsError: it cannot be read, or a value is wrong.
    """
    lines: dict[str, int] = {}
    data = _parsed(path, lines)
    try:
        reader = Reader(data, "")
        if reader.whole("version", 1, _VERSION, 0) != _VERSION:
            raise reader.refuse("version", str(_VERSION))
        found = reader.sections("experiments", lambda part: _experiment(part, category, chaos))
        reader.close()
    except SettingsError as error:
        msg = f"{path}:{_line(str(error), lines)}: {error}"
        raise SettingsError(msg) from None
    return found


def _experiment(reader: Reader, category: Category, chaos: ChaosSettings | None) -> ExperimentSpec:
    found = ExperimentSpec.read(reader, category)
    if chaos is not None and found.enabled:
        scheduled_start(found, chaos, reader)
        mute_plan(found, chaos, reader)
    return found


def _parsed(path: Path, lines: dict[str, int]) -> Any:
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: {error}; accepted: a file of experiments"
        raise SettingsError(msg) from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text, Loader=loader)
        return _value(node, "", lines, loader("")) if node is not None else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}" if mark else ""
        msg = f"{path}{where}: {getattr(error, 'problem', error)}; accepted: YAML"
        raise SettingsError(msg) from None


def _value(node: Any, at: str, lines: dict[str, int], loader: Any) -> Any:
    """The node as plain Python; on the way, the line of every path is kept."""
    lines.setdefault(at, node.start_mark.line + 1)
    if node.id == "sequence":
        return [_value(part, f"{at}[{number}]", lines, loader) for number, part in enumerate(node.value)]
    if node.id != "mapping":
        return loader.construct_object(node)
    found: dict[str, Any] = {}
    for key, part in node.value:
        name = str(key.value)
        if name in found:
            raise _repeated(name, key.start_mark)
        path = f"{at}.{name}" if at else name
        lines[path] = key.start_mark.line + 1
        found[name] = _value(part, path, lines, loader)
    return found


def _repeated(name: str, mark: Any) -> Exception:
    from yaml.composer import ComposerError

    return ComposerError(None, None, f"{name} is there twice, accepted is once", mark)


def _line(message: str, lines: dict[str, int]) -> int:
    """The line of the path with which a message begins, or of the nearest one above it."""
    path = message.split(" ", 1)[0]
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path, 1)
