"""Contrast of every pair of colours that the page uses, in both schemes and on paper (WCAG 2.2 AA)."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

STYLE = files("runners.report.page").joinpath("style.css").read_text("utf-8")
# Text wants 4.5, drawings 3: https://www.w3.org/TR/WCAG22/#contrast-minimum and #non-text-contrast
TEXT = [("ink", "paper"), ("quiet", "paper"), ("blue", "paper"), ("ink", "soft"), ("quiet", "soft"), ("ink", "wash")]
BADGES = [(colour, ground) for colour in ("green", "red", "amber") for ground in ("paper", "soft")]
DRAWN = [
    ("edge", "paper"),
    ("blue", "paper"),
    ("red", "paper"),
    ("amber", "paper"),
    ("blue", "bluewash"),
    ("red", "wash"),
]


def schemes() -> list[dict[str, str]]:
    found = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    ]
    assert len(found) == 3
    assert all(len(colours) == len(found[0]) for colours in found)
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_the_documented_one() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("scheme", range(3))
@pytest.mark.parametrize(("pairs", "least"), [(TEXT + BADGES, 4.5), (DRAWN, 3.0)])
def test_it_can_be_read(scheme: int, pairs: list[tuple[str, str]], least: float) -> None:
    colours = schemes()[scheme]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in weak.items() if ratio < least} == {}


def test_every_colour_is_a_variable() -> None:
    rules = re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-f]{3,6}\b", rules) == []
    assert set(re.findall(r"var\(--(\w+)\)", rules)) <= set(schemes()[0])
