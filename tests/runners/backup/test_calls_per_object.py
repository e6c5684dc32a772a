"""A drill and a restore, aside or in place, take the same time because they ask the same of each object.

Calls are counted, not seconds: a loaded machine is slow. `benchmarks/bucket_recovery.py` measures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pricing.price_book import PriceBook
from runners.aws.objects import AwsObjects
from runners.aws.session import AwsClients
from runners.backup.buckets.bucket_drill import BucketDrill
from runners.backup.buckets.bucket_restore import BucketRestore
from runners.backup.drill import DrillLimits, DrillRun
from runners.runs.clock import SystemClock
from runners.runs.journal import Journal, closing
from tests.runners.backup.buckets.test_bucket_restore import moment
from tests.runners.backup.owned_buckets import bucket

pytestmark = pytest.mark.cloud
NUMBER = 6
RUN = "20261128-124430-ab12"
OF_OBJECTS = ("HeadObject", "CopyObject", "GetObject", "GetObjectAcl", "GetObjectTagging", "DeleteObject")


@contextmanager
def counted(s3: Any) -> Iterator[Counter[str]]:
    """How often each call about an object was made."""
    made: list[str] = []

    def note(model: Any, **_: Any) -> None:
        made.append(model.name)

    found = Counter[str]()
    s3.meta.events.register("before-call.s3", note, unique_id="counted")
    try:
        yield found
    finally:
        s3.meta.events.unregister("before-call.s3", unique_id="counted")
        found.update(name for name in made if name in OF_OBJECTS)


@pytest.mark.parametrize("ownership", ["BucketOwnerEnforced", "ObjectWriter"])
def test_a_drill_and_a_restore_make_the_same_calls(clients: AwsClients, tmp_path: Path, ownership: str) -> None:
    s3, clock, prices = clients.client("s3"), SystemClock(), PriceBook.load()
    with bucket(s3, ObjectOwnership=ownership) as name, bucket(s3, ObjectOwnership=ownership) as copies:
        for number in range(NUMBER):
            s3.put_object(Bucket=name, Key=f"{number}", Body=b"good")
        at = moment()
        objects = AwsObjects(clients)
        drill = BucketDrill(
            resource=name,
            copies=copies,
            window_days=14,
            objects=objects,
            prices=prices,
            region="us-east-1",
            limits=DrillLimits(),
            sentinel=False,
        )
        in_place = BucketRestore(
            stack="dev", bucket=name, into=None, objects=objects, prices=prices, region="us-east-1", clock=clock
        )
        aside = replace(in_place, into="aside/")

        with closing(Journal.create(tmp_path / "drill.jsonl", clock)) as journal, counted(s3) as drilled:
            drill.carry_out(DrillRun(RUN, journal, clock, lambda _: None))
        found = []
        for restore in (aside, in_place):
            plan = restore.plan(at)
            for number in range(NUMBER):
                # In place one half was deleted, the other is overwritten.
                s3.delete_object(Bucket=name, Key=f"{number}")
                if number % 2:
                    s3.put_object(Bucket=name, Key=f"{number}", Body=b"bad")
            # Copies aside are new since then, and would be hidden in place.
            for held in objects.versions(name, "aside/"):
                s3.delete_object(Bucket=name, Key=held.key, VersionId=held.id)
            with (
                closing(Journal.create(tmp_path / f"{restore.into is None}.jsonl", clock)) as journal,
                counted(s3) as made,
            ):
                restore.carry_out(DrillRun(RUN, journal, clock, lambda _: None), plan)
            found.append(made)
    each = {"HeadObject": 1, "CopyObject": 1, "GetObject": 2}
    # Where ACLs count, both sides are asked for theirs; a restore asks once more, to keep it.
    compared, kept = (2, 3) if ownership == "ObjectWriter" else (0, 0)
    assert +drilled == {name: number * NUMBER for name, number in (each | {"GetObjectAcl": compared}).items() if number}
    assert found[0] == found[1]
    assert +found[0] == {name: number * NUMBER for name, number in (each | {"GetObjectAcl": kept}).items() if number}
