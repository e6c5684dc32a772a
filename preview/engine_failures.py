"""What the real engine says when it fails, in one line: what happened, to what, and what to do.

The texts are those of the Pulumi CLI 3.260 to 3.276, as it prints them with a file backend and with Pulumi Cloud, and
those of the AWS provider. What is not in the table is told in the engine's own words, never by an exit code alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from preview.errors import EngineError
from pricing.resource import STACK_TYPE, urn_name, urn_type

if TYPE_CHECKING:
    from pulumi.automation import CommandError


@dataclass(frozen=True)
class Diagnostic:
    """One error that the engine reports, and the resource that it is about; empty when it is about none."""

    text: str
    urn: str = ""

    def told(self) -> str:
        """The error in one line, after the resource's name and type."""
        cause = cause_of(self.text)
        if not self.urn or urn_type(self.urn) == STACK_TYPE:
            return cause
        return f"{urn_name(self.urn)} ({urn_type(self.urn)}): {cause}"


_LOGIN: Final = "Pulumi is not logged in: run `pulumi login`, or set PULUMI_BACKEND_URL"
_MEND: Final = "mend that, and run the same command again"
# Each sign of a failure that is about no resource, with what is told of it; `{name}` stands for what the sign's group
# of that name holds.
_TOLD: Final[tuple[tuple[str, str], ...]] = (
    (
        r"passphrase must be set",
        "this stack's secrets need a passphrase: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
    ),
    (
        r"incorrect passphrase",
        "the passphrase is not this stack's: correct PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
    ),
    (r"PULUMI_ACCESS_TOKEN must be set|could not read current account|no credentials provided", _LOGIN),
    (
        r"invalid access token|\[401\] Unauthorized",
        "Pulumi's backend does not accept the access token: run `pulumi login`, or set a valid PULUMI_ACCESS_TOKEN",
    ),
    (
        r"the stack is currently locked by[^\n]*(?:\n[^\n]*created by (?P<who>\S+ \(pid \d+\)) at (?P<when>\S+))?",
        "another run holds this stack's lock{by}: wait for it, or run `pulumi cancel` if it has ended",
    ),
    (
        r"Another update is currently in progress",
        "another run updates this stack now: wait for it, or run `pulumi cancel` if it has ended",
    ),
    (
        r"(?:unable to open (?:state directory|bucket)|read \"\.pulumi/meta\.yaml\"|performing HTTP request)[^\n]*",
        "Pulumi's backend is out of reach: {text}; check the network, PULUMI_BACKEND_URL and `pulumi whoami`",
    ),
    (
        r"no resource plugin 'pulumi-resource-(?P<package>[^']+)' found[^\n]*?(?:at version (?P<version>v\S+)|$)",
        "the provider plugin of package {package} is not installed: run "
        "`pulumi plugin install resource {package} {version}`",
    ),
    (
        r"Detected that (?P<file>\S+) exited prematurely|could not read plugin \[(?P<plugin>[^\]]+)\]",
        "the provider plugin {file} ended as soon as it was started: {last}; install it again with "
        "`pulumi plugin install`",
    ),
    (
        r"(?P<pending>\d+) resource\(s\) with pending operations",
        "{pending} operations of an earlier run were cut off, and nobody knows whether they were done: look into AWS, "
        "then run `pulumi refresh`",
    ),
    (
        r"no stack named '(?P<stack>[^']+)' found",
        "the backend has no stack {stack!r}: run `pulumi stack init {stack}`",
    ),
    (
        r"Target '(?P<target>[^']+)' could not be found in the stack",
        "--target {target}: neither the program nor the stack has it; accepted are URNs as `pulumi stack "
        "--show-urns` prints them, with `*` and `**`",
    ),
    (
        r"Resource '(?P<needs>[^']+)' depends on '(?P<needed>[^']+)' which was (?:was )?not specified in --target",
        "{needs} is a target and needs {needed}, which is not there yet: name it by --target too",
    ),
)


# Each sign of a failure of a resource, with what to do; the resource and the reason come before it.
_CURES: Final[tuple[tuple[str, str], ...]] = (
    (
        r"no valid credential sources|Unable to locate credentials|ExpiredToken|InvalidClientTokenId|"
        r"security token included in the request is (?:expired|invalid)|failed to refresh cached credentials",
        "log in to AWS anew, or name a profile in AWS_PROFILE, and run the same command again",
    ),
    (r"is not allowed by the plan", "it is not what was judged: run the same command again, which judges it anew"),
    (
        r"cannot be deleted\s+because it is protected",
        "take `protect` off in the program and apply that first",
    ),
)


def _compiled(table: Iterable[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(sign, re.MULTILINE), told) for sign, told in table)


_WHOLE: Final = _compiled(_TOLD)
_PER_RESOURCE: Final = _compiled(_CURES)
_EXCEPTION_LINE: Final = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Found|Fault)\b.*: ")
# Lines of a failed command that name no cause: its exit code, labels, and the engine's closing words.
_EMPTY: Final = re.compile(r"code: \d+|(?:error: )?(?:preview|update|destroy) failed|", re.IGNORECASE)
_LABEL: Final = re.compile(r"^\s*(?:stdout|stderr): ?", re.MULTILINE)
_SHOWN: Final = 3


def only_says_that_it_failed(error: str) -> bool:
    """Whether this is the engine's closing line, which follows every refusal and names no cause."""
    return error.strip().lower().removeprefix("error: ") in {"preview failed", "update failed"}


def engine_error(failure: CommandError, diagnostics: Sequence[Diagnostic] = ()) -> EngineError:
    """The engine's failure for people; `detail` holds all that it said."""
    causes = [entry for entry in diagnostics if not only_says_that_it_failed(entry.text)]
    text = "\n".join([*(entry.text for entry in causes), str(failure)])
    known = _known(text)
    if known is not None:
        return EngineError(known, text)
    said = "; ".join(_some([entry.told() for entry in causes])) if causes else _first_cause(text)
    cure = _cure(text)
    return EngineError(f"the Pulumi engine failed: {said}{f'; {cure}' if cure else ''}", text)


def half_way(done: str, failed: Iterable[Diagnostic], failure: EngineError) -> EngineError:
    """A run that ended before all was done: what was done, what failed and why, what to do."""
    named = list(dict.fromkeys(entry.told() for entry in failed))
    known = _known(failure.detail) is not None
    if known or not named:
        return EngineError(f"{failure}; {done}{'' if known else f'; {_MEND}'}", failure.detail)
    detail = "\n".join([*named, failure.detail])
    return EngineError(f"{done}, {len(named)} failed: {'; '.join(_some(named))}; {_cure(detail) or _MEND}", detail)


def cause_of(text: str) -> str:
    """An error in one line; of a traceback (a program's, or a dynamic provider's) the exception that ends it."""
    lines = [line for line in text.splitlines() if line.strip()]
    if "Traceback (most recent call last)" not in text:
        return " ".join(" ".join(lines).split()) or "no reason given"
    own = [line for line in lines if not line[0].isspace()]
    return next((line for line in own if _EXCEPTION_LINE.match(line)), own[-1] if own else lines[-1].strip())


def _known(text: str) -> str | None:
    found = ((sign.search(text), told) for sign, told in _WHOLE)
    return next((_filled(told, match, text) for match, told in found if match), None)


def _cure(text: str) -> str | None:
    return next((told for sign, told in _PER_RESOURCE if sign.search(text)), None)


def _filled(told: str, found: re.Match[str], text: str) -> str:
    parts = {key: value or "" for key, value in found.groupdict().items()}
    parts["file"] = parts.get("file") or parts.get("plugin", "")
    parts["by"] = f" ({parts['who']}, since {parts['when']})" if parts.get("who") else ""
    said = " ".join(found.group().split())
    return " ".join(told.format(**parts, text=said, last=cause_of(text[found.end() :])).split()).replace(" `;", "`;")


def _first_cause(text: str) -> str:
    """The first error line, else the last line that says anything."""
    lines = [line.strip() for line in _LABEL.sub("", text).splitlines()]
    lines = [line for line in lines if not _EMPTY.fullmatch(line)]
    start = next((index for index, line in enumerate(lines) if line.startswith("error:")), None)
    if start is not None:
        said = lines[start].removeprefix("error:").strip()
        return cause_of("\n".join([said, *lines[start + 1 :]])) if said.startswith("Traceback") else said
    return lines[-1] if lines else "it gave no reason; `pulumi preview` says more"


def _some(named: Sequence[str]) -> list[str]:
    more = [f"and {len(named) - _SHOWN} more"] if len(named) > _SHOWN else []
    return [*named[:_SHOWN], *more]
