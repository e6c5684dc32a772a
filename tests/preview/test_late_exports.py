"""A provider's package that loads its modules late says the same as one that loads them at once."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from preview.ial_program_host.late import Late

PACKAGE = """
# generated
import builtins as _builtins
from .. import _utilities
import typing
# Export this package's modules as members:
from .bucket import *
from .get_bucket import *
from ._inputs import *
from . import outputs
"""
FILES = {
    "bucket": "from .get_bucket import get_bucket as _it\n__all__ = ['BucketArgs', 'Bucket']\nBucket = BucketArgs = 1",
    "get_bucket": "__all__ = [\n    'get_bucket',\n]\ndef get_bucket(): return 'found'\nhidden = 1",
    "_inputs": "__all__ = ['RuleArgs']\nRuleArgs = 2",
    "outputs": "__all__ = ['Rule']\nRule = 3",
}


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., ModuleType]]:
    """Writes a provider with one service, and imports the service as a program under the host does."""

    def write(package: str = PACKAGE, **changed: str) -> ModuleType:
        folder = tmp_path / "pulumi_late" / "store"
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").write_text("")
        (folder.parent / "_utilities.py").write_text("")
        (folder / "__init__.py").write_text(package)
        for name, text in {**FILES, **changed}.items():
            (folder / f"{name}.py").write_text(text)
        return import_module("pulumi_late.store")

    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", [Late(), *sys.meta_path])
    yield write
    for name in [name for name in sys.modules if name.partition(".")[0] == "pulumi_late"]:
        del sys.modules[name]


def loaded() -> set[str]:
    return {name.rpartition(".")[2] for name in sys.modules if name.startswith("pulumi_late.store.")}


def test_a_name_loads_its_module_and_no_other(service: Callable[..., ModuleType]) -> None:
    store = service()
    assert loaded() == set()
    assert (store.RuleArgs, loaded()) == (2, {"_inputs"})
    assert store.outputs.Rule == 3
    assert loaded() == {"_inputs", "outputs"}


def test_a_function_hides_the_module_of_its_name(service: Callable[..., ModuleType]) -> None:
    store = service()
    # The module is loaded for the sake of another one here.
    assert store.Bucket == 1
    assert store.get_bucket() == "found"
    assert isinstance(store.bucket, ModuleType)


def test_all_names_are_there_for_who_asks_for_all(service: Callable[..., ModuleType]) -> None:
    store = service()
    names: dict[str, object] = {}
    exec("from pulumi_late.store import *", names)
    expected = {"Bucket", "BucketArgs", "get_bucket", "RuleArgs", "outputs"}
    assert expected <= names.keys()
    assert expected <= set(dir(store))
    assert "hidden" not in dir(store)


def test_what_is_nowhere_is_an_error_as_usual(service: Callable[..., ModuleType]) -> None:
    store = service()
    with pytest.raises(AttributeError, match=r"module 'pulumi_late\.store' has no attribute 'Buckt'"):
        _ = store.Buckt
    with pytest.raises(ImportError, match="cannot import name 'Buckt'"):
        exec("from pulumi_late.store import Buckt")


@pytest.mark.parametrize(
    "change",
    [
        {"package": PACKAGE + "VERSION = 7\n"},
        {"bucket": "Bucket = BucketArgs = 1"},
        {"_inputs": "__all__ = ['Bucket', 'RuleArgs']\nBucket, RuleArgs = 1, 2"},
    ],
    ids=["another line", "no list of names", "a name in two modules"],
)
def test_an_unusual_package_is_loaded_as_usual(service: Callable[..., ModuleType], change: dict[str, str]) -> None:
    store = service(**change)
    assert loaded() == set(FILES)
    assert (store.Bucket, store.RuleArgs) == (1, 2)


def test_a_service_of_aws_has_the_same_names_either_way() -> None:
    program = """
        import sys
        if sys.argv[1] == "late":
            from preview.ial_program_host import late
            late.install()
        from pulumi_aws import sns
        assert sns.Topic
        assert ("pulumi_aws.sns.get_topic" in sys.modules) == (sys.argv[1] != "late")
        names = {name: getattr(sns, name) for name in dir(sns) if not name.startswith("__")}
        print(sorted((name, getattr(value, "__module__", ""), type(value).__name__) for name, value in names.items()))
    """
    said = [
        subprocess.run(
            [sys.executable, "-c", textwrap.dedent(program), way], check=True, capture_output=True, text=True
        ).stdout
        for way in ("late", "at once")
    ]
    assert said[0] == said[1]
    assert "'Topic'" in said[0]
