from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.schedule_tag import read, written

FIELD = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ?*,#/-", min_size=1, max_size=8)


@pytest.mark.parametrize("expression", ["cron(0 10 ? * TUE *)", "cron(0 9 ? * MON#1,TUE *)", "rate(7 days)"])
def test_examples_come_back(expression: str) -> None:
    assert read(written(expression)) == expression


@given(st.lists(FIELD, min_size=6, max_size=6))
def test_every_expression_comes_back_from_a_tag_that_aws_takes(fields: list[str]) -> None:
    expression = f"cron({' '.join(fields)})"
    tag = written(expression)
    assert read(tag) == expression
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html (tag restrictions)
    assert re.fullmatch(r"[A-Za-z0-9 +\-=._:/@]{1,256}", tag)
