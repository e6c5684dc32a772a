"""What an experiment's file expects the workload to do about the fault, beyond being steady."""

from dataclasses import dataclass

from msgspec.structs import asdict

from components.chaos.probe_spec import ProbeSpec
from components.reading import Reader
from components.settings import Settings
from contract.probes import Expectation, When

_MOMENTS: dict[str, When] = {"during": "during", "throughout": "throughout", "after": "after"}


@dataclass(frozen=True, kw_only=True)
class ExpectationSpec:
    """One expectation: a probe, and when it must be in tolerance."""

    probe: ProbeSpec
    when: When

    @classmethod
    def read(cls, reader: Reader) -> "ExpectationSpec":
        """From one entry of `expect`."""
        found = cls(probe=ProbeSpec.read(reader), when=reader.choice("when", _MOMENTS, "after"))
        if found.when != "after" and found.probe.type != "metric":
            raise reader.refuse("when", "after; only CloudWatch's metrics can be looked at later")
        return found

    def document(self, settings: Settings) -> Expectation:
        """The expectation in the stack's outputs."""
        return Expectation(**asdict(self.probe.document(settings)), when=self.when)
