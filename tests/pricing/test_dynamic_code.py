from __future__ import annotations

import base64
import pickle
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
