"""Ten thousand spoilt files, each read by the command or reader that reads it: one line, a documented code, no hang.

A sample runs always; `make test-all` runs them all. A failure names its seed.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pytest
import yaml

from components.chaos.experiment_file import read_file
from components.reading import SettingsError
from contract.reading.errors import ReadingError
from local.errors import LocalCloudError
from local.state import StackState
from policies.fis_catalogue import catalogue
from preview.data_sources.answers import Answers, answers_file
from preview.errors import PackError, ProjectError
from preview.pack import _interpreter
from pricing.environment import Environment
from pricing.errors import CatalogError
from pricing.price_book import PriceBook
from runners.cli.main import main
from runners.errors import JournalError
from runners.exit_codes import ExitCode
from runners.gate.judging import Case
from runners.runs.journal import read_entries
from tests.fuzz.mutations import spoilt

ROOT: Final = Path(__file__).resolve().parents[2]
ALL: Final = 10_000
SAMPLE: Final = 160
PORTION: Final = 1_000
# A reader that takes this long for a small file hangs; slow machines are far below.
LONGEST_SECONDS: Final = 120

URN: Final = "urn:pulumi:dev::shop::aws:sqs/queue:Queue::jobs"
STATE: Final[dict[str, Any]] = {
    "urn": URN, "type": "aws:sqs/queue:Queue", "custom": True, "id": "x", "provider": "",
    "inputs": {"delaySeconds": 0.1, "tags": {"a": "b"}, "name": {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"hidden"'}},
}  # fmt: skip
LISTED: Final[list[dict[str, Any]]] = [
    {"type": "aws:sqs/queue:Queue", "name": "jobs", "properties": {"delaySeconds": 3}},
    {"type": "aws:ebs/volume:Volume", "name": "disk", "properties": {"size": 100, "type": "gp3", "iops": 3000}},
    {"type": "aws:cloudwatch/dashboard:Dashboard", "name": "board", "properties": {
        "dashboardBody": '{"widgets": [{"properties": {"metrics": [["a", "b"]]}}]}'}},
    {"type": "aws:cloudwatch/logGroup:LogGroup", "name": "g", "properties": {"retentionInDays": 14}},
]  # fmt: skip
USAGE: Final[dict[str, Any]] = {
    "types": {"aws:sqs/queue:Queue": {"requests": {"minimum": 0, "expected": 5, "maximum": 10, "unit": "requests",
        "source": "a guess", "date": "2026-11-01", "from_stage": 2}}},
    "resources": {"g": {"ingested_gb": {"expected": 1, "unit": "TB"}, "stored_gb": 1, "scanned_gb": "2"}},
}  # fmt: skip


def _yaml(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def _report() -> Any:
    """A report as the product writes it."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main(["cost", "estimate", str(ROOT / "tests/fuzz/resources.json"), "--json", "--as-of", "2026-11-25"])
    return json.loads(out.getvalue())


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of file: what a good one says, its name, and what reads it. A reader's own errors are its refusals."""

    good: Any
    name: str
    read: Callable[[Path], int | None]
    refusals: tuple[type[Exception], ...] = ()
    lines: bool = False


def _estimate(*options: str) -> Callable[[Path], int]:
    def run(path: Path) -> int:
        return main(["cost", "estimate", str(path), "--as-of", "2026-11-25", *options])

    return run


def _usage(path: Path) -> int:
    resources = path.with_name("resources.json")
    resources.write_text(json.dumps(LISTED), encoding="utf-8")
    return main(["cost", "estimate", str(resources), "--usage", str(path), "--as-of", "2026-11-25", "--json"])


def _diff(path: Path) -> int:
    return main(["cost", "diff", str(path), str(ROOT / "tests/fuzz/resources.json")])


def _preview(*options: str) -> Callable[[Path], int]:
    """Previews the good program in which one file is the spoilt one; the fixture ends it before a process starts."""

    def run(path: Path) -> int:
        folder = path.parent
        for name in ("Pulumi.yaml", "Pulumi.dev.yaml"):
            if path.name != name:
                (folder / name).write_bytes((ROOT / name).read_bytes())
        (folder / "__main__.py").write_text("")
        if path.name != "dev.yaml":
            (folder / "dev.yaml").write_bytes((ROOT / "policies/environments/dev.yaml").read_bytes())
        given = [option.replace("FILE", str(path)) for option in options]
        return main(["preview", "--stack", "dev", "--engine", "local", "--program", str(folder), *given])

    return run


def _no_code(read: Callable[[Path], object]) -> Callable[[Path], None]:
    def run(path: Path) -> None:
        read(path)

    return run


def kinds() -> Mapping[str, Kind]:
    """Every kind of file that is read."""
    digest = {"steps": [{"op": "create", "urn": URN, "newState": STATE}], "changeSummary": {"create": 1}}
    line = {"version": 1, "number": 1, "at": "2026-11-25T00:00:00Z", "step": "began", "data": {"a": [1, 0.5, None]}}
    held = {"version": 1, "instance": "i", "resources": [], "outputs": {"a": 1}}
    answer = {
        "dataSource": "aws:ec2/getAmi:getAmi", "args": {"owners": ["self"]}, "region": None, "recorded": "2026-11-25",
        "result": {"id": "ami-1"},
    }  # fmt: skip
    experiments = ROOT / "experiments" / "network.yaml"
    return {
        "list": Kind(good=LISTED, name="f.json", read=_estimate()),
        "digest": Kind(good=digest, name="f.json", read=_estimate("--json")),
        "export": Kind(
            good={"version": 3, "deployment": {"resources": [STATE]}}, name="f.json", read=_estimate("--json")
        ),
        "usage": Kind(good=USAGE, name="usage.yaml", read=_usage),
        "report": Kind(good=_report(), name="f.json", read=_diff),
        "environment": Kind(good=_yaml("policies/environments/dev.yaml"), name="dev.yaml", read=_preview()),
        "project": Kind(good=_yaml("Pulumi.yaml"), name="Pulumi.yaml", read=_preview()),
        "stack": Kind(good=_yaml("Pulumi.dev.yaml"), name="Pulumi.dev.yaml", read=_preview()),
        "answers": Kind(
            good={"version": 1, "answers": [answer]}, name="Pulumi.dev.answers.json", read=_preview()
        ),
        "references": Kind(
            good={"vpc": "vpc-1", "ports": [1, 2]}, name="f.json",
            read=_preview("--stack-reference", "acme/net/dev=FILE"),
        ),
        "pack": Kind(
            good=_yaml("policies/PulumiPolicy.yaml"), name="PulumiPolicy.yaml",
            read=_no_code(lambda path: _interpreter(path.parent)), refusals=(PackError,),
        ),
        "experiments": Kind(
            good=yaml.safe_load(experiments.read_text(encoding="utf-8")), name="network.yaml",
            read=_no_code(lambda path: read_file(path, "network")), refusals=(SettingsError,),
        ),
        "journal": Kind(good=line, name="j.jsonl", read=_no_code(read_entries), refusals=(JournalError,), lines=True),
        "state": Kind(good=held, name="s.json", read=_no_code(StackState.load), refusals=(LocalCloudError,)),
        "prices": Kind(
            good=json.loads((ROOT / "pricing/catalog/xray.json").read_text(encoding="utf-8")), name="xray.json",
            read=_no_code(lambda path: PriceBook.load(path.parent).validate()), refusals=(CatalogError,),
        ),
        "actions": Kind(
            good={"version": 1, "source": "x", "read": "2026-11-25", "actions": {}, "documents": {}}, name="fis.json",
            read=_no_code(lambda path: catalogue(path)), refusals=(CatalogError,),
        ),
    }  # fmt: skip


@pytest.fixture(autouse=True)
def _short_previews(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A preview ends where the program would start: until then all of its files are read."""

    def judge(self: Case, existing: object = None) -> None:
        assert self.project.stack_file is not None
        Answers.read(answers_file(self.project.stack_file))
        msg = "every file was read"
        raise ProjectError(msg)

    monkeypatch.setattr(Case, "judge", judge)
    found = Environment.for_stack.__func__  # type: ignore[attr-defined]

    def for_stack(cls: type[Environment], stack: str, _: Path) -> Environment:
        environment: Environment = found(cls, stack, Path.cwd())
        return environment

    monkeypatch.setattr(Environment, "for_stack", classmethod(for_stack))


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    def give_up(_: int, __: FrameType | None) -> None:
        msg = f"still reading after {LONGEST_SECONDS} s"
        raise TimeoutError(msg)

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LONGEST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _attempt(kind: Kind, path: Path, seed: str) -> int | None:
    err = io.StringIO()
    try:
        with _limited(), contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):
            code = kind.read(path)
    except kind.refusals:
        return None
    said = err.getvalue()
    assert code is None or code in set(ExitCode), f"{seed}: {code}"
    assert "defect" not in said, f"{seed}: {said}"
    assert "Traceback" not in said, f"{seed}: {said}"
    if code == ExitCode.COULD_NOT_JUDGE:
        assert any(line.startswith("ial: ") for line in said.splitlines()), seed
    return code


def _fuzz(numbers: range, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed, failed = list(kinds().items()), list[str]()
    for index in numbers:
        name, kind = listed[index % len(listed)]
        seed = f"{name}-{index // len(listed)}"
        home = folder / seed
        home.mkdir()
        monkeypatch.chdir(home)
        content = spoilt(kind.good, seed, yaml=kind.name.endswith(".yaml"))
        if kind.lines:
            content = content.replace(b"\n", b" ") + b"\n"
        (home / kind.name).write_bytes(content)
        try:
            _attempt(kind, home / kind.name, seed)
        except Exception as error:
            failed.append(f"{seed}: {type(error).__name__}: {str(error)[:300]}")
        monkeypatch.chdir(folder)
        shutil.rmtree(home)
    assert failed == []


def test_good_files_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, kind in kinds().items():
        home = tmp_path / name
        home.mkdir()
        monkeypatch.chdir(home)
        (home / kind.name).write_text(json.dumps(kind.good, default=str) + "\n", encoding="utf-8")
        err = io.StringIO()
        with contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):
            code = kind.read(home / kind.name)
        assert code in (0, None) or "every file was read" in err.getvalue() or "lower bound" in err.getvalue(), (
            f"{name}: {err.getvalue()}"
        )


def test_a_sample_of_spoilt_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fuzz(range(SAMPLE), tmp_path, monkeypatch)


@pytest.mark.rare
@pytest.mark.parametrize("first", range(0, ALL, PORTION))
def test_every_spoilt_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int) -> None:
    """In portions, which the workers share; a file that was read is gone, so that disks stay small."""
    _fuzz(range(first, first + PORTION), tmp_path, monkeypatch)


def test_a_reader_that_fails_is_found(tmp_path: Path) -> None:
    """The harness itself: an error that is no refusal comes through."""

    def broken(_: Path) -> int:
        return main(["cost", "estimate"]) + 99

    with pytest.raises(AssertionError):
        _attempt(Kind(good={}, name="f", read=broken), tmp_path, "x")
    with pytest.raises(ReadingError):
        _attempt(Kind(good={}, name="f", read=_raises), tmp_path, "x")


def _raises(_: Path) -> int:
    msg = "not caught"
    raise ReadingError(msg)
