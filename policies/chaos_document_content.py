"""What a document of the stack's own says: it ends in time, cleans up, and lets nothing into its script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from contract.reading.errors import ReadingError
from contract.reading.yaml_text import read_yaml
from policies.chaos_actions import LONGEST_SECONDS, UNDO_SECONDS
from pricing.resource import Plain

DURATION: Final = "DurationSeconds"
LONGEST_INSIDE: Final = LONGEST_SECONDS - UNDO_SECONDS
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_SHELL: Final = tuple("'\"`$\\;&|<>()[]{}*?!#~\n\r\t %")
_AROUND: Final = ("{}", "a{}", "{}a", "a{}a", "1{}1", "a{}a{}a", "{}(a)", "1{}1{}1")
# Every number of up to five digits is tried, and some that are longer.
_FIVE_DIGITS: Final = 10**5
# What `sleep` takes, too: units, fractions, hexadecimals, exponents, no end.
_UNITS: Final = ("m", "h", "d")
_FORMS: Final = ("{}s", "{}.0", "0x{:x}")
_ENDLESS: Final = ("1e4", "1e9", "inf", "infinity")


def content_of(text: Plain) -> Mapping[str, Any] | None:
    """The document; None when it is unknown, or none. JSON is YAML, too."""
    if not isinstance(text, str):
        return None
    try:
        found = read_yaml(text, "content").data
    except ReadingError:
        return None
    return found if isinstance(found, dict) else None


def parameters_of(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the document takes, by name."""
    found = content.get("parameters")
    return found if isinstance(found, dict) else {}


def content_faults(content: Mapping[str, Any] | None) -> Iterator[str]:
    """What is wrong with the document, whoever runs it."""
    if content is None:
        yield "its content is unknown at preview, or no document; write it out"
        return
    listed = content.get("mainSteps")
    steps = [step for step in listed if isinstance(step, dict)] if isinstance(listed, list) else []
    if str(content.get("schemaVersion")) == "2.2":
        yield from _command_faults(parameters_of(content), steps)
    elif str(content.get("schemaVersion")) == "0.3":
        if not any(_goes_on(step, "onFailure") and _goes_on(step, "onCancel") for step in steps):
            yield "no step cleans up: set `onFailure` and `onCancel` of the step that injects to the one that undoes"
    else:
        yield f"its schemaVersion is {content.get('schemaVersion')!r}; accepted: 2.2 (command), 0.3 (automation)"


def _command_faults(parameters: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not any(_inputs(step).get("finallyStep") is True for step in steps):
        yield "no step cleans up whatever happens; add one with the input `finallyStep: true`"
    for step in steps:
        limit = str(_inputs(step).get("timeoutSeconds"))
        if not (_NUMBER.fullmatch(limit) and 0 < int(limit) <= LONGEST_SECONDS):
            yield f"step {step.get('name')} has no `timeoutSeconds` of 1 to {LONGEST_SECONDS}; set it"
    if not isinstance(parameters.get(DURATION), dict):
        yield f"it has no parameter `{DURATION}`: nothing says when its fault ends; add it"
        return
    if _may_be_too_long(parameters[DURATION]):
        yield f"`{DURATION}` may be longer than {LONGEST_INSIDE} s; limit its allowedPattern or allowedValues"
    for name, about in sorted(parameters.items()):
        if not isinstance(about, dict) or any(map(_acceptor(about), _dangerous())):
            yield f"parameter `{name}` may carry commands into the script; set an allowedPattern that a shell ignores"


def _may_be_too_long(about: Mapping[str, Any]) -> bool:
    values = about.get("allowedValues")
    if isinstance(values, list) and values:
        return not all(_NUMBER.fullmatch(str(value)) and int(str(value)) <= LONGEST_INSIDE for value in values)
    return any(map(_acceptor(about), _too_long()))


def _too_long() -> Iterator[str]:
    for number in range(LONGEST_INSIDE + 1, _FIVE_DIGITS):
        yield str(number)
    for digits in range(6, 13):
        yield from ("1" + "0" * (digits - 1), "9" * digits, "123456789012"[:digits])
    for number in range(1000):
        yield from (f"{number}{unit}" for unit in _UNITS)
    for number in (LONGEST_INSIDE + 1, LONGEST_SECONDS, 2 * LONGEST_SECONDS, 86400, _FIVE_DIGITS - 1):
        yield from (form.format(number) for form in _FORMS)
    yield from _ENDLESS


def _acceptor(about: Mapping[str, Any]) -> Callable[[str], bool]:
    """Whether SSM would take a value. A pattern counts as a whole only when it says so."""
    values, pattern = about.get("allowedValues"), about.get("allowedPattern")
    if isinstance(values, list) and values:
        texts = {str(value) for value in values}
        return lambda text: text in texts
    if not isinstance(pattern, str):
        return lambda _: True
    try:
        # A line break at the very end is all that `$` lets through, and it ends no quoted text.
        known = re.compile(re.sub(r"\$$", r"\\Z", pattern))
    except re.error:
        return lambda _: True
    return lambda text: known.search(text) is not None


def _dangerous() -> Iterator[str]:
    for character in _SHELL:
        for around in _AROUND:
            yield around.replace("{}", character)


def _inputs(step: Mapping[str, Any]) -> Mapping[str, Any]:
    inputs = step.get("inputs")
    return inputs if isinstance(inputs, dict) else {}


def _goes_on(step: Mapping[str, Any], when: str) -> bool:
    return str(step.get(when)).startswith("step:")
