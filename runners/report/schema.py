"""The published schema of the report, made from its structs: `python -m runners.report.schema` writes it."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from contract.schema import write
from runners.report.model import Report

# By file, the struct and the title.
PUBLISHED: Final[dict[str, tuple[type[Struct], str]]] = {"report.schema.json": (Report, "Report of a stack's runs")}


if __name__ == "__main__":
    write(published=PUBLISHED)
