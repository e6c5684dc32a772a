"""The comparison of alarm designs, as `ial alarms compare --json` shows it."""

from __future__ import annotations

from typing import Literal

from runners.analysis.published import Published, Range


class DesignResult(Published, frozen=True, kw_only=True):
    """What one design would have done.

    Attributes:
        design: Name.
        what: When it rings.
        faults: Faults at which it should ring and was quiet before.
        detected: How many of these it would have told.
        detected_interval: Share of these with its interval, in percent; null without faults.
        detection_seconds: Median from fault to alarm, of those that it told; null without any.
        detection_interval: Its interval; null with fewer than six.
        reset_seconds: Median from the end of the fault until it was quiet; null without any.
        false_alarms: Times that it would have rung with no fault near.
        false_alarms_a_week: The same for a week; null when less than a week was quiet.
        usd_per_month: What it costs at list price.
    """

    design: str
    what: str
    faults: int
    detected: int
    detected_interval: Range | None
    detection_seconds: float | None
    detection_interval: Range | None
    reset_seconds: float | None
    false_alarms: int
    false_alarms_a_week: float | None
    usd_per_month: str


class AlarmDesigns(Published, frozen=True, kw_only=True):
    """The designs of one alarm on the same faults and quiet days.

    Attributes:
        alarm: Name.
        answer: Whether another design is shown to be better, none is, or there is too little to tell.
        better: Design that would have served better; null without one.
        because: What it does better.
        p: Chance of as much if both were alike.
        adds_usd_per_month: What it costs beyond the alarm as it is; negative when it saves.
        designs: All of them, the alarm as it is first.
        said: All of this in a line for people.
    """

    alarm: str
    answer: Literal["better", "none-better", "not-enough-runs"]
    better: str | None
    because: Literal["detects-more", "fewer-false-alarms", "sooner"] | None
    p: float | None
    adds_usd_per_month: str | None
    designs: tuple[DesignResult, ...]
    said: str


class LeftOut(Published, frozen=True, kw_only=True):
    """An alarm that could not be compared.

    Attributes:
        alarm: Name.
        why: Why.
    """

    alarm: str
    why: str


class AlarmComparison(Published, frozen=True, kw_only=True):
    """Alarm designs, replayed over what the metrics were.

    Attributes:
        version: Version of this document.
        stack: The stack.
        since: From when on. UTC, RFC 3339.
        until: Until when. UTC, RFC 3339.
        faults: Runs that say something in that time.
        quiet_days: Days without a fault near.
        alarms: Each alarm.
        left_out: Alarms that could not be compared.
    """

    version: Literal[1]
    stack: str
    since: str
    until: str
    faults: int
    quiet_days: float
    alarms: tuple[AlarmDesigns, ...]
    left_out: tuple[LeftOut, ...]
