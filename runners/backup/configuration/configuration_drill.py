"""The drill of the configuration: copied aside, read back, compared."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from contract.suites import CONFIGURATION
from pricing.price_book import PriceBook
from runners.backup.buckets.bucket_drill import COPIES
from runners.backup.buckets.objects import Objects
from runners.backup.configuration.configuration import Sources, copy_configuration, verify
from runners.backup.configuration.lines import FilesCopied, FilesReadBack
from runners.backup.drill import Cost, DrillLimits, DrillRun
from runners.backup.evidence import Check, Kind
from runners.backup.known_cost import known_cost
from runners.backup.lines import Recovered
from runners.runs.clock import rfc3339
from runners.runs.reason import Obstacle

_MOST_FILES = 200


@dataclass(frozen=True, kw_only=True)
class ConfigurationDrill:
    """Everything from which the stack could be made again."""

    stack: str
    bucket: str
    objects: Objects
    sources: Sources
    prices: PriceBook
    region: str
    limits: DrillLimits

    kind = Kind.CONFIGURATION
    resource = CONFIGURATION
    required = frozenset({"complete", "readable", "recovery-time"})

    def cost(self) -> Cost:
        """What a run costs at most."""
        return known_cost(self.prices, self.region, [("requests", Decimal(2 * _MOST_FILES), "s3.requests.write")])

    def obstacles(self) -> list[Obstacle]:
        """Why it cannot be drilled now: never."""
        return []

    def carry_out(self, run: DrillRun) -> None:
        """Copies aside and reads back; may be called again for the same run."""
        prefix = f"{COPIES}/{run.id}/configuration"
        run.step(FilesCopied, lambda: self._copy(run, prefix), "copying the configuration aside")
        seen = run.step(FilesReadBack, lambda: self._read_back(prefix), "reading it back")
        missing, wrong = seen.missing, seen.wrong
        run.check(
            Check(
                name="complete",
                ok=not missing,
                expected="state, outputs and program",
                observed="all of them" if not missing else "not all of them",
                detail=", ".join(missing),
            )
        )
        run.check(
            Check(
                name="readable",
                ok=not wrong,
                expected=f"{seen.files} files, unchanged",
                observed="exactly that" if not wrong else f"{len(wrong)} of them are not",
                detail=", ".join(wrong),
            )
        )
        taken = seen.taken
        rto = round(run.seconds("restore") or 0.0, 3)
        run.step(Recovered, lambda: Recovered(restored_to=taken, rto_seconds=rto, rpo_seconds=0.0))
        run.check(self.limits.objective_check(rto))

    def clean_up(self, run: DrillRun) -> list[str]:
        """Removes the copy."""
        if run.began("copy") is None:
            return []
        return self.objects.remove(self.bucket, list(self.objects.versions(self.bucket, f"{COPIES}/{run.id}/")))

    def _copy(self, run: DrillRun, prefix: str) -> FilesCopied:
        copied = copy_configuration(self.objects, self.bucket, self.sources(), prefix, rfc3339(run.clock.now()))
        return FilesCopied(files=len(copied.files))

    def _read_back(self, prefix: str) -> FilesReadBack:
        found = verify(self.objects, self.bucket, prefix)
        complete = next(check for check in found.checks if check.name == "complete")
        wrong = [f"{check.name}: {check.detail or check.observed}" for check in found.checks if not check.ok]
        return FilesReadBack(
            files=len(found.copy.files),
            taken=found.copy.taken,
            missing=[] if complete.ok else [complete.detail],
            wrong=[text for text in wrong if not text.startswith("complete: ")],
        )
