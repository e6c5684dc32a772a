"""How calls are slowed down, of instances as of tasks."""

from dataclasses import dataclass

from components.chaos.fault_settings import FaultSettings, duration, setting
from components.reading import Reader


def read_sources(reader: Reader) -> str | None:
    """What calls are slowed down, as FIS's actions take it."""
    return reader.maybe_text("sources", r"[\w./:,-]{1,512}", "addresses, ranges or names, with commas between them")


@dataclass(frozen=True, kw_only=True)
class LatencySettings(FaultSettings):
    """How long, by how many milliseconds, and what it is that is called."""

    seconds: int = duration()
    delay_ms: int = setting("delayMs", lambda reader: reader.whole("delayMs", 1, 10_000, 200))
    jitter_ms: int = setting("jitterMs", lambda reader: reader.whole("jitterMs", 0, 1000, 20))
    sources: str | None = setting("sources", read_sources)
