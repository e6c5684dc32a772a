"""What a bare word means, what is refused with its line, and that nothing small becomes large."""

from __future__ import annotations

import pytest

from contract.reading.errors import ReadingError
from contract.reading.scalars import PULUMIS
from contract.reading.source_file import at
from contract.reading.yaml_text import read_yaml

BOMB = "x: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"k{n}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 12", 12),
        ("a: 0.5", 0.5),
        ("a: 1e3", 1000.0),
        ("a: .5", 0.5),
        ("a: -0", 0),
        ("a: true", True),
        ("a: 'on'", "on"),
        ("a: '017'", "017"),
        ('a: "1:30"', "1:30"),
        ("a: 2026-02-30", "2026-02-30"),
        ("a: 10.0.0.0/16", "10.0.0.0/16"),
        ("a: arn:aws:sns", "arn:aws:sns"),
        ("a:", None),
        ("a: [x, {b: 1}]", ["x", {"b": 1}]),
        ("b: &b {c: 1}\na: {<<: *b, d: 2}", {"c": 1, "d": 2}),
        ("b: &b {c: 1}\na: {<<: *b, c: 2}", {"c": 2}),
        ("b: &b [1]\na: *b", [1]),
    ],
)
def test_what_cannot_be_misread_is_read(text: str, value: object) -> None:
    data = read_yaml(text, "f.yaml").data
    assert isinstance(data, dict)
    assert data["a"] == value


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("1:30", "'1:30'; accepted: a decimal number"),
        ("017", "'017'; accepted"),
        ("089", "'089'; accepted"),
        ("0xFF", "'0xFF'; accepted"),
        ("0b11", "'0b11'; accepted"),
        ("0o17", "'0o17'; accepted"),
        ("1_000", "'1_000'; accepted"),
        (".nan", "'.nan'; accepted"),
        ("-.inf", "'-.inf'; accepted"),
        ("1e-400", "'1e-400'; accepted"),
        ("1e400", "'1e400'; accepted"),
        ("1e-99999999999999999999", "accepted"),
        ("1" * 5000, "accepted"),
        ("on", "'on'; accepted: true or false, or the word in quotes"),
        ("No", "'No'; accepted: true or false"),
        ("١٢", "'١٢'; accepted"),
        ("１２", "'１２'; accepted"),
        ("!!int 3", "no tags"),
        ("!!python/object/apply:os.system [x]", "no tags"),
        ("!mine x", "no tags"),
        ("*nobody", "is no anchor"),
        ("&a [*a]", "is inside itself"),
        ("{b: 1, b: 2}", "given twice in one mapping"),
        ("{[1]: 2}", "as a key"),
        ("[" * 70 + "]" * 70, "nested too deeply"),
        ("<<\n---\nb: 1", "one document"),
        ("{<<: 3}", "accepted: a mapping"),
    ],
)
def test_what_may_mean_two_things_is_refused_with_its_line(value: str, said: str) -> None:
    with pytest.raises(ReadingError) as refused:
        read_yaml(f"z: 1\na: {value}\n", "f.yaml")
    assert said in str(refused.value)
    assert str(refused.value).startswith(("f.yaml:2: ", "f.yaml:3: "))
    assert "\n" not in str(refused.value)


def test_a_doubled_key_names_both_lines() -> None:
    with pytest.raises(ReadingError, match=r"f\.yaml:3: a\.b: given twice .*the first is on line 2"):
        read_yaml("a:\n  b: 1\n  b: 2\n", "f.yaml")


def test_aliases_that_multiply_are_refused_at_once() -> None:
    with pytest.raises(ReadingError, match="aliases make it too long"):
        read_yaml(BOMB, "f.yaml")


def test_a_long_text_by_many_aliases_counts_by_its_length() -> None:
    with pytest.raises(ReadingError, match="aliases make it too long"):
        read_yaml(f"a: &a {'x' * 100_000}\nb: [{','.join(['*a'] * 20)}]", "f.yaml")


def test_aliases_that_deepen_are_refused() -> None:
    lines = ["a0: &a0 [1]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 80))]
    with pytest.raises(ReadingError, match="aliases written out"):
        read_yaml("\n".join(lines), "f.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("config:\n  a: on", "on"),
        ("config:\n  a: 1:30", "1:30"),
        ("config:\n  a: 017", "017"),
        ("config:\n  a: 1_000", "1_000"),
        ("config:\n  a: {b: 017}", {"b": 15}),
        ("config:\n  a: {b: 0xFF}", {"b": 255}),
        ("config:\n  a: {b: 1_000}", {"b": 1000}),
        ("config:\n  a: {b: 089}", {"b": 89}),
        ("config:\n  a: !!str 5", "5"),
        ("config:\n  a: true", True),
    ],
)
def test_pulumis_files_are_read_as_pulumi_reads_them(text: str, value: object) -> None:
    data = read_yaml(text, "Pulumi.dev.yaml", PULUMIS).data
    assert isinstance(data, dict)
    assert data["config"]["a"] == value


def test_a_path_knows_its_line_and_a_missing_one_that_above_it() -> None:
    file = read_yaml("a:\n  - b: 1\n    c: 2\n", "f.yaml").file
    assert at(file, "a[0].c") == "f.yaml:3: a[0].c"
    assert at(file, "a[0].d") == "f.yaml:2: a[0].d"
    assert at("f.yaml", "a") == "f.yaml: a"
