from __future__ import annotations

import base64
import pickle
from hashlib import sha256
from pathlib import Path

import pytest
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider

from pricing import dynamic_code
from pricing.dynamic_code import HIDDEN, UNREADABLE, changed_sources, code_of, is_known, known_code
from pricing.registry import all_rules
from pricing.resource import UNKNOWN, Plain


def imported(name: str) -> ResourceProvider:
    module, _, kind = name.rpartition(".")
    provider: ResourceProvider = getattr(__import__(module, fromlist=[kind]), kind)()
    return provider


def test_every_dynamic_type_with_a_rule_has_its_class_and_the_class_is_known_by_its_pickle() -> None:
    ruled = {entry.type for entry in all_rules() if dynamic_code.is_dynamic(entry.type)}
    assert ruled == set(known_code())
    for token, name in known_code().items():
        code = code_of(token, {"__provider": serialize_provider(imported(name))})
        assert (code, is_known(token, code)) == (name, True)


def test_the_code_of_another_type_or_with_state_is_not_known() -> None:
    first, second = list(known_code())[:2]
    provider = imported(known_code()[first])
    assert not is_known(second, code_of(second, {"__provider": serialize_provider(provider)}))
    vars(provider)["create"] = print
    assert not is_known(first, code_of(first, {"__provider": serialize_provider(provider)}))


@pytest.mark.parametrize("given", [None, UNKNOWN, "", "no base64!", base64.b64encode(pickle.dumps(print)).decode()])
def test_what_cannot_be_read_is_not_known(given: Plain) -> None:
    token = next(iter(known_code()))
    code = code_of(token, {"__provider": given})
    assert code == UNREADABLE or code.startswith("sha256:") or code == "builtins.print"
    assert not is_known(token, code)
    assert is_known(token, HIDDEN)
    assert code_of("aws:s3/bucket:Bucket", {"__provider": given}) == ""


def test_a_program_must_have_the_same_files(tmp_path: Path) -> None:
    names = list(known_code().values())
    files = {file for name in names for file in dynamic_code._sources(name.rpartition(".")[0])}
    assert changed_sources(names, dynamic_code.ROOT) == []
    # What they import of other packages is the installed one's as long as the program's folder has none.
    assert changed_sources(names, tmp_path) == sorted(file for file in files if file.startswith("components/"))
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes((dynamic_code.ROOT / file).read_bytes())
    assert changed_sources(names, tmp_path) == []
    shared = sorted(files)[-1]
    (tmp_path / shared).write_text("def create(): ...", encoding="utf-8")
    assert changed_sources(names, tmp_path) == [shared]


OURS = """
from pulumi.dynamic import Resource, ResourceProvider
from .near import Near
from components.far import Far, Other as Named
import components.other

class Own(ResourceProvider): ...
class First(Resource, module="backup", name="First"):
    def __init__(self, name, props):
        self.note(Own)
        super().__init__(Own(), name, props)
class Second(Resource, name="Second", module=""):
    def __init__(self): super().__init__(Far(), "x")
class Third(Resource, module="a", name="Third"):
    def __init__(self): super().__init__(Named(), "x")
class Fourth(Resource, name="Fourth"):
    def __init__(self): super().__init__(Near(), "x")
class Fifth(Resource, name="Fifth"):
    def __init__(self): super().__init__("x")
class Sixth(Resource, name="Sixth"):
    def __init__(self): super().other(Own()); super().__init__()
class Seventh(Resource, name="Seventh"):
    def __init__(self): super().__init__(far.Own())
class Eighth(Resource, module="only"):
    def __init__(self): super().__init__(Own())
class Ninth(Resource, name=3):
    def __init__(self): super().__init__(Own())
NAMES = Own
"""


def test_the_class_behind_a_type_is_read_from_its_source(tmp_path: Path) -> None:
    (tmp_path / "components" / "room").mkdir(parents=True)
    (tmp_path / "components" / "room" / "__init__.py").write_text(OURS)
    (tmp_path / "components" / "plain.py").write_text("class A(Resource, name='A'):\n    super().__init__(B())")
    assert dict(dynamic_code._declared(tmp_path)) == {
        "pulumi-python:dynamic/backup:First": "components.room.Own",
        "pulumi-python:dynamic:Second": "components.far.Far",
        "pulumi-python:dynamic/a:Third": "components.far.Other",
        "pulumi-python:dynamic:Fourth": "Near",
    }


@pytest.mark.parametrize(
    ("token", "is_one"),
    [
        ("pulumi-python:dynamic:X", True),
        ("pulumi-python:dynamic/a:X", True),
        ("pulumi-python:dynamically:X", False),
        ("pulumi-python:dynamic", False),
        ("x:pulumi-python:dynamic:X", False),
    ],
)
def test_what_is_dynamic(token: str, is_one: bool) -> None:
    assert dynamic_code.is_dynamic(token) is is_one


def pickled(*codes: bytes) -> str:
    return base64.b64encode(b"\x80\x04" + b"".join(codes) + b".").decode()


def text(word: str) -> bytes:
    return b"\x8c" + bytes([len(word)]) + word.encode() + b"\x94"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (pickled(text("a.b"), text("C"), b"\x93\x94", b")\x81\x94"), "a.b.C"),
        (pickled(b"X\x03\x00\x00\x00a.b", b"q\x00", text("C"), b"\x93"), "a.b.C"),
        (pickled(text("a.b"), text("C")), None),
        (pickled(text("a"), text("b"), text("c"), b"\x93"), None),
        (pickled(text("a"), b"\x93"), None),
        (pickled(text("a"), text("b"), b"\x93", b"\x93"), None),
        (pickled(text("a"), text("b"), b"\x93", b"K\x01"), None),
        (pickled(text("a"), text("b"), b"\x93", b"}b"), None),
        (pickled(text("a"), text("b"), b"\x93", b")R"), None),
        ("a", None),
    ],
)
def test_a_pickle_that_holds_more_than_a_name_has_none(given: str, named: str | None) -> None:
    assert dynamic_code._named(given) == named


def test_the_digest_is_that_of_what_is_there() -> None:
    token = next(iter(known_code()))
    assert code_of(token, {"__provider": "x"}) == "sha256:" + sha256(b"x").hexdigest()


def test_files_that_an_import_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamic_code, "ROOT", tmp_path)
    files = {
        "components/__init__.py": "import json, shared.deep",
        "components/a.py": "from components.b import C\nfrom . import x\nfrom shared import more",
        "components/b.py": "import components.a",
        "components/c.py": "",
        "shared/__init__.py": "",
        "shared/deep.py": "def f():\n    import late.one",
        "shared/more.py": "",
        "late/one.py": "",
    }
    for name, source in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source)
    assert dynamic_code._sources("components.a") == set(files) - {"components/c.py"}
    program = tmp_path / "program"
    (program / "components").mkdir(parents=True)
    (program / "late.py").touch()
    ours = {name for name in files if name.startswith("components/")} - {"components/c.py"}
    assert changed_sources(["components.a.P", HIDDEN], program) == sorted({*ours, "late/one.py"})
    assert changed_sources([HIDDEN], program) == []
    (program / "shared").mkdir()
    assert set(changed_sources(["components.a.P"], program)) == set(files) - {"components/c.py"}
    assert changed_sources(["components.a.P"], tmp_path) == []
