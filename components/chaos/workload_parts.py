"""Parts of the workload that experiments need, by the names that they have in the settings."""

from collections.abc import Iterable

from components.workload import Workload


def missing_part(work: Workload, needed: Iterable[str]) -> str | None:
    """The key of the first part that is needed and not there; None when all is there."""
    return next((_key(part) for part in needed if not getattr(work, part)), None)


def _key(part: str) -> str:
    first, *rest = part.split("_")
    return "workload." + first + "".join(word.capitalize() for word in rest)
