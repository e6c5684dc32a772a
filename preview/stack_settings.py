"""A stack's settings: the schema in `Pulumi.yaml`, the stack's file, and `-c key=value`, in this order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contract.reading.errors import ReadingError
from contract.reading.json_text import read_json
from contract.reading.numbers import plain_number
from contract.redaction import SECRETS
from preview.errors import ProjectError
from preview.passphrase import Passphrase, WrongPassphraseError
from preview.project_file import read_yaml, section

_TYPES: Final = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}

# The place of what comes from Pulumi ESC among what is unread: its keys are not known here.
_ESC: Final = "environment"


@dataclass
class StackSettings:
    """Collects settings from all places; a later one wins. What cannot be read here is kept under `unread`."""

    project: str
    file: Path
    schema: Mapping[str, object]

    def __post_init__(self) -> None:
        self._types: dict[str, str] = {}
        self._required: set[str] = set()
        self._values: dict[str, object] = {}
        self._places: dict[str, str] = {}
        self._encrypted: set[str] = set()
        self._salt = ""
        self.overrides: dict[str, object] = {}
        self.unread: dict[str, str] = {}
        self.secret_keys: tuple[str, ...] = ()
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
            if not isinstance(kind, str) or kind not in _TYPES:
                msg = f"{place}.type: {kind!r} is not a type; accepted: {', '.join(_TYPES)}"
                raise ProjectError(msg)
            self._types[full] = str(kind)
        for source in ("default", "value"):
            if source in entry:
                self._set(full, entry[source], f"{place}.{source}")
        if full not in self._values and kind is not None:
            self._required.add(full)

    def _set(self, full: str, value: object, place: str) -> None:
        self.unread.pop(full, None)
        self._encrypted.discard(full)
        if _is_encrypted(value):
            self._encrypted.add(full)
        self._values[full] = value
        self._places[full] = place

    def add_stack(self, file: Path) -> None:
        """Reads the stack's file.

        Raises:
            ProjectError: it is missing or malformed.
        """
        if not file.is_file():
            known = sorted(path.name[7:-5] for path in file.parent.glob("Pulumi.*.yaml"))
            msg = f"{file}: no such file; stacks with settings here: {', '.join(known) or 'none'}"
            raise ProjectError(msg)
        data = read_yaml(file)
        self._salt = str(data.get("encryptionsalt") or "")
        self._add_environment(data.get("environment"), file)
        for key, value in section(data, file, "config").items():
            self._set(self._full(key), value, f"{file}: config.{key}")

    def _add_environment(self, environment: object, file: Path) -> None:
        """Settings of Pulumi ESC: those written out in the file are read, others only the real engine can get."""
        if environment is None:
            return
        inline = environment.get("values") if isinstance(environment, dict) else None
        values = inline.get("pulumiConfig") if isinstance(inline, dict) else None
        if isinstance(values, dict):
            for key, value in values.items():
                self._set(self._full(str(key)), value, f"{file}: environment.values.pulumiConfig.{key}")
                if "fn::" in str(value) or "${" in str(value):
                    self._unreadable(self._full(str(key)), "is computed by Pulumi ESC")
        imported = environment.get("imports") if isinstance(environment, dict) else environment
        if imported:
            names = ", ".join(map(str, imported)) if isinstance(imported, list) else str(imported)
            self.unread[_ESC] = f"{file}: environment: {names}: is kept in Pulumi ESC"

    def _unreadable(self, full: str, why: str) -> None:
        self.unread[full] = f"{self._places[full]}: {why}"

    def add_overrides(self, overrides: Sequence[str]) -> None:
        """Takes `key=value` from the command line.

        Raises:
            ProjectError: one has no `=`.
        """
        for override in overrides:
            key, separator, text = override.partition("=")
            if not separator or not key:
                msg = f"-c {override!r}: accepted: key=value"
                raise ProjectError(msg)
            full = self._full(key)
            self.overrides[full] = _typed(text, self._types.get(full))
            self._set(full, self.overrides[full], f"-c {key}")

    def resolved(self, *, engine_reads: bool = False) -> dict[str, str]:
        """All settings by full key.

        Raises:
            ProjectError: one is missing, has the wrong type, or cannot be read here and nobody else will.
        """
        self._decrypt()
        if not engine_reads:
            for why in self.unread.values():
                msg = f"{why}, which the local engine cannot read; give a value by -c, or use --engine pulumi"
                raise ProjectError(msg)
        known = {full: value for full, value in self._values.items() if full not in self.unread}
        if not self.unread:
            for full in sorted(self._required - set(known)):
                msg = f"{self.file}: config {full} has no default and no value; accepted: {self._types[full]}"
                raise ProjectError(msg)
        for full, kind in self._types.items():
            if full in known and not _is(known[full], kind):
                shown = "its value" if full in self.secret_keys else repr(known[full])
                msg = f"{self._places[full]}: {shown} is not of type {kind}"
                raise ProjectError(msg)
        return {full: _text(value) for full, value in sorted(known.items())}

    def _decrypt(self) -> None:
        """Puts what was encrypted in clear where the passphrase is there; the rest is unread."""
        if not self._encrypted:
            return
        self.secret_keys = tuple(sorted(self._encrypted))
        try:
            passphrase = Passphrase.of(self._salt)
            if passphrase is None:
                for full in self._encrypted:
                    self._unreadable(full, "is encrypted, and PULUMI_CONFIG_PASSPHRASE is not set")
                return
            for full in self._encrypted:
                self._values[full] = _in_clear(self._values[full], passphrase)
                SECRETS.note(self._values[full])
        except WrongPassphraseError as error:
            for full in self._encrypted:
                self._unreadable(full, f"is encrypted: {error}")


def _is_encrypted(value: object) -> bool:
    """Whether a setting, or any part of it, is what `pulumi config set --secret` writes."""
    if isinstance(value, dict):
        return isinstance(value.get("secure"), str) or any(_is_encrypted(item) for item in value.values())
    return isinstance(value, list) and any(_is_encrypted(item) for item in value)


def _in_clear(value: object, passphrase: Passphrase) -> object:
    if isinstance(value, dict):
        if isinstance(value.get("secure"), str):
            return passphrase.decrypted(value["secure"])
        return {key: _in_clear(item, passphrase) for key, item in value.items()}
    return [_in_clear(item, passphrase) for item in value] if isinstance(value, list) else value


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
        return read_json(text, "-c", plain_number).data
    except ReadingError:
        return text


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value, separators=(",", ":"), default=str)
