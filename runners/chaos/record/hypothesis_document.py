"""What was expected of an experiment and what was seen, as its record has it."""

from __future__ import annotations

from typing import Literal

from contract.parts import RecordPart
from runners.chaos.judging.hypothesis import HypothesisKind


class LookDocument(RecordPart, frozen=True, kw_only=True):
    """One look.

    Attributes:
        at: When.
        value: What was seen; null when there was no data.
        ok: Whether it was fine; null when there was no data.
    """

    at: str
    value: float | None
    ok: bool | None


class ProbeDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """One probe.

    Attributes:
        name: Its name.
        type: What is looked at.
        tolerance: The values that are fine.
        recovered_after_seconds: From the fault until this probe was fine for good; null when it never was.
        samples: The looks, oldest first.
    """

    name: str
    type: str
    tolerance: str
    recovered_after_seconds: float | None
    samples: tuple[LookDocument, ...]


class ExpectationDocument(RecordPart, frozen=True, kw_only=True):
    """What the workload was to do about the fault.

    Attributes:
        name: Name of its probe.
        when: When it was to be so.
        ok: Whether it was; null is not known.
        expected: The values that are fine.
        seen: The value that decided; null when there was no data.
    """

    name: str
    when: Literal["during", "throughout", "after"]
    ok: bool | None
    expected: str
    seen: float | None


class HypothesisDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """What was expected, and what was seen.

    Attributes:
        kind: When the steady state must hold.
        rto_seconds: Within how many seconds it must be back.
        holds: The steady state and every expectation; null is not known.
        probes: The steady state, by probe.
        expectations: What the workload was to do about the fault.
    """

    kind: HypothesisKind
    rto_seconds: int
    holds: bool | None
    probes: tuple[ProbeDocument, ...]
    expectations: tuple[ExpectationDocument, ...]


class EvidenceDocument(RecordPart, frozen=True, kw_only=True):
    """Whether one probe shows that the fault happened.

    Attributes:
        name: Name of the probe.
        ok: Whether it does; null is not known.
        expected: The values that show it.
        seen: The value that decided; null when there was no data.
    """

    name: str
    ok: bool | None
    expected: str
    seen: float | None
