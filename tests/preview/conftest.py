"""Small Pulumi programs and policy packs on disk, run as real processes."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from preview.offline import Request
from preview.project import Project
from pricing.estimate import Estimate, estimate
from pricing.price_book import PriceBook
from pricing.resource import Graph
from pricing.usage import Usage

TODAY = date(2026, 11, 25)
ONE_ALARM = """
    import pulumi_aws as aws
    aws.cloudwatch.MetricAlarm("cpu", comparison_operator="GreaterThanThreshold", evaluation_periods=2, threshold=80)
"""
# A pack as ours is built: it writes its report from the stack policy that holds the budget.
REPORTING_PACK = """
    import json, os
    from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy, StackValidationPolicy

    def budget(args, report):
        with open(os.environ["IAL_PACK_REPORT"], "w") as file:
            json.dump({"run_id": os.environ["IAL_RUN_ID"], "total": TOTAL}, file)
        if len(args.resources) > MOST:
            report("too many resources")

    def check(args, report):
        pass

    TOTAL, MOST, LEVEL = "0.10", 99, EnforcementLevel.MANDATORY
    EXTRA = []
"""
PACK_END = """
    PolicyPack("small", policies=[
        ResourceValidationPolicy(name="check", description="Checks.", enforcement_level=LEVEL, validate=check),
        StackValidationPolicy(
            name="monthly-budget", description="Keeps the budget.", enforcement_level=LEVEL, validate=budget
        ),
        *EXTRA,
    ])
"""


@pytest.fixture
def write_program(tmp_path: Path) -> Callable[..., Path]:
    """Writes a program with its project and one stack, `dev`, and returns its folder."""

    def write(main: str = ONE_ALARM, *, config: str = "config: {}", schema: str = "", folder: str = "program") -> Path:
        directory = tmp_path / folder
        directory.mkdir(exist_ok=True)
        (directory / "Pulumi.yaml").write_text(f"name: small\nruntime: python\n{textwrap.dedent(schema)}")
        (directory / "Pulumi.dev.yaml").write_text(textwrap.dedent(config))
        (directory / "__main__.py").write_text(textwrap.dedent(main))
        return directory

    return write


@pytest.fixture
def write_pack(tmp_path: Path) -> Callable[..., Path]:
    """Writes a pack, by default one that reports; `change` are lines between its parts. Returns its folder."""

    def write(change: str = "", *, main: str | None = None) -> Path:
        directory = tmp_path / "pack"
        directory.mkdir(exist_ok=True)
        (directory / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 0.1.0\n")
        parts = [main] if main is not None else [REPORTING_PACK, change, PACK_END]
        (directory / "__main__.py").write_text("\n".join(textwrap.dedent(part) for part in parts))
        return directory

    return write


@pytest.fixture
def load(write_program: Callable[..., Path]) -> Callable[..., Project]:
    """Writes a program and loads it as a project."""

    def load_project(main: str = ONE_ALARM, *, overrides: tuple[str, ...] = (), **files: str) -> Project:
        return Project.load(write_program(main, **files), "dev", overrides)

    return load_project


def price(graph: Graph) -> Estimate:
    """Prices by the real catalogue, with no usage declared."""
    return estimate(graph, Usage(), PriceBook.load(), region="us-east-1", today=TODAY)


@pytest.fixture
def request_for(load: Callable[..., Project]) -> Callable[..., Request]:
    """A request for the preview of a program by a pack."""

    def make(pack: Path, main: str = ONE_ALARM, **options: object) -> Request:
        return Request(project=load(main), pack=pack, price=price, as_of=TODAY, **options)  # type: ignore[arg-type]

    return make
