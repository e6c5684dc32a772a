"""Measures speed and prints medians. It asserts nothing: machines differ, and a measurement is no test."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks import (
    bucket_recovery,
    chaos_overhead,
    preview_scale,
    pricing_growth,
    run_analysis,
    start_up,
    table_validation,
    verdicts,
)

BENCHMARKS: tuple[tuple[str, Callable[[], list[str]]], ...] = (
    ("Start-up", start_up.measure),
    ("Verdict of the example stack", verdicts.measure),
    ("Pricing, by number of resources", pricing_growth.measure),
    ("Preview, by number of resources", preview_scale.measure),
    ("Validation of a restored table", table_validation.measure),
    ("Drill and restore of a bucket", bucket_recovery.measure),
    ("Analysis, by number of records", run_analysis.measure),
    ("What a run adds around an experiment of FIS", chaos_overhead.measure),
)


def main() -> None:
    for title, measure in BENCHMARKS:
        print(f"{title}")
        for line in measure():
            print(f"  {line}")


if __name__ == "__main__":
    main()
