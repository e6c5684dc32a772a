"""A bucket's drill against its restore, through the production adapter on the local cloud: one way, so one time.

Three thousand small objects are drilled, restored below a prefix, and rolled back in place. The local cloud answers on
one processor, so the numbers say how the two compare, not how long AWS takes.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

OBJECTS: Final = 3000
ROUNDS: Final = 3
_SOURCE: Final = "benchmark-assets"
_COPIES: Final = "benchmark-copies"


def measure() -> list[str]:
    """Medians of the rounds, in lines for people."""
    from local.server import LocalServer
    from runners.aws.session import AwsClients

    with tempfile.TemporaryDirectory() as folder:
        server = LocalServer(Path(folder) / "local")
        running, _ = server.start()
        try:
            clients = AwsClients("us-east-1", endpoint=running.endpoint.url, keys=("x", "x", None))
            _fill(clients.client("s3"))
            rounds = [_round(clients, Path(folder)) for _ in range(ROUNDS)]
        finally:
            server.stop()
    drill, aside, in_place = (statistics.median(times) for times in zip(*rounds, strict=True))
    return [
        f"drill of {OBJECTS} objects      {drill:6.1f} s",
        f"restore of them aside      {aside:6.1f} s  ({aside / drill - 1:+.0%})",
        f"roll-back of them in place {in_place:6.1f} s  ({in_place / drill - 1:+.0%})",
    ]


def _fill(s3: Any) -> None:
    for name in (_SOURCE, _COPIES):
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    _write(s3, b"good")


def _write(s3: Any, body: bytes) -> None:
    def put(number: int) -> None:
        s3.put_object(Bucket=_SOURCE, Key=f"images/{number:05}", Body=body * 100)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(OBJECTS)))


def _round(clients: Any, folder: Path) -> tuple[float, float, float]:
    """Seconds of the drill, of the restore aside, and of the roll-back of as many overwritten objects."""
    s3 = clients.client("s3")
    drilled = _drill(clients, folder)
    at = datetime.now(UTC).replace(microsecond=0)
    time.sleep(1.1)
    aside = _restore(clients, folder, at, f"aside-{at:%H%M%S}/")
    _remove(s3, f"aside-{at:%H%M%S}/")
    _write(s3, b"ransom")
    in_place = _restore(clients, folder, at, None)
    return drilled, aside, in_place


def _remove(s3: Any, prefix: str) -> None:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=_SOURCE, Prefix=prefix):
        batch = [{"Key": held["Key"], "VersionId": held["VersionId"]} for held in page.get("Versions", [])]
        s3.delete_objects(Bucket=_SOURCE, Delete={"Objects": batch})


def _drill(clients: Any, folder: Path) -> float:
    from pricing.price_book import PriceBook
    from runners.aws.objects import AwsObjects
    from runners.backup.buckets.bucket_drill import BucketDrill
    from runners.backup.drill import DrillLimits, DrillRun
    from runners.backup.lines import Recovered
    from runners.runs.clock import SystemClock
    from runners.runs.journal import Journal
    from runners.runs.run_folder import Runs, new_run_id

    drill = BucketDrill(
        resource=_SOURCE,
        copies=_COPIES,
        window_days=14,
        objects=AwsObjects(clients),
        prices=PriceBook.load(),
        region="us-east-1",
        limits=DrillLimits(every=timedelta(seconds=0.1)),
    )
    clock = SystemClock()
    run = new_run_id(clock.now())
    driven = DrillRun(run, Journal.create(Runs(folder, "drills").journal(run), clock), clock, lambda _: None)
    drill.carry_out(driven)
    measured = driven.result(Recovered)
    drill.clean_up(driven)
    driven.journal.close()
    assert measured is not None
    return measured.rto_seconds


def _restore(clients: Any, folder: Path, at: datetime, into: str | None) -> float:
    from pricing.price_book import PriceBook
    from runners.aws.objects import AwsObjects
    from runners.backup.buckets.bucket_restore import BucketRestore
    from runners.backup.drill import DrillRun
    from runners.runs.clock import SystemClock
    from runners.runs.journal import Journal
    from runners.runs.run_folder import Runs, new_run_id

    clock = SystemClock()
    restore = BucketRestore(
        stack="benchmark",
        bucket=_SOURCE,
        into=into,
        objects=AwsObjects(clients),
        prices=PriceBook.load(),
        region="us-east-1",
        clock=clock,
    )
    plan = restore.plan(at)
    run = new_run_id(clock.now())
    driven = DrillRun(run, Journal.create(Runs(folder, "restores").journal(run), clock), clock, lambda _: None)
    began = time.perf_counter()
    done = restore.carry_out(driven, plan)
    measured = time.perf_counter() - began
    driven.journal.close()
    assert all(check.ok for check in done.checks), done.checks
    return measured
