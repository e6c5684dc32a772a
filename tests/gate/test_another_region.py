"""A region that the price book lacks, from nothing but the files that AWS publishes: no credentials, no network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest

from pricing.price_book import Price, PriceBook
from runners.prices.price_selection import NOT_SEEN, selection, units_in
from tests.gate.conftest import ROOT
from tests.runners.offers import Listed, write_csv, write_json
from tests.sources import PACKAGES

REGION: Final = "eu-west-1"
AS_OF: Final = "2026-11-28"
FILES: Final = ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py")
Ial = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation of its own, whose stack `dev` belongs to the region."""
    folder = tmp_path_factory.mktemp("home")
    for name in (*PACKAGES, "experiments"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        text = (ROOT / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("aws:region: us-east-1", f"aws:region: {REGION}"), encoding="utf-8")
    (folder / ".venv").symlink_to(sys.prefix)
    environment = folder / "policies" / "environments" / "dev.yaml"
    environment.write_text(environment.read_text().replace("region: us-east-1", f"region: {REGION}"))
    return folder


@pytest.fixture(scope="module")
def ial(home: Path) -> Ial:
    """Runs the command of that installation."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        return subprocess.run(
            [sys.executable, "-m", "runners.cli", *map(str, arguments)],
            cwd=home,
            env={**kept, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(home), "IAL_AS_OF": AS_OF},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    return run


def document(ran: subprocess.CompletedProcess[str], schema: str) -> Any:
    """What the command said, checked against its published schema."""
    found = json.loads(ran.stdout)
    rules = json.loads((ROOT / "schemas" / f"{schema}.schema.json").read_text())
    jsonschema.Draft202012Validator(rules).validate(found)
    return found


def listed(price: Price, sku: str, region: str = REGION) -> Listed:
    """A price of the book as AWS lists it in another region: in AWS's own unit and with the region's prefix."""
    wanted = selection(price.key, price.service, price.usage_type, region)
    assert wanted is not None
    count = units_in(price.unit)
    steps, low = [], Decimal(0)
    for tier in price.tiers:
        high = "Inf" if tier.up_to is None else f"{tier.up_to * count:f}"
        steps.append((f"{low:f}", high, f"{tier.price / count:.10f}"))
        low = Decimal(0) if tier.up_to is None else tier.up_to * count
    return Listed(
        sku=sku, usage_type=f"EU-{wanted.usage_type}", unit="Units", steps=tuple(steps), attributes=wanted.attributes
    )


def test_the_shipped_stack_previews_where_only_offer_files_gave_the_prices(
    ial: Ial, home: Path, tmp_path: Path
) -> None:
    before = ial("preview", "--stack", "dev", "--engine", "local", "--json")
    assert before.returncode == 2
    assert f"ial cost missing-prices --region {REGION}" in before.stdout

    missing = document(ial("cost", "missing-prices", "--region", REGION, "--stack", "dev", "--json"), "missing-prices")
    keys = [row["key"] for row in missing["missing"]]
    assert len(keys) == len(set(keys)) > 15
    assert any(file.endswith(f"/AmazonCloudWatch/current/{REGION}/index.csv") for file in missing["files"])

    by_service: dict[str, list[Price]] = {}
    for key in keys:
        price = PriceBook.load().price(key, "us-east-1")
        assert price.usage_type != NOT_SEEN
        by_service.setdefault(price.service, []).append(price)
    for number, (service, prices) in enumerate(sorted(by_service.items())):
        write, form = ((write_csv, "csv"), (write_json, "json"))[number % 2]
        write(tmp_path / f"{service}.{form}", service, [listed(price, f"S{n}") for n, price in enumerate(prices)])

    added = ial("cost", "refresh-prices", "--offers", tmp_path, "--region", REGION, "--write", "--json")
    assert added.returncode == 0, added.stderr
    outcomes = {row["key"]: row["outcome"] for row in document(added, "price-refresh")["rows"]}
    assert {outcomes[key] for key in keys} == {"added"}

    assert document(ial("cost", "missing-prices", "--region", REGION, "--stack", "dev", "--json"), "missing-prices")[
        "missing"
    ] == []  # fmt: skip
    after = ial("preview", "--stack", "dev", "--engine", "local", "--json")
    report = document(after, "preview-report")
    assert (after.returncode, report["verdict"]) == (0, "within"), report["errors"]
    lines = [line for entry in report["estimate"]["resources"] for line in entry["costComponents"]]
    regional = [line for line in lines if line["priceRegion"] == REGION]
    assert len(regional) > 15
    assert all(line["priceSource"].startswith("AWS price list file, ") for line in regional if line["price"] != "0")
    assert {line["priceDate"] for line in regional if line["price"] != "0"} == {"2026-11-20"}
    assert {line["priceRegion"] for line in lines} <= {REGION, "global"}


def test_a_region_of_which_nothing_is_known_lists_the_whole_book(ial: Ial) -> None:
    found = document(ial("cost", "missing-prices", "--region", "sa-east-1", "--json"), "missing-prices")
    assert (found["stack"], len(found["missing"])) == (
        None, len([region for _, region in PriceBook.load().rows if region == "us-east-1"])
    )  # fmt: skip
    assert document(ial("cost", "missing-prices", "--region", "us-east-1", "--json"), "missing-prices")["missing"] == []
    refused = ial("cost", "missing-prices", "--region", "Ireland")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
