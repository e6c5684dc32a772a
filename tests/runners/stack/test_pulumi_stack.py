"""What the commands that read or destroy a stack hand to Pulumi's CLI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runners.stack.pulumi_stack import stack_outputs
from tests.runners.fake_pulumi import FakePulumi


def test_none_of_the_callers_options_reaches_pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakePulumi.at(tmp_path / "home", config={}, outputs={"a": 1}, state={})
    command = fake.home / "bin" / "pulumi"
    # Which version it is, the SDK asks by itself.
    noting = f'#!/bin/sh\ncase "$*" in version*) ;; *) env >> {tmp_path}/environment ;; esac\n'
    kept = command.read_text(encoding="utf-8").replace("#!/bin/sh\n", noting)
    command.write_text(kept, encoding="utf-8")
    monkeypatch.setenv("PATH", f"{fake.home / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PULUMI_OPTION_STACK", "another")
    monkeypatch.setenv("PULUMI_OPTION_PARALLEL", "4")
    (tmp_path / "Pulumi.yaml").write_text("name: small\nruntime: python\n", encoding="utf-8")
    assert stack_outputs(tmp_path, "dev") == {"a": 1}
    commands = (tmp_path / "environment").read_text(encoding="utf-8")
    assert "PULUMI_OPTION_PARALLEL=4" in commands
    assert "PULUMI_OPTION_STACK" not in commands
