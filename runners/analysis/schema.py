"""The published schemas of the analysis, made from its structs: `python -m runners.analysis.schema` writes them."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from contract.schema import write
from runners.analysis.alerts.comparison_model import AlarmComparison
from runners.analysis.model import Analysis
from runners.analysis.score_model import Score

# By file, the struct and the title.
PUBLISHED: Final[dict[str, tuple[type[Struct], str]]] = {
    "analysis.schema.json": (Analysis, "Analysis of a stack's runs"),
    "alarms-compare.schema.json": (AlarmComparison, "Comparison of alarm designs"),
    "score.schema.json": (Score, "Resilience score of a stack"),
}


if __name__ == "__main__":
    write(published=PUBLISHED)
