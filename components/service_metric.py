"""A custom metric as a team may define it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from components.reading import Reader

_UNITS: Final[Mapping[str, str]] = {
    unit: unit for unit in ("Count", "Milliseconds", "Seconds", "Bytes", "Percent", "None")
}


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One custom metric, read from the JSON lines of a log group; it has no dimensions."""

    name: str
    pattern: str
    value: str = "1"
    unit: str = "Count"
    log_group: str | None = None

    @property
    def is_measured(self) -> bool:
        """Whether the value comes from the log line, in place of counting lines."""
        return self.value.startswith("$")

    @classmethod
    def read(cls, reader: Reader) -> "Metric":
        """From one entry of `ial:metrics`."""
        return cls(
            name=reader.text("name", r"[A-Za-z][A-Za-z0-9_]{0,99}", "1 to 100 letters, digits and `_`"),
            pattern=reader.text("pattern", r"(?s).{1,1024}", "a CloudWatch Logs filter pattern"),
            value=reader.text(
                "value", r"\$\.\S+|\d+(\.\d+)?", "a number in quotes, or a field such as $.duration_ms", "1"
            ),
            unit=reader.choice("unit", _UNITS, "Count"),
            log_group=reader.maybe_text("logGroup", r"\S{1,512}", "a name of workload.logGroups"),
        )
