from __future__ import annotations

import pytest

from pricing.billing import Unpriceable
from pricing.rules.databases import vcpus


@pytest.mark.parametrize(
    ("instance_class", "count"),
    [("db.t3.micro", 2), ("db.t4g.medium", 2), ("db.m5.large", 2), ("db.m5.xlarge", 4), ("db.r6g.16xlarge", 64)],
)
def test_the_size_tells_the_vcpus(instance_class: str, count: int) -> None:
    assert vcpus(instance_class) == count


@pytest.mark.parametrize("instance_class", ["db.m5", "db.m5.metal", "micro-1"])
def test_a_size_that_tells_nothing_is_refused(instance_class: str) -> None:
    with pytest.raises(Unpriceable, match="a class like db"):
        vcpus(instance_class)
