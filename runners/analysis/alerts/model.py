"""Accuracy of one alarm, as it is published."""

from __future__ import annotations

from runners.analysis.published import Published, Range


class AlarmAccuracy(Published, frozen=True, kw_only=True):
    """How far one alarm can be believed.

    Attributes:
        alarm: Name.
        right: Faults at which it rang, as was expected.
        missed: Faults at which it was expected and did not ring.
        wrong: Runs in which it rang although nobody expected it, those without a fault included.
        quiet: Runs without a fault in which it kept quiet, as it should.
        excluded: Runs in which it rang before the fault already, which prove nothing.
        precision: Right of all times that it rang, in percent; null below 20 of them, where the interval tells.
        precision_interval: Its interval.
        recall: Right of all times that it should have rung, in percent; null below 20 of them.
        recall_interval: Its interval.
        detection_seconds: Median of the seconds from fault to alarm; null where no record tells.
        detection_interval: Its interval; null with fewer than six.
        reset_seconds: Median of the seconds from the end of the fault until it was quiet again.
        reset_interval: Its interval; null with fewer than six.
        still_ringing: Runs at whose end it still rang: their reset time is longer than what was seen.
        flaps: Times that it rang again within one run.
    """

    alarm: str
    right: int
    missed: int
    wrong: int
    quiet: int
    excluded: int
    precision: float | None
    precision_interval: Range | None
    recall: float | None
    recall_interval: Range | None
    detection_seconds: float | None
    detection_interval: Range | None
    reset_seconds: float | None
    reset_interval: Range | None
    still_ringing: int
    flaps: int
