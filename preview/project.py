"""One Pulumi project with one stack's settings: what is run, by which Python, and what it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from preview.errors import ProjectError
from preview.project_file import read_yaml, section
from preview.runtime import PYTHON, Runtime
from preview.stack_settings import StackSettings
from pricing.resource import Plain

DEFAULT_ORGANIZATION = "organization"


@dataclass(frozen=True, kw_only=True)
class Project:
    """One program with the settings of one stack.

    `config` maps full keys to strings, structured values as JSON. `unread` maps the settings that only the real engine
    can read to the reason. `full_stack` is the stack's name as it was asked for.
    """

    name: str
    stack: str
    directory: Path
    main: Path
    interpreter: Path
    config: Mapping[str, str]
    secret_keys: tuple[str, ...] = ()
    overrides: Mapping[str, object] = field(default_factory=dict)
    organization: str = DEFAULT_ORGANIZATION
    full_stack: str = ""
    stack_file: Path | None = None
    unread: Mapping[str, str] = field(default_factory=dict)
    runtime: str = PYTHON
    stack_references: Mapping[str, Mapping[str, Plain]] = field(default_factory=dict)

    @classmethod
    def load(cls, directory: Path, stack: str, overrides: Sequence[str] = (), *, engine_reads: bool = False) -> Project:
        """Reads `Pulumi.yaml` and `Pulumi.<stack>.yaml`; `overrides` are `key=value` and win.

        With `engine_reads` the real engine runs the program: any language will do, and settings that only it can read
        are left out and listed as `unread`.

        Raises:
            ProjectError: a file is missing or malformed, or a setting has the wrong type or cannot be read here; the
                message names file, key, value and what is accepted.
        """
        directory = directory.resolve()
        file = directory / "Pulumi.yaml"
        data = read_yaml(file)
        name = _name(data, file)
        asked = StackName.parse(stack)
        runtime = Runtime.of(data, file)
        if not engine_reads:
            runtime.require_python(file)
        stack_file = _settings_folder(directory, data, file) / f"Pulumi.{asked.name}.yaml"
        settings = StackSettings(name, file, section(data, file, "config"))
        settings.add_stack(stack_file)
        settings.add_overrides(overrides)
        config = settings.resolved(engine_reads=engine_reads)
        return cls(
            name=name,
            stack=asked.name,
            directory=directory,
            main=_main(directory, data, file, runtime),
            interpreter=runtime.interpreter(directory),
            config=config,
            secret_keys=settings.secret_keys,
            overrides=settings.overrides,
            organization=asked.organization or DEFAULT_ORGANIZATION,
            full_stack=stack,
            stack_file=stack_file,
            unread=settings.unread,
            runtime=runtime.name,
        )


@dataclass(frozen=True)
class StackName:
    """A stack's name as Pulumi takes it: `dev`, `acme/dev` or `acme/shop/dev`."""

    name: str
    organization: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a name. Its project is not compared with `Pulumi.yaml`: that is between Pulumi and its backend.

        Raises:
            ProjectError: it is no stack's name.
        """
        parts = text.split("/")
        if len(parts) > 3 or not all(_is_name(part) for part in parts):
            msg = (
                f"--stack {text!r} is not a stack name; accepted: STACK, ORGANIZATION/STACK or "
                "ORGANIZATION/PROJECT/STACK, each of letters, digits, `-`, `_` and `.`"
            )
            raise ProjectError(msg)
        return cls(parts[-1], parts[0] if len(parts) > 1 else "")


def _is_name(text: str) -> bool:
    plain = text.isascii() and all(character.isalnum() or character in "-_." for character in text)
    return bool(text) and plain and text not in (".", "..")


def _settings_folder(directory: Path, data: Mapping[str, object], file: Path) -> Path:
    folder = data.get("stackConfigDir", ".")
    if not isinstance(folder, str):
        msg = f"{file}: stackConfigDir: {folder!r} is not a path"
        raise ProjectError(msg)
    return directory / folder


def _name(data: Mapping[str, object], file: Path) -> str:
    name = data.get("name")
    if not isinstance(name, str) or not name:
        msg = f"{file}: name: {name!r} is not a project name"
        raise ProjectError(msg)
    return name


def _main(directory: Path, data: Mapping[str, object], file: Path, runtime: Runtime) -> Path:
    main = data.get("main", ".")
    if not isinstance(main, str):
        msg = f"{file}: main: {main!r} is not a path"
        raise ProjectError(msg)
    program = directory / main
    if runtime.name != PYTHON:
        return program.resolve()
    # What looks like a suffix may be the end of a folder's name.
    if program.is_dir() or not program.suffix:
        program = program / "__main__.py"
    if not program.is_file():
        msg = f"{program}: no such file; a Python program needs a __main__.py"
        raise ProjectError(msg)
    return program.resolve()
