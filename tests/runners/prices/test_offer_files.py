from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.price_book import Tier
from runners.errors import InputError, PriceListError
from runners.prices.json_stream import JsonStream
from runners.prices.offer_files import OfferFiles
from runners.prices.price_selection import Selection
from tests.runners.offers import PUBLISHED, Listed, one_step, write_csv, write_json

TODAY = date(2026, 11, 28)
WRITERS = {"csv": write_csv, "json": write_json}
Writer = Callable[..., None]
LINUX = {"operatingSystem": "Linux", "preInstalledSw": "NA"}
MICRO = Selection(service="AmazonEC2", usage_type="BoxUsage:t3.micro", region="eu-west-1", attributes=LINUX)
CALLS = Selection(service="AmazonEC2", usage_type="Calls", region="eu-west-1")
PRODUCTS = [
    Listed(sku="A", usage_type="EU-BoxUsage:t3.micro", unit="Hrs", steps=one_step("0.0114"), attributes=LINUX),
    Listed(sku="B", usage_type="EU-BoxUsage:t3.micro", unit="Hrs", steps=one_step("0.9"),
           attributes={**LINUX, "operatingSystem": "Windows"}),
    Listed(sku="C", usage_type="EU-Calls", unit="Requests", steps=(("100", "Inf", "1"), ("0", "100", "2"))),
    Listed(sku="D", usage_type="EUW2-Calls", unit="Requests", steps=one_step("7"),
           attributes={"regionCode": "eu-west-2"}),
    Listed(sku="E", usage_type="EU-Nobody-Asks", unit="Requests", steps=one_step("9")),
]  # fmt: skip


def read(folder: Path, *wanted: Selection, today: date = TODAY) -> OfferFiles:
    return OfferFiles.read(folder, wanted, today, lambda _: None)


@pytest.fixture(params=sorted(WRITERS))
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def write(tmp_path: Path, form: str) -> Callable[[Iterable[Listed]], Path]:
    def build(products: Iterable[Listed]) -> Path:
        WRITERS[form](tmp_path / f"AmazonEC2.{form}", "AmazonEC2", products)
        return tmp_path

    return build


def test_a_product_is_found_by_service_usage_type_region_and_attributes(write: Callable[..., Path]) -> None:
    files = read(write(PRODUCTS), MICRO, CALLS)
    (micro,) = files.products(MICRO)
    assert (micro.usage_type, micro.unit, micro.tiers) == (
        "EU-BoxUsage:t3.micro", "Hrs", (Tier(None, Decimal("0.0114000000")),)
    )  # fmt: skip
    (calls,) = files.products(CALLS)
    assert calls.tiers == (Tier(Decimal(100), Decimal(2)), Tier(None, Decimal(1)))
    assert [product.tiers[0].price for product in files.products(Selection(
        service="AmazonEC2", usage_type="Calls", region="eu-west-2"
    ))] == [7]  # fmt: skip
    assert files.products(Selection(service="AmazonRDS", usage_type="Calls", region="eu-west-1")) == []


def test_only_what_is_asked_for_is_kept(write: Callable[..., Path]) -> None:
    assert set(read(write(PRODUCTS), CALLS).listed) == {
        ("AmazonEC2", "EU-Calls"), ("AmazonEC2", "Calls"), ("AmazonEC2", "EUW2-Calls"),
    }  # fmt: skip


def test_the_day_of_a_price_is_the_file_s_own_or_that_of_aws_s_index(write: Callable[..., Path]) -> None:
    folder = write(PRODUCTS)
    (calls,) = read(folder, CALLS).products(CALLS)
    assert (calls.published, calls.current_on) == (date(2026, 11, 20), date(2026, 11, 20))
    assert calls.origin == "AWS price list file, AmazonEC2 version 20261120174510"
    index = {"formatVersion": "v1.0", "publicationDate": "2026-11-27T10:00:00Z", "offers": {}}
    (folder / "index.json").write_text(json.dumps(index))
    (calls,) = read(folder, CALLS).products(CALLS)
    assert (calls.published, calls.current_on) == (date(2026, 11, 20), date(2026, 11, 27))


def test_what_holds_later_does_not_count_yet(write: Callable[..., Path]) -> None:
    folder = write([Listed(sku="C", usage_type="EU-Calls", unit="R", steps=one_step("3"), effective="2026-12-01")])
    assert read(folder, CALLS).products(CALLS) == []
    assert len(read(folder, CALLS, today=date(2026, 12, 1)).products(CALLS)) == 1


def test_files_of_others_are_passed_over_but_none_of_aws_s_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    (tmp_path / "region_index.json").write_text(json.dumps({"formatVersion": "v1.0", "regions": {}}))
    with pytest.raises(InputError, match="no price list file of AWS"):
        read(tmp_path, CALLS)
    with pytest.raises(InputError, match="not a folder"):
        read(tmp_path / "nowhere", CALLS)
    write_csv(tmp_path / "offer.csv", "AmazonEC2", PRODUCTS)
    assert len(read(tmp_path, CALLS).products(CALLS)) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [(PUBLISHED, "soon"), ("USD", "CNY"), ('"0.0114000000"', '"much"'), ("2026-11-01", "2026-13-01")],
)
def test_a_file_of_another_shape_is_refused_by_name(write: Callable[..., Path], form: str, old: str, new: str) -> None:
    path = write(PRODUCTS) / f"AmazonEC2.{form}"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(PriceListError, match=rf"AmazonEC2\.{form}: not as AWS publishes it"):
        read(path.parent, MICRO)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, share: float) -> None:
    write_json(tmp_path / "a.json", "AmazonEC2", PRODUCTS)
    text = (tmp_path / "a.json").read_text()
    (tmp_path / "a.json").write_text(text[: int(len(text) * share)])
    with pytest.raises(PriceListError):
        read(tmp_path, MICRO)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


class Dripping:
    """A file that gives a few characters at a time, whatever is asked for."""

    def __init__(self, text: str, step: int) -> None:
        self.text, self.step = text, step

    def read(self, _: int) -> str:
        part, self.text = self.text[: self.step], self.text[self.step :]
        return part


@given(st.dictionaries(st.text(), JSON, max_size=4), st.integers(1, 7), st.sampled_from([None, 1]))
def test_members_are_those_of_the_document_wherever_it_is_cut(
    document: dict[str, object], step: int, indent: int | None
) -> None:
    stream = JsonStream(Dripping(json.dumps(document, indent=indent), step))  # type: ignore[arg-type]
    assert {key: stream.value() for key in stream.members()} == document
