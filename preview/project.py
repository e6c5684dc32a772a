"""A project's files: Pulumi.yaml, the stack's settings, and `-c key=value` on the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from preview.errors import ProjectError

_TYPES: Final = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
# The C reader is ten times as fast; it is there whenever PyYAML was installed from a wheel.
_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, kw_only=True)
class Project:
    """One program with the settings of one stack. `config` maps full keys to strings, structured values as JSON."""

    name: str
    stack: str
    directory: Path
    main: Path
    interpreter: Path
    config: Mapping[str, str]
    secret_keys: tuple[str, ...] = ()
    overrides: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def load(cls, directory: Path, stack: str, overrides: Sequence[str] = ()) -> Project:
        """Reads `Pulumi.yaml` and `Pulumi.<stack>.yaml`; `overrides` are `key=value` and win.

        Raises:
            ProjectError: a file is missing or malformed, or a setting has the wrong type or is a secret that cannot be
                decrypted here; the message names file, key, value and what is accepted.
        """
        directory = directory.resolve()
        file = directory / "Pulumi.yaml"
        data = _read(file)
        name = data.get("name")
        if not isinstance(name, str) or not name:
            msg = f"{file}: name: {name!r} is not a project name"
            raise ProjectError(msg)
        _check_stack_name(stack)
        settings = _Settings(name, file, _section(data, file, "config"))
        stack_file = directory / f"Pulumi.{stack}.yaml"
        settings.add_stack(stack_file)
        settings.add_overrides(overrides)
        config = settings.resolved()
        return cls(
            name=name,
            stack=stack,
            directory=directory,
            main=_main(directory, data, file),
            interpreter=_interpreter(directory, data, file),
            config=config,
            overrides=settings.overrides,
        )


def _check_stack_name(stack: str) -> None:
    if not stack or not all(character.isalnum() or character in "-_." for character in stack):
        msg = f"--stack {stack!r} is not a stack name; accepted: letters, digits, `-`, `_` and `.`"
        raise ProjectError(msg)


def _read(file: Path) -> Mapping[str, object]:
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        msg = f"{file}: no such file; name a folder with a Pulumi program by --program"
        raise ProjectError(msg) from None
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{file}: cannot be read: {error}"
        raise ProjectError(msg) from error
    except yaml.YAMLError as error:
        msg = f"{file}: is not YAML: {' '.join(str(error).split())}"
        raise ProjectError(msg) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        msg = f"{file}: expected a mapping, got {data!r}"
        raise ProjectError(msg)
    return data


def _section(data: Mapping[str, object], file: Path, key: str) -> Mapping[str, object]:
    section = data.get(key)
    if section is None:
        return {}
    if not isinstance(section, dict) or not all(isinstance(name, str) for name in section):
        msg = f"{file}: {key}: expected a mapping from names to values, got {section!r}"
        raise ProjectError(msg)
    return section


def _main(directory: Path, data: Mapping[str, object], file: Path) -> Path:
    main = data.get("main", ".")
    if not isinstance(main, str):
        msg = f"{file}: main: {main!r} is not a path"
        raise ProjectError(msg)
    program = directory / main
    # What looks like a suffix may be the end of a folder's name.
    if program.is_dir() or not program.suffix:
        program = program / "__main__.py"
    if not program.is_file():
        msg = f"{program}: no such file; a Python program needs a __main__.py"
        raise ProjectError(msg)
    return program.resolve()


def _interpreter(directory: Path, data: Mapping[str, object], file: Path) -> Path:
    """The Python of the project's virtual environment if it exists, else the one that runs this process."""
    runtime = data.get("runtime")
    options: object = {}
    if isinstance(runtime, dict):
        options = runtime.get("options") or {}
        runtime = runtime.get("name")
    if runtime != "python" or not isinstance(options, dict):
        msg = f"{file}: runtime: {data.get('runtime')!r} is not supported; accepted: python"
        raise ProjectError(msg)
    environment = options.get("virtualenv")
    if isinstance(environment, str):
        python = directory / environment / "bin" / "python"
        if python.is_file():
            return python
    return Path(sys.executable)


@dataclass
class _Settings:
    project: str
    file: Path
    schema: Mapping[str, object]

    def __post_init__(self) -> None:
        self._types: dict[str, str] = {}
        self._required: set[str] = set()
        self._values: dict[str, object] = {}
        self._places: dict[str, str] = {}
        self._encrypted: dict[str, str] = {}
        self.overrides: dict[str, object] = {}
        for key, entry in self.schema.items():
            self._declare(key, entry)

    def _full(self, key: str) -> str:
        return key if ":" in key else f"{self.project}:{key}"

    def _declare(self, key: str, entry: object) -> None:
        full, place = self._full(key), f"{self.file}: config.{key}"
        if not isinstance(entry, dict):
            self._set(full, entry, place)
            return
        if (kind := entry.get("type")) is not None:
            if kind not in _TYPES:
                msg = f"{place}.type: {kind!r} is not a type; accepted: {', '.join(_TYPES)}"
                raise ProjectError(msg)
            self._types[full] = str(kind)
        for source in ("default", "value"):
            if source in entry:
                self._set(full, entry[source], f"{place}.{source}")
        if full not in self._values and kind is not None:
            self._required.add(full)

    def _set(self, full: str, value: object, place: str) -> None:
        self._encrypted.pop(full, None)
        if isinstance(value, dict) and "secure" in value:
            self._encrypted[full] = place
        self._values[full] = value
        self._places[full] = place

    def add_stack(self, file: Path) -> None:
        if not file.is_file():
            known = sorted(path.name[7:-5] for path in file.parent.glob("Pulumi.*.yaml"))
            msg = f"{file}: no such file; stacks with settings here: {', '.join(known) or 'none'}"
            raise ProjectError(msg)
        for key, value in _section(_read(file), file, "config").items():
            self._set(self._full(key), value, f"{file}: config.{key}")

    def add_overrides(self, overrides: Sequence[str]) -> None:
        for override in overrides:
            key, separator, text = override.partition("=")
            if not separator or not key:
                msg = f"-c {override!r}: accepted: key=value"
                raise ProjectError(msg)
            full = self._full(key)
            self.overrides[full] = _typed(text, self._types.get(full))
            self._set(full, self.overrides[full], f"-c {key}")

    def resolved(self) -> dict[str, str]:
        for place in self._encrypted.values():
            msg = f"{place}: is encrypted, and the local engine has no key; give a value by -c, or use --engine pulumi"
            raise ProjectError(msg)
        for full in sorted(self._required - set(self._values)):
            msg = f"{self.file}: config {full} has no default and no value; accepted: {self._types[full]}"
            raise ProjectError(msg)
        for full, kind in self._types.items():
            value = self._values.get(full)
            if full in self._values and not _is(value, kind):
                msg = f"{self._places[full]}: {value!r} is not of type {kind}"
                raise ProjectError(msg)
        return {full: _text(value) for full, value in sorted(self._values.items())}


def _is(value: object, kind: str) -> bool:
    # Pulumi itself writes every setting as a string: `pulumi config set size 4` gives "4".
    value = _typed(value, kind) if isinstance(value, str) else value
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


def _typed(text: str, kind: str | None) -> object:
    """The value that a command line means where the schema says what is expected; the text itself otherwise."""
    if kind in (None, "string"):
        return text
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError:
        return text
    return value


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value, separators=(",", ":"), default=str)
