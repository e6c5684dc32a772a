"""What a preview is compared with, and how much more it may cost. What only a comparison needs is imported late."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from contract.reading.numbers import number_of
from pricing.increase import MaxIncrease
from runners.errors import InputError

if TYPE_CHECKING:
    from preview.existing import Existing
    from preview.resource_file import ResourceFile
    from pricing.base_report import BaseReport
    from pricing.delta import Delta
    from pricing.estimate import Estimate
    from runners.gate.judging import Case


@dataclass(frozen=True)
class Deployed:
    """What a state export says is deployed."""

    source: str
    file: ResourceFile


Base: TypeAlias = "BaseReport | Deployed"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The base that was named, if any, and the most that a change may add to it."""

    report: Path | None = None
    state: Path | None = None
    most: MaxIncrease

    @classmethod
    def of(cls, report: Path | None, state: Path | None, most: str | None) -> Comparison:
        """What `--against`, `--against-state` and `--max-increase` say together.

        Raises:
            InputError: they contradict each other.
        """
        if report is not None and state is not None:
            msg = "--against and --against-state both name a base; give one of them"
            raise InputError(msg)
        if most is not None and report is None and state is None:
            msg = "--max-increase needs a base: give --against or --against-state"
            raise InputError(msg)
        return cls(report=report, state=state, most=_max_increase(most))

    def open(self) -> Base | None:
        """Reads the base; None when none was named.

        Raises:
            ResourceFileError: the file cannot be used.
        """
        if self.report is not None:
            from pricing.base_report import read_base_report

            return read_base_report(self.report)
        if self.state is not None:
            from preview.resource_file import read_resource_file

            return Deployed(str(self.state), read_resource_file(self.state))
        return None

    def delta(self, case: Case, estimate: Estimate, base: Base) -> Delta:
        """Head against a base report, or against what is deployed, priced under the same terms."""
        from pricing.delta import compare, priced_resources

        head = priced_resources(estimate)
        if not isinstance(base, Deployed):
            doubt = f"{base.source}: this base was incomplete, so the difference is a guess"
            return compare(base.resources, head, source=base.source, notes=() if base.complete else (doubt,))
        file, source = base.file, base.source
        deployed = case.price(file.graph)
        notes = (*file.notes, *(f"{source}: {problem.message}" for problem in deployed.problems if problem.urn))
        return compare(priced_resources(deployed), head, source=source, replaced=file.replaced, notes=notes)


def existing_in(base: Base | None) -> Existing | None:
    """What a base says is there already; a report says nothing of that."""
    return base.file.existing if isinstance(base, Deployed) else None


def _max_increase(text: str | None) -> MaxIncrease:
    """The limit that `--max-increase` gives: `2.50` is an amount in USD a month, `10%` a share of the base.

    Raises:
        InputError: it is neither.
    """
    if text is None:
        return MaxIncrease()
    number = number_of(text.removesuffix("%").strip())
    if number is None or number < 0:
        msg = f"--max-increase {text!r}: accepted are an amount in USD such as 2.50, and a percentage such as 10%"
        raise InputError(msg)
    return MaxIncrease(percent=number) if text.endswith("%") else MaxIncrease(amount=number)
