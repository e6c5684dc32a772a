"""Copies of everything from which a stack could be made again, and the proof that they can be read back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from contract.parts import plain
from contract.reading.json_text import read_json
from contract.reading.numbers import plain_number
from contract.reading.scalars import PULUMIS
from contract.reading.yaml_text import read_yaml
from runners.backup.buckets.objects import Objects
from runners.backup.configuration.copy_document import (
    ConfigurationCheck,
    ConfigurationCopy,
    CopiedFile,
    Gap,
    VerifyExit,
)
from runners.backup.evidence import Check
from runners.errors import InputError
from runners.exit_codes import ExitCode
from runners.runs.clock import Clock, rfc3339
from runners.runs.run_folder import new_run_id

VERSION: Final = 1
FOLDER: Final = "configuration"
LATEST: Final = f"{FOLDER}/latest.json"
MANIFEST: Final = "manifest.json"
# Without these a stack cannot be made again.
NEEDED: Final = frozenset({"state.json", "outputs.json", "program/Pulumi.yaml"})
_PLAINTEXT: Final = b'"plaintext"'

Files = Mapping[str, bytes]


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """The files by name, and of each that could not be had, why."""

    files: Files
    gaps: Mapping[str, str]


Sources = Callable[[], Gathered]


@dataclass(frozen=True, kw_only=True)
class Copied:
    """One copy: where it is, each file's size and SHA-256, and what is not in it and why."""

    bucket: str
    prefix: str
    taken: str
    files: Mapping[str, tuple[int, str]]
    gaps: Mapping[str, str]

    @property
    def exit_code(self) -> ExitCode:
        """Whether nothing is missing."""
        return ExitCode.REFUSED if self.gaps else ExitCode.OK

    def document(self) -> dict[str, Any]:
        """The manifest, and the answer of `ial backup config --json`."""
        return plain(self.manifest())

    def manifest(self) -> ConfigurationCopy:
        """What lies beside the files."""
        return ConfigurationCopy(
            bucket=self.bucket,
            prefix=self.prefix,
            taken=self.taken,
            files=tuple(
                CopiedFile(name=name, size=size, sha256=digest) for name, (size, digest) in sorted(self.files.items())
            ),
            gaps=tuple(Gap(name=name, reason=reason) for name, reason in sorted(self.gaps.items())),
        )


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What reading a copy back showed."""

    copy: Copied
    checks: tuple[Check, ...]

    @property
    def exit_code(self) -> ExitCode:
        """Whether every check is true."""
        return ExitCode.OK if all(check.ok for check in self.checks) else ExitCode.REFUSED

    def document(self) -> dict[str, Any]:
        """The answer of `ial backup config --verify --json`."""
        code = cast("VerifyExit", int(self.exit_code))
        return plain(ConfigurationCheck(copy=self.copy.manifest(), checks=self.checks, exit_code=code))


def copy_configuration(objects: Objects, bucket: str, gathered: Gathered, prefix: str, taken: str) -> Copied:
    """Writes the files, and the manifest last: a copy without one is not a copy. What is missing stands in it.

    Raises:
        InputError: a file holds a secret in plain text.
        AwsError: something could not be written.
    """
    files = gathered.files
    for name, body in files.items():
        if _PLAINTEXT in body:
            msg = f"{name} holds secrets in plain text, so it is not copied; export it without --show-secrets"
            raise InputError(msg)
    held = {name: (len(body), hashlib.sha256(body).hexdigest()) for name, body in files.items()}
    copied = Copied(bucket=bucket, prefix=prefix, taken=taken, files=held, gaps=gathered.gaps)
    for name, body in files.items():
        objects.put(bucket, f"{prefix}/{name}", body)
    objects.put(bucket, f"{prefix}/{MANIFEST}", json.dumps(copied.document(), indent=2).encode())
    return copied


def take_copy(objects: Objects, bucket: str, sources: Sources, clock: Clock) -> Copied:
    """A new copy, to which `latest.json` points from then on.

    One without what a stack cannot be made from is kept, and nothing points to it while there is another.

    Raises:
        InputError: a file holds a secret in plain text.
        AwsError: something could not be written.
    """
    now = clock.now()
    copied = copy_configuration(objects, bucket, sources(), f"{FOLDER}/{new_run_id(now)}", rfc3339(now))
    if copied.files.keys() >= NEEDED or objects.read(bucket, LATEST) is None:
        objects.put(bucket, LATEST, json.dumps({"version": VERSION, "prefix": copied.prefix}).encode())
    return copied


def verify_latest(objects: Objects, bucket: str) -> Verified:
    """Reads the newest copy back.

    Raises:
        InputError: there is none, or it is not a copy.
        AwsError: it could not be read.
    """
    pointer = objects.read(bucket, LATEST)
    if pointer is None:
        msg = f"bucket {bucket} has no copy of the configuration yet; take one with `ial backup config`"
        raise InputError(msg)
    return verify(objects, bucket, str(_document(pointer, f"{bucket}/{LATEST}")["prefix"]))


def verify(objects: Objects, bucket: str, prefix: str) -> Verified:
    """Reads one copy back: every file, its digest, its form.

    Raises:
        InputError: there is no manifest, or it is not one.
        AwsError: it could not be read.
    """
    where = f"{bucket}/{prefix}/{MANIFEST}"
    body = objects.read(bucket, f"{prefix}/{MANIFEST}")
    if body is None:
        msg = f"{where} does not exist: that copy was never finished; take another one with `ial backup config`"
        raise InputError(msg)
    manifest = _document(body, where)
    files = {entry["name"]: (int(entry["size"]), str(entry["sha256"])) for entry in manifest["files"]}
    # Copies of before had no gaps: one source that could not be asked, and there was none.
    gaps = {str(entry["name"]): str(entry["reason"]) for entry in manifest.get("gaps", [])}
    copied = Copied(bucket=bucket, prefix=prefix, taken=str(manifest["taken"]), files=files, gaps=gaps)
    missing = {name: "nobody copied it" for name in NEEDED - files.keys()} | gaps
    checks = [
        Check(
            name="complete",
            ok=not missing,
            expected=f"{', '.join(sorted(NEEDED))}, and no gaps",
            observed=f"{len(files)} files",
            detail="; ".join(f"missing: {name}: {reason}" for name, reason in sorted(missing.items())),
        )
    ]
    checks += [_check(objects, copied, name) for name in sorted(files)]
    return Verified(copy=copied, checks=tuple(checks))


def _check(objects: Objects, copied: Copied, name: str) -> Check:
    size, digest = copied.files[name]
    body = objects.read(copied.bucket, f"{copied.prefix}/{name}")
    if body is None:
        return Check(name=name, ok=False, expected=f"{size} bytes", observed="nothing")
    found = hashlib.sha256(body).hexdigest()
    fault = "" if found == digest else "the digest is another one"
    fault = fault or _unreadable(name, body)
    return Check(name=name, ok=not fault, expected=f"{size} bytes", observed=f"{len(body)} bytes", detail=fault)


def _unreadable(name: str, body: bytes) -> str:
    try:
        if name.endswith(".json"):
            read_json(body.decode("utf-8-sig"), name)
        elif name.endswith((".yaml", ".yml")):
            read_yaml(body.decode("utf-8-sig"), name, PULUMIS)
    except ValueError:
        return f"it is not {name.rsplit('.', 1)[-1].upper()}"
    return ""


def _document(body: bytes, where: str) -> dict[str, Any]:
    try:
        found: Any = read_json(body.decode(), where, plain_number).data
        if found["version"] != VERSION:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        msg = f"{where}: not a file of version {VERSION} that `ial backup config` wrote; take another copy"
        raise InputError(msg) from None
    return dict(found)
