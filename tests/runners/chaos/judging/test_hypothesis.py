from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.chaos.judging.hypothesis import (
    HypothesisKind,
    Sample,
    Tolerance,
    Window,
    baseline,
    degraded_seconds,
    outcome,
    recovered_after,
)

T0 = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
AT_MOST_ONE = Tolerance(at_most=1)


def second(number: float) -> datetime:
    return T0 + timedelta(seconds=number)


def window(lifted: float = 60, ended: float = 120, rto: float = 60, stability: float = 20) -> Window:
    return Window(
        injected=T0,
        lifted=second(lifted),
        ended=second(ended),
        rto=timedelta(seconds=rto),
        stability=timedelta(seconds=stability),
    )


def samples(text: str, every: float = 10, probe: str = "errors", first: float = 0) -> list[Sample]:
    """`0` is fine, `X` is not, `-` gave no data; one character each `every` seconds."""
    values = {"0": 0.0, "X": 5.0, "-": None}
    return [
        Sample.of(second(first + number * every), probe, values[char], AT_MOST_ONE) for number, char in enumerate(text)
    ]


@pytest.mark.parametrize(
    ("tolerance", "value", "holds", "told"),
    [
        (Tolerance(at_most=1), 1, True, "at most 1"),
        (Tolerance(at_most=1), 1.01, False, "at most 1"),
        (Tolerance(at_least=2), 2, True, "at least 2"),
        (Tolerance(at_least=2), 1.9, False, "at least 2"),
        (Tolerance(at_least=2, at_most=3), 2.5, True, "at least 2 and at most 3"),
        (Tolerance(at_least=2, at_most=3), 3.5, False, "at least 2 and at most 3"),
        (Tolerance(), 1e9, True, "anything"),
    ],
)
def test_tolerances(tolerance: Tolerance, value: float, holds: bool, told: str) -> None:
    assert tolerance.holds(value) is holds
    assert str(tolerance) == told


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("0000000000000", True),
        ("000X000000000", False),
        ("0000000X00000", True),
        # What goes on when the fault is over is no less broken for that.
        ("0000000XXXXXX", False),
        ("000000000X000", True),
        ("0000000000X00", False),
        ("-------------", None),
        ("------ -", None),
    ],
)
def test_sustained_counts_the_fault_s_time_only(text: str, holds: bool | None) -> None:
    """The fault lasts for 60 s: seven looks."""
    found = outcome(HypothesisKind.SUSTAINED, samples(text.replace(" ", "-")), window(), ["errors"])
    assert found.holds is holds


@pytest.mark.parametrize(
    ("text", "holds", "after"),
    [
        ("0000000000000", True, 0),
        ("0XXX000000000", True, 40),
        ("0XXXXX0000000", True, 60),
        ("0XXXXXX000000", False, 70),
        ("0XX0X00000000", True, 50),
        ("0XXXXXXXXXXXX", False, None),
        ("0XXX0000000X0", False, None),
        ("-------------", None, None),
    ],
)
def test_recovery_is_from_when_it_stays(text: str, holds: bool | None, after: float | None) -> None:
    found = outcome(HypothesisKind.RECOVERY, samples(text), window(), ["errors"])
    assert (found.holds, found.recovered_after) == (holds, after)


def test_recovery_needs_the_whole_stability_window() -> None:
    seen = samples("0XXX0")
    assert recovered_after(seen, window(ended=60)) == 40
    assert recovered_after(seen, window(ended=59)) is None


def test_the_slowest_probe_decides() -> None:
    both = samples("0XX0000000000", probe="errors") + samples("0XXXX00000000", probe="latency", first=1)
    found = outcome(HypothesisKind.RECOVERY, both, window(), ["errors", "latency"])
    assert found.recovered_after == 50
    assert found.degraded_seconds == 41


def test_reasons_name_the_probe() -> None:
    found = outcome(HypothesisKind.SUSTAINED, samples("0XX0000000000"), window(), ["errors"])
    assert found.reasons == ("errors: 2 samples out of tolerance, first 5",)
    assert found.ok_ratio == pytest.approx(5 / 7)
    late = outcome(HypothesisKind.RECOVERY, samples("0XXXXXXX000000"), window(rto=30), ["errors"])
    assert late.reasons == ("recovered after 80 s, the objective is 30 s",)
    never = outcome(HypothesisKind.RECOVERY, samples("0XXXXXXXXXXXX"), window(), ["errors"])
    assert never.reasons == ("errors did not recover for good within 60 s",)


def test_what_was_not_seen_is_counted() -> None:
    found = outcome(HypothesisKind.SUSTAINED, samples("0-0-"), window(), ["errors"])
    assert found.unseen == 0.5


def test_a_blind_probe_does_not_drown_among_the_others() -> None:
    both = samples("0000000000000") + samples("---", every=60, probe="latency")
    for kind in HypothesisKind:
        found = outcome(kind, both, window(), ["errors", "latency"])
        assert (found.unseen, found.holds) == (1.0, None)
        assert found.reasons == ("latency: no data at the end",)
        assert outcome(kind, samples("0000000000000"), window(), ["errors", "latency"]).unseen == 1.0


@pytest.mark.parametrize(
    ("text", "holds"),
    [("00000000000--", True), ("0000000000---", None), ("00000000X----", False), ("0X0000000----", None)],
)
def test_data_is_needed_when_all_must_be_fine(text: str, holds: bool | None) -> None:
    """The last 20 s count: three looks."""
    found = outcome(HypothesisKind.RECOVERY, samples(text), window(), ["errors"])
    assert found.holds is holds, found.reasons


def test_of_a_period_that_is_longer_than_the_stability_window_the_last_one_counts() -> None:
    both = samples("0000000000000") + samples("00", every=90, probe="latency")
    assert outcome(HypothesisKind.RECOVERY, both, window(), ["errors", "latency"]).holds


@pytest.mark.parametrize(
    ("looks", "gaps"),
    [
        (range(0, 121, 10), ()),
        ((0, 60, 120), ()),
        ((60, 120), ()),
        ((0, 60), ()),
        ((61, 120), ("healthy: nobody looked for 61 s",)),
        ((0, 10, 75, 120), ("healthy: nobody looked for 65 s",)),
        ((0, 10, 50), ("healthy: nobody looked for 70 s",)),
        ((), ("healthy: nobody looked for 120 s",)),
    ],
)
def test_holes_in_time(looks: list[int], gaps: tuple[str, ...]) -> None:
    own = [sample for at in looks for sample in samples("0", probe="healthy", first=at)]
    both = own + samples("000", every=60)
    assert outcome(HypothesisKind.RECOVERY, both, window(), ["healthy", "errors"], ["healthy"]).gaps == gaps
    # What CloudWatch keeps has no holes that matter here.
    assert outcome(HypothesisKind.RECOVERY, both, window(), ["healthy", "errors"]).gaps == ()


def test_a_look_without_data_is_no_look() -> None:
    blind = samples("0-------00000")
    assert outcome(HypothesisKind.RECOVERY, blind, window(), ["errors"], ["errors"]).gaps == (
        "errors: nobody looked for 80 s",
    )


@pytest.mark.parametrize(
    ("bad", "fine", "holds"), [(40, 110, None), (40, 59, True), (61, 110, False), (0, 100, None), (40, 80, False)]
)
def test_recovery_in_a_hole_is_not_known(bad: int, fine: int, holds: bool | None) -> None:
    """The objective is 60 s; nobody looked between the two looks, if they are far apart."""
    seen = [*samples("X", first=bad), *samples("0", first=fine), *samples("0", first=130)]
    found = outcome(HypothesisKind.RECOVERY, seen, window(ended=130), ["errors"], ["errors"])
    assert found.holds is holds, found


def test_a_hole_before_the_objective_excuses_nothing() -> None:
    seen = [*samples("X", first=70), *samples("X", first=99), *samples("0000", first=109)]
    found = outcome(HypothesisKind.RECOVERY, seen, window(ended=139, rto=100), ["errors"], ["errors"])
    assert (found.holds, found.recovered_after) == (False, 109)
    assert found.gaps == ("errors: nobody looked for 70 s",)


@pytest.mark.parametrize(("text", "holds"), [("000", True), ("0X0", False), ("---", None), ("0--", True)])
def test_baselines(text: str, holds: bool | None) -> None:
    assert baseline(samples(text), ["errors"])[0] is holds


def test_a_probe_without_any_sample_leaves_the_baseline_unknown() -> None:
    assert baseline(samples("000"), ["errors", "latency"]) == (None, ("latency: no sample has data",))


def test_degraded_to_the_end_when_the_last_look_was_bad() -> None:
    assert degraded_seconds(samples("0XX"), second(50)) == 40
    assert degraded_seconds(samples("000"), second(50)) == 0


def test_what_was_seen_before_the_injection_is_not_judged() -> None:
    before = samples("X", first=-10)
    for kind in HypothesisKind:
        found = outcome(kind, before + samples("0000000000000"), window(), ["errors"])
        assert (found.holds, found.ok_ratio, found.degraded_seconds) == (True, 1.0, 0.0)
        at = outcome(kind, samples("X000000000000"), window(), ["errors"])
        assert at.ok_ratio == pytest.approx(6 / 7)
        assert at.degraded_seconds == 10.0


def test_without_data_nothing_is_said() -> None:
    found = outcome(HypothesisKind.SUSTAINED, samples("--"), window(), ["errors"], ["errors"])
    assert (found.holds, found.ok_ratio, found.unseen, found.recovered_after) == (None, None, 1.0, None)
    assert (found.degraded_seconds, found.gaps) == (0.0, ("errors: nobody looked for 120 s",))
    assert outcome(HypothesisKind.SUSTAINED, samples("0000000"), window(), []).unseen == 1.0


@pytest.mark.parametrize(("text", "holds"), [("000000X000000", False), ("0000000X00000", True)])
def test_the_fault_s_time_ends_with_the_look_at_its_end(text: str, holds: bool) -> None:
    """The fault lasts for 60 s."""
    found = outcome(HypothesisKind.SUSTAINED, samples(text), window(), ["errors"])
    assert found.holds is holds
    assert found.ok_ratio == pytest.approx(1 if holds else 6 / 7)


@pytest.mark.parametrize(
    ("one", "other", "seconds"),
    [
        # Side by side, one within the other, one after the other, and with time between them.
        ((0, "X0"), (5, "X0"), 15),
        ((0, "XXX0"), (10, "X0"), 30),
        ((0, "X0"), (10, "X0"), 20),
        ((0, "X0"), (30, "X0"), 20),
    ],
)
def test_time_that_two_probes_are_broken_counts_once(
    one: tuple[int, str], other: tuple[int, str], seconds: float
) -> None:
    seen = [
        *samples(one[1], probe="errors", first=one[0]),
        *samples(other[1], probe="latency", first=other[0]),
    ]
    assert degraded_seconds(seen, second(60)) == seconds


@pytest.mark.parametrize(("bad", "holds"), [(59, None), (60, None), (61, False)])
def test_broken_at_the_objective_and_unseen_from_then_on_is_not_known(bad: int, holds: bool | None) -> None:
    seen = [*samples("X", first=bad), *samples("00", first=bad + 61)]
    found = outcome(HypothesisKind.RECOVERY, seen, window(ended=bad + 81), ["errors"], ["errors"])
    assert found.holds is holds, found


TEXTS = st.text("0X-", min_size=1, max_size=13)
KINDS = st.sampled_from(list(HypothesisKind))


@given(TEXTS, KINDS)
def test_worse_samples_never_make_it_hold(text: str, kind: HypothesisKind) -> None:
    good, worse = (outcome(kind, samples(given), window(), ["errors"]) for given in (text, text.replace("0", "X", 1)))
    assert not (good.holds is False and worse.holds is True)
    assert worse.degraded_seconds >= good.degraded_seconds or "0" not in text


@given(TEXTS, KINDS)
def test_measures_stay_in_their_bounds(text: str, kind: HypothesisKind) -> None:
    found = outcome(kind, samples(text), window(ended=150), ["errors"])
    assert found.ok_ratio is None or 0 <= found.ok_ratio <= 1
    assert found.unseen is not None
    assert 0 <= found.unseen <= 1
    assert 0 <= found.degraded_seconds <= 150
    assert found.recovered_after is None or 0 <= found.recovered_after <= 120
    assert (found.holds is None) or found.ok_ratio is not None


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 120), st.sampled_from("0X-")), min_size=1), KINDS)
def test_the_order_of_samples_does_not_matter(rows: list[tuple[str, int, str]], kind: HypothesisKind) -> None:
    unique = {(probe, at): char for probe, at, char in rows}
    seen = [samples(char, probe=probe, first=at)[0] for (probe, at), char in unique.items()]
    assert outcome(kind, seen, window(), "ab", "a") == outcome(kind, seen[::-1], window(), "ab", "a")
