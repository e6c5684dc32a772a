"""Every kind of input that cannot be used: one line that names it, exit code 2, no traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.runners.conftest import ROOT, Ial, Ran

GOOD = '[{"type": "aws:cloudwatch/metricAlarm:MetricAlarm", "name": "a", "properties": {}}]'
BINARY = bytes(range(256))


def refused(ran: Ran) -> str:
    """The one line that a run said."""
    assert ran.code == 2, ran.err
    assert "Traceback" not in ran.err
    lines = ran.err.strip().splitlines()
    assert len(lines) == 1, ran.err
    assert lines[0].startswith("ial: ")
    return lines[0]


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "cannot be read (No such file or directory)"),
    "folder": (lambda path: path.mkdir(), "cannot be read (Is a directory)"),
    "empty": (lambda path: path.write_text(""), "not JSON"),
    "binary": (lambda path: path.write_bytes(BINARY), "not UTF-8"),
    "text": (lambda path: path.write_text("hello"), "not JSON"),
    "cut off": (lambda path: path.write_text(GOOD[:-5]), "not JSON"),
    "nested": (lambda path: path.write_text("[" * 100_000), "nested too deeply"),
    "number": (lambda path: path.write_text("17"), "none of the kinds of file"),
    "empty list": (lambda path: path.write_text("[]"), "the list is empty"),
    "no type": (lambda path: path.write_text('[{"name": "a"}]'), "type"),
    "no object": (lambda path: path.write_text("[1]"), "[0]"),
    "unknown key": (lambda path: path.write_text('[{"type": "a:b:C", "name": "a", "props": {}}]'), "props"),
}


@pytest.mark.parametrize("command", ["estimate", "explain"])
@pytest.mark.parametrize("kind", FILES)
def test_a_resource_file(ial: Ial, tmp_path: Path, kind: str, command: str) -> None:
    make, said = FILES[kind]
    path = tmp_path / "resources.json"
    make(path)
    line = refused(ial("cost", command, path))
    assert "resources.json" in line
    assert said in line


USAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "cannot be read"),
    "folder": (lambda path: path.mkdir(), "cannot be read"),
    "binary": (lambda path: path.write_bytes(BINARY), "not UTF-8"),
    "bad YAML": (lambda path: path.write_text("types: [\n  a: :"), "not YAML"),
    "a list": (lambda path: path.write_text("- 1"), "expected a mapping"),
    "unknown section": (lambda path: path.write_text("typos: {}"), "usage.yaml:1: typos: unknown key"),
    "negative": (lambda path: path.write_text("types: {'aws:sqs/queue:Queue': {requests: -1}}"), "-1"),
    "unused name": (lambda path: path.write_text("resources: {nobody: {requests: 1}}"), "nobody"),
    "unused key": (lambda path: path.write_text("types: {'aws:sqs/queue:Queue': {request: 1}}"), "unknown usage key"),
    "a date": (lambda path: path.write_text("types: {'aws:sqs/queue:Queue': {requests: 2026-99-99x}}"), "not a number"),
}


@pytest.mark.parametrize("kind", USAGE)
def test_a_usage_file(ial: Ial, tmp_path: Path, kind: str) -> None:
    make, said = USAGE[kind]
    resources, usage = tmp_path / "resources.json", tmp_path / "usage.yaml"
    resources.write_text(GOOD)
    make(usage)
    line = refused(ial("cost", "estimate", resources, "--usage", usage))
    assert said in line


def test_resources_that_have_no_price_are_refused_with_the_command_that_adds_it(ial: Ial, tmp_path: Path) -> None:
    path = tmp_path / "resources.json"
    path.write_text('[{"type": "aws:made/up:Thing", "name": "x", "properties": {}}]')
    assert "aws:made/up:Thing has no price rule" in refused(ial("cost", "estimate", path))
    path.write_text(GOOD)
    line = refused(ial("cost", "estimate", path, "--region", "eu-north-1"))
    assert "ial cost refresh-prices --region eu-north-1" in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-c", "nonsense"), "key=value"),
        (("-c", "=1"), "key=value"),
        (("-c", "stage=eleven"), "stage"),
        (("--as-of", "yesterday"), "--as-of 'yesterday' is not a date"),
        (("--program", "nowhere"), "--program nowhere: does not exist"),
        (("--against", "a.json", "--against-state", "b.json"), "give one of them"),
        (("--max-increase", "5"), "--max-increase needs a base"),
        (("--max-increase", "lots", "--against", "a.json"), "--max-increase 'lots'"),
    ],
)
def test_options_of_preview(ial: Ial, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(ial("preview", "--stack", "dev", "--engine", "local", *arguments, folder=ROOT))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("Pulumi.yaml", None, "Pulumi.yaml: no such file"),
        ("Pulumi.yaml", b"name: [", "not YAML"),
        ("Pulumi.yaml", b"- a", "expected a mapping"),
        ("Pulumi.yaml", BINARY, "not UTF-8"),
        ("Pulumi.yaml", b"runtime: python", "is not a project name"),
        ("Pulumi.dev.yaml", None, "stacks with settings here"),
        ("Pulumi.dev.yaml", b"config: [1]", "config: expected a mapping"),
        ("Pulumi.dev.yaml", b"\tconfig: {", "not YAML"),
        ("__main__.py", None, "a Python program needs a __main__.py"),
        ("__main__.py", b"raise ValueError('broken')", "broken"),
        ("__main__.py", b"def (", "SyntaxError"),
    ],
)
def test_a_program(ial: Ial, tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    program = tmp_path / "program"
    program.mkdir()
    (program / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (program / "Pulumi.dev.yaml").write_text("config: {}\n")
    (program / "__main__.py").write_text("import pulumi\n")
    if content is None:
        (program / name).unlink()
    else:
        (program / name).write_bytes(content)
    assert said in refused(ial("preview", "--stack", "dev", "--engine", "local", "--program", program))


def test_a_program_that_is_a_file(ial: Ial, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("")
    assert "program.py: is a file" in refused(ial("preview", "--stack", "dev", "--program", "program.py"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"{}", "not a report"),
        (b'{"estimate": {"version": 99}}', "version"),
        (BINARY, "not UTF-8"),
        (b"[]", "not a report"),
    ],
)
def test_a_base_report(ial: Ial, tmp_path: Path, content: bytes | None, said: str) -> None:
    base = tmp_path / "base.json"
    if content is not None:
        base.write_bytes(content)
    ran = ial("preview", "--stack", "dev", "--engine", "local", "--against", base, folder=ROOT)
    assert said in refused(ran)


@pytest.mark.parametrize("content", ["{}", "17", "nonsense"])
def test_files_to_compare(ial: Ial, tmp_path: Path, content: str) -> None:
    base, head = tmp_path / "base.json", tmp_path / "head.json"
    base.write_text(GOOD)
    head.write_text(content)
    assert "head.json" in refused(ial("cost", "diff", base, head))


def test_a_folder_that_cannot_be_written(ial: Ial, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    ran = ial("preview", "--stack", "dev", "--engine", "local", "--out", tmp_path / "out", "--json", folder=ROOT)
    assert ran.code == 2
    assert "--out" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("stack", ["../dev", "", "staging", "dev prod"])
def test_a_stack_that_has_no_files(ial: Ial, stack: str) -> None:
    assert "stack" in refused(ial("preview", "--stack", stack, "--engine", "local", folder=ROOT)).lower()


def test_names_are_needed_to_explain(ial: Ial) -> None:
    assert "name either FILE or --stack" in refused(ial("cost", "explain"))


@pytest.mark.parametrize("number", ["1e30", "1e300", "1e-300"])
def test_numbers_of_any_size_have_a_price(ial: Ial, tmp_path: Path, number: str) -> None:
    resources, usage = tmp_path / "resources.json", tmp_path / "usage.yaml"
    volume = f'{{"type": "aws:ebs/volume:Volume", "name": "v", "properties": {{"size": {number}, "type": "gp3"}}}}'
    group = '{"type": "aws:cloudwatch/logGroup:LogGroup", "name": "g", "properties": {"retentionInDays": 14}}'
    resources.write_text(f"[{volume}, {group}]")
    usage.write_text(f"resources: {{g: {{ingested_gb: {number}, stored_gb: 1, scanned_gb: {number}}}}}")
    for command in (("estimate", resources), ("estimate", resources, "--json"), ("diff", resources, resources)):
        ran = ial("cost", *command, "--usage", usage)
        assert ran.code == 0, ran.err
