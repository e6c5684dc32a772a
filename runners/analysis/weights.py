"""What counts how much in the resilience score. Whoever changes a number raises the version."""

from __future__ import annotations

from typing import Final

from runners.analysis.score_model import Weights

WEIGHTS: Final = Weights(
    version=1,
    hypothesis=0.40,
    recovery=0.25,
    detection=0.20,
    rollback=0.15,
    failed_cap=50.0,
    fresh_days=30.0,
    stale_days=90.0,
    stale_share=0.5,
    coverage_days=30.0,
)
