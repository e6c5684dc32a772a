"""What scipy says of seeded series: `python -m tests.runners.analysis.statistics.oracle` writes it down.

scipy is 200 MB and no dependency. Whoever has it (extra `oracle`) can write the file anew; the tests read it.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any, Final

RECORDED: Final = Path(__file__).with_name("oracle.json")


def cases() -> list[dict[str, list[float]]]:
    """Series with and without ties, of eight to thirty values."""
    chance, found = Random(11), []
    for count in (8, 10, 12, 15, 20, 30):
        for ties in (False, True):
            values = [float(chance.randrange(6)) if ties else round(chance.gauss(0, 1), 6) for _ in range(count)]
            moments = [float(number * 7 + chance.randrange(3)) for number in range(count)]
            found.append({"x": moments, "y": values})
    return found


def asked() -> dict[str, Any]:
    """Everything that is compared."""
    from scipy import stats  # type: ignore[import-not-found, import-untyped, unused-ignore]

    series = []
    for case in cases():
        x, y = case["x"], case["y"]
        slope = stats.theilslopes(y, x, 0.95)
        tau = stats.kendalltau(range(len(y)), y, method="exact" if len(set(y)) == len(y) else "asymptotic")
        exact = len(set(y)) == len(y)
        series.append(
            {
                **case,
                "slope": [float(slope.slope), float(slope.low_slope), float(slope.high_slope)],
                "tau": float(tau.statistic),
                "p": float(tau.pvalue) if exact else None,
            }
        )
    shares = []
    for good, count in ((50, 52), (22, 22), (11, 12), (0, 10), (199, 200), (3, 7)):
        test = stats.binomtest(good, count)
        intervals = [test.proportion_ci(method=method) for method in ("wilson", "exact")]
        shares.append(
            {"good": good, "count": count, "intervals": [[float(ci.low), float(ci.high)] for ci in intervals]}
        )
    ps = [0.01, 0.04, 0.03, 0.5, 0.0004, 0.2]
    halves = [([1.0, 4.0, 2.0, 8.0], [5.0, 7.0, 9.0, 3.5, 11.0]), ([1.5, 2.5, 3.5], [0.5, 4.5, 5.5, 6.5])]
    ranks = [{"before": a, "after": b, "p": float(stats.mannwhitneyu(a, b, method="exact").pvalue)} for a, b in halves]
    return {
        "series": series,
        "shares": shares,
        "discoveries": {"p": ps, "q": [float(q) for q in stats.false_discovery_control(ps)]},
        "ranks": ranks,
    }


def main() -> None:
    RECORDED.write_text(json.dumps(asked(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
