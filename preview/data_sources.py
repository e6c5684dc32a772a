"""Data sources without a cloud: what the stack's settings can answer, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from preview.registration import Provisioner
from preview.wire import plain_properties
from pricing.resource import Plain

_PARTITIONS: Final = {"cn-": ("aws-cn", "amazonaws.com.cn"), "us-gov-": ("aws-us-gov", "amazonaws.com")}


class DataSources:
    """Answers region and partition from `aws:region`; asks the provisioner for the rest when there is one."""

    def __init__(self, config: Mapping[str, str], provisioner: Provisioner | None) -> None:
        self._region = config.get("aws:region")
        self._provisioner = provisioner

    def answer(self, token: str, args: Mapping[str, object]) -> Mapping[str, Plain] | None:
        """The result of a data-source call, or None when it is not known."""
        if self._provisioner is not None:
            return self._provisioner.invoke(token, plain_properties(args)[0])
        if self._region is None:
            return None
        if token == "aws:index/getRegion:getRegion":
            region = args.get("region", self._region)
            return {"id": str(region), "name": str(region), "region": str(region)}
        if token == "aws:index/getPartition:getPartition":
            partition, suffix = next(
                (found for prefix, found in _PARTITIONS.items() if self._region.startswith(prefix)),
                ("aws", "amazonaws.com"),
            )
            return {"id": partition, "partition": partition, "dnsSuffix": suffix}
        return None
