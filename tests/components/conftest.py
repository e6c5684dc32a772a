from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws
import pytest
from pulumi.runtime import mocks

from components.reading import Reader
from components.settings import Settings

# pulumi_aws.s3 loads lazily and warns of its own deprecated classes while it does.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    pulumi_aws.s3.Bucket  # noqa: B018

CREATED = "2026-11-28T12:00:00Z"
TOPIC = "arn:aws:sns:us-east-1:123456789012:ial-dev-alerts"
WORKLOAD: dict[str, Any] = {
    "ecsCluster": "shop",
    "ecsService": "web",
    "loadBalancer": "app/shop/50dc6c495c0c9188",
    "targetGroup": "targetgroup/shop-web/6d0ecf831eec9f09",
    "autoScalingGroup": "shop-web",
    "database": "shop-db",
    "tables": [{"name": "orders"}, {"name": "sessions", "existing": False}],
    "buckets": [{"name": "shop-assets"}],
    "logGroups": [{"name": "/ecs/shop-web"}],
}


def settings_of(stack: str = "dev", region: str | None = "us-east-1", **values: Any) -> Settings:
    given = {
        "owner": "platform-team",
        "accountId": "123456789012",
        "workload": WORKLOAD,
        "spendingLimit": "159.93",
    } | values
    return Settings.read(Reader(given, "ial:"), stack=stack, region=region)


@pytest.fixture
def settings() -> Callable[..., Settings]:
    """Builds settings of the example workload; keywords replace whole keys."""
    return settings_of


@dataclass
class Recorder(pulumi.runtime.Mocks):
    """Answers like a provider that accepts everything, and remembers what was registered."""

    resources: list[pulumi.runtime.MockResourceArgs] = field(default_factory=list)
    retained: set[str] = field(default_factory=set)
    imported: dict[str, str] = field(default_factory=dict)

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.resources.append(args)
        arn = {"arn": f"arn:aws:test:us-east-1:123456789012:{args.name}"} if args.typ.startswith("aws:") else {}
        made = {"createDate": CREATED} if args.typ == "aws:iam/role:Role" else {}
        return f"{args.name}-id", {**arn, **made, **args.inputs}

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        msg = f"the program asks AWS for {args.token}: previews then need credentials"
        raise AssertionError(msg)

    def of(self, type_token: str) -> dict[str, dict[str, Any]]:
        """Inputs of every resource of a type, by name."""
        return {found.name: found.inputs for found in self.resources if found.typ == type_token}

    def one(self, type_token: str) -> dict[str, Any]:
        """Inputs of the only resource of a type."""
        (inputs,) = self.of(type_token).values()
        return inputs


class Monitor(mocks.MockMonitor):
    """Also remembers which resources stay when the stack goes, which mocks are not told."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self._recorder = recorder

    def RegisterResource(self, request: Any) -> Any:
        if request.retainOnDelete:
            self._recorder.retained.add(request.name)
        if request.importId:
            self._recorder.imported[request.name] = request.importId
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]


Run = Callable[..., Recorder]


def recorded(build: Callable[[], Any], *, preview: bool = False, config: Mapping[str, str] | None = None) -> Recorder:
    """Runs a function under mocks, until every registration has been answered."""
    recorder = Recorder()
    pulumi.runtime.set_all_config(dict(config or {}))
    mocks.set_mocks(recorder, project="ial", stack="dev", preview=preview, monitor=Monitor(recorder))

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def go() -> None:
        build()

    try:
        go()
    finally:
        pulumi.runtime.set_all_config({})
    return recorder


@pytest.fixture
def run() -> Run:
    """`recorded`."""
    return recorded


@pytest.fixture
def workload() -> dict[str, Any]:
    """The example workload as it is configured."""
    return WORKLOAD
