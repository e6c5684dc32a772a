from __future__ import annotations

from pathlib import Path

import pytest

from preview.engines import Engine, chosen


def command(directory: Path) -> Path:
    directory.mkdir()
    file = directory / "pulumi"
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return directory


def test_auto_says_which_engine_and_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said: list[str] = []
    for name in ("PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert chosen(Engine.AUTO, said.append) is Engine.LOCAL
    monkeypatch.setenv("PATH", str(command(tmp_path / "bin")))
    assert chosen(Engine.AUTO, said.append) is Engine.LOCAL
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file:///state")
    assert chosen(Engine.AUTO, said.append) is Engine.PULUMI
    assert "not on PATH" in said[0]
    assert "pulumi login" in said[1]
    assert said[2] == "engine: pulumi"


@pytest.mark.parametrize("engine", [Engine.LOCAL, Engine.PULUMI])
def test_a_named_engine_is_taken(engine: Engine) -> None:
    assert chosen(engine) is engine
