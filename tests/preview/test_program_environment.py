from __future__ import annotations

import os
from pathlib import Path

import pytest

from preview.errors import ProjectError
from preview.program_environment import judges_own, private_places, program_environment, with_network

HOME = Path("/tmp/empty")
SECRET = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE",
    "GITHUB_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "HTTPS_PROXY",
    "SSH_AUTH_SOCK",
    "NPM_TOKEN",
    "DATABASE_PASSWORD",
    "IAL_PACK_REPORT",
    "ANYTHING_ELSE",
]


@pytest.mark.parametrize("name", SECRET)
def test_what_is_not_listed_is_not_passed(name: str) -> None:
    assert name not in program_environment(HOME, {name: "planted", "PATH": "/bin"})


def test_what_a_program_needs_to_run_is_passed() -> None:
    caller = {"PATH": "/bin", "LANG": "C", "LC_ALL": "C", "PYTHONPATH": "/lib", "AWS_REGION": "eu-west-1", "TZ": "UTC"}
    given = program_environment(HOME, {**caller, "HOME": "/root"})
    assert caller.items() <= given.items()
    assert given["HOME"] == str(HOME)
    assert given["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull


def test_a_variable_of_the_programs_own_is_passed_by_name() -> None:
    caller = {"IAL_PROGRAM_ENVIRONMENT": "TEAM, FLAVOUR", "TEAM": "shop", "OTHER": "x"}
    given = program_environment(HOME, caller)
    assert given["TEAM"] == "shop"
    assert {"FLAVOUR", "OTHER", "IAL_PROGRAM_ENVIRONMENT"}.isdisjoint(given)


@pytest.mark.parametrize("name", [name for name in SECRET if name != "ANYTHING_ELSE"])
def test_no_credential_is_passed_by_name(name: str) -> None:
    with pytest.raises(ProjectError, match=f"{name} may hold a credential"):
        program_environment(HOME, {"IAL_PROGRAM_ENVIRONMENT": name, name: "planted"})


def test_the_network_is_there_only_when_asked_for() -> None:
    assert not with_network({})
    assert with_network({"IAL_PROGRAM_NETWORK": "allow"})
    with pytest.raises(ProjectError, match="accepted: allow"):
        with_network({"IAL_PROGRAM_NETWORK": "1"})


def test_private_places_are_hidden_unless_the_program_lies_in_them(tmp_path: Path) -> None:
    for name in (".aws", ".ssh", "work"):
        (tmp_path / name).mkdir()
    (tmp_path / "key").touch()
    caller = {"HOME": str(tmp_path), "GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "key")}
    found = private_places((tmp_path / "work",), caller)
    assert {tmp_path / ".aws", tmp_path / ".ssh", tmp_path / "key"} <= set(found)
    assert tmp_path / "work" not in found
    assert tmp_path / ".ssh" not in private_places((tmp_path / ".ssh" / "program",), caller)


def test_what_judges_is_locked() -> None:
    assert {"policies", "pricing", "preview"} <= {path.name for path in judges_own()}
