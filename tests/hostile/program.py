"""One hostile program: what it tries, and the verdicts that are right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# What every program has at hand: a dashboard costs 3.00 USD a month, and six are more than the budget.
OPENING: Final = """\
import asyncio, os, signal, sys
import pulumi, pulumi_aws as aws

def cheap(name="cheap", **named):
    return aws.cloudwatch.Dashboard(name, dashboard_name="d", dashboard_body='{"widgets":[]}', **named)

def dear(**named):
    for number in range(6):
        cheap(f"dear{number}", **named)

def stub():
    return pulumi.runtime.settings.get_monitor()._stub if hasattr(
        pulumi.runtime.settings.get_monitor(), "_stub") else pulumi.runtime.settings.get_monitor()

from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import callback_pb2, engine_pb2, resource_pb2
"""


@dataclass(frozen=True)
class Hostile:
    """`codes` are the exit codes that are right; `says` is part of the reason.

    `engine` is False where only the local engine has what is attacked; `engine_codes` is what is right for the real one
    where that differs. `quick` marks the share of the normal suite.
    """

    name: str
    body: str
    codes: tuple[int, ...] = (1,)
    says: str = ""
    engine: bool = True
    engine_codes: tuple[int, ...] = ()
    quick: bool = False
