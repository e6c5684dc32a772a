from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from preview.errors import ProjectError
from preview.project import Project

SCHEMA = """
config:
  size: {type: integer, default: 3}
  name: {type: string}
  tables: {type: array, default: []}
  aws:region: {value: us-east-1}
"""


def test_defaults_the_stack_file_and_the_command_line_in_this_order(load: Callable[..., Project]) -> None:
    project = load(schema=SCHEMA, config="config: {small:name: dev, small:size: 4}", overrides=("size=5",))
    assert project.config == {"aws:region": "us-east-1", "small:name": "dev", "small:size": "5", "small:tables": "[]"}
    assert project.overrides == {"small:size": 5}


def test_a_key_with_a_namespace_keeps_it(load: Callable[..., Project]) -> None:
    assert load(overrides=("aws:region=eu-west-1",)).config == {"aws:region": "eu-west-1"}


def test_structured_values_travel_as_json(load: Callable[..., Project]) -> None:
    project = load(config="config:\n  small:workload: {tables: [{name: a, existing: true}]}")
    assert project.config["small:workload"] == '{"tables":[{"name":"a","existing":true}]}'


def test_pulumi_writes_numbers_as_strings(load: Callable[..., Project]) -> None:
    assert load(schema=SCHEMA, config='config: {small:name: a, small:size: "4"}').config["small:size"] == "4"


@pytest.mark.parametrize(
    ("config", "overrides", "message"),
    [
        (
            "config: {small:name: a, small:size: big}",
            (),
            "Pulumi.dev.yaml: config.small:size: 'big' is not of type int",
        ),
        ("config: {small:name: a}", ("size=big",), "-c size: 'big' is not of type integer"),
        ("config: {small:name: a, small:size: true}", (), "True is not of type integer"),
        ("config: {small:name: 7}", (), "config.small:name: 7 is not of type string"),
        ("config: {}", (), "config small:name has no default and no value; accepted: string"),
        (
            "config: {small:name: {secure: v1:abc}}",
            (),
            "config.small:name: is encrypted, and PULUMI_CONFIG_PASSPHRASE is not set, which the local engine",
        ),
        ("config: {small:name: a}", ("size",), "-c 'size': accepted: key=value"),
        ("config: [1]", (), "config: expected a mapping from names to values"),
        ("config: {", (), "Pulumi.dev.yaml:2: not YAML"),
        ("- 1", (), "Pulumi.dev.yaml: expected a mapping"),
    ],
)
def test_bad_settings_are_one_line_that_names_the_place(
    load: Callable[..., Project], config: str, overrides: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ProjectError, match=r".") as caught:
        load(schema=SCHEMA, config=config, overrides=overrides)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_secret_can_be_given_on_the_command_line(load: Callable[..., Project]) -> None:
    project = load(schema=SCHEMA, config="config: {small:name: {secure: v1:abc}}", overrides=("name=clear",))
    assert project.config["small:name"] == "clear"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("runtime: python", "name: None is not a project name"),
        (
            "name: a\nruntime: nodejs",
            "runtime: nodejs: the local engine runs Python programs only; use `--engine pulumi`, or price a preview",
        ),
        ("name: a\nruntime: python\nmain: elsewhere", "no such file; a Python program needs a __main__.py"),
        ("name: a\nruntime: python\nconfig: {size: {type: float}}", "config.size.type: 'float' is not a type"),
    ],
)
def test_bad_project_files(write_program: Callable[..., Path], text: str, message: str) -> None:
    directory = write_program()
    (directory / "Pulumi.yaml").write_text(text)
    with pytest.raises(ProjectError) as caught:
        Project.load(directory, "dev")
    assert message in str(caught.value)


@pytest.mark.parametrize("main", [None, "program.d", "program.d/__main__.py"])
def test_folders_with_a_dot_in_their_name(write_program: Callable[..., Path], tmp_path: Path, main: str | None) -> None:
    directory = write_program().rename(tmp_path / "tmp.AbC")
    if main is not None:
        (directory / "program.d").mkdir()
        (directory / "__main__.py").rename(directory / "program.d" / "__main__.py")
        (directory / "Pulumi.yaml").write_text(f"name: a\nruntime: python\nmain: {main}")
    found = Project.load(directory, "dev").main
    assert found == (directory / "program.d" if main else directory) / "__main__.py"


def test_missing_files_and_stacks(write_program: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="no such file; name a folder with a Pulumi program by --program"):
        Project.load(tmp_path, "dev")
    directory = write_program()
    with pytest.raises(ProjectError, match=r"Pulumi.prod.yaml: no such file; stacks with settings here: dev"):
        Project.load(directory, "prod")
    with pytest.raises(ProjectError, match=r"--stack '../dev' is not a stack name"):
        Project.load(directory, "../dev")


def test_the_projects_own_virtual_environment_wins(write_program: Callable[..., Path]) -> None:
    directory = write_program()
    (directory / "Pulumi.yaml").write_text("name: a\nruntime: {name: python, options: {virtualenv: env}}")
    own = directory / "env/bin/python"
    assert Project.load(directory, "dev").interpreter != own
    own.parent.mkdir(parents=True)
    own.touch()
    assert Project.load(directory, "dev").interpreter == own


@pytest.mark.parametrize(
    ("given", "stack", "organization"),
    [("dev", "dev", "organization"), ("acme/dev", "dev", "acme"), ("acme/small/dev", "dev", "acme")],
)
def test_a_stacks_name_as_pulumi_takes_it(
    write_program: Callable[..., Path], given: str, stack: str, organization: str
) -> None:
    project = Project.load(write_program(), given)
    assert (project.stack, project.organization, project.full_stack) == (stack, organization, given)


@pytest.mark.parametrize("name", ["", "a/b/c/d", "a//dev", "acme/../dev", "dév", "a b"])
def test_what_is_no_stacks_name(write_program: Callable[..., Path], name: str) -> None:
    with pytest.raises(ProjectError, match="is not a stack name; accepted: STACK, ORGANIZATION/STACK"):
        Project.load(write_program(), name)


def test_settings_in_a_folder_of_their_own(write_program: Callable[..., Path]) -> None:
    folder = write_program(schema="stackConfigDir: settings")
    (folder / "settings").mkdir()
    (folder / "settings" / "Pulumi.dev.yaml").write_text("config: {a: b}")
    project = Project.load(folder, "dev")
    assert (project.config, project.stack_file) == ({"small:a": "b"}, folder / "settings" / "Pulumi.dev.yaml")


@pytest.mark.parametrize("runtime", ["yaml", "nodejs", "go", "dotnet", "java"])
def test_other_languages_are_for_the_real_engine(write_program: Callable[..., Path], runtime: str) -> None:
    folder = write_program()
    (folder / "Pulumi.yaml").write_text(f"name: small\nruntime: {runtime}\n")
    with pytest.raises(ProjectError, match=rf"runtime: {runtime}: .*ial cost estimate preview.json"):
        Project.load(folder, "dev")
    assert Project.load(folder, "dev", engine_reads=True).runtime == runtime


def test_an_environment_of_pulumi_esc(write_program: Callable[..., Path]) -> None:
    inline = "environment: {values: {pulumiConfig: {size: 3}}}\nconfig: {name: a}"
    assert Project.load(write_program(config=inline), "dev").config == {"small:name": "a", "small:size": "3"}
    folder = write_program(config="environment: [shop/dev]\nconfig: {name: a}")
    with pytest.raises(ProjectError, match="environment: shop/dev: is kept in Pulumi ESC"):
        Project.load(folder, "dev")
    assert Project.load(folder, "dev", engine_reads=True).config == {"small:name": "a"}


@pytest.mark.parametrize(
    ("options", "python"),
    [
        ("toolchain: pip, virtualenv: env", "env"),
        ("toolchain: uv", ".venv"),
        ("toolchain: uv, virtualenv: env", "env"),
        ("toolchain: poetry", ".venv"),
    ],
)
def test_the_toolchains_environment(write_program: Callable[..., Path], options: str, python: str) -> None:
    folder = write_program()
    (folder / "Pulumi.yaml").write_text(f"name: small\nruntime: {{name: python, options: {{{options}}}}}\n")
    own = folder / python / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.touch()
    assert Project.load(folder, "dev").interpreter == own


def test_uv_keeps_one_environment_for_a_workspace(write_program: Callable[..., Path]) -> None:
    folder = write_program()
    (folder / "Pulumi.yaml").write_text("name: small\nruntime: {name: python, options: {toolchain: uv}}\n")
    (folder.parent / "uv.lock").touch()
    own = folder.parent / ".venv" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.touch()
    assert Project.load(folder, "dev").interpreter == own


def test_an_unknown_toolchain_is_refused(write_program: Callable[..., Path]) -> None:
    folder = write_program()
    (folder / "Pulumi.yaml").write_text("name: small\nruntime: {name: python, options: {toolchain: conda}}\n")
    with pytest.raises(ProjectError, match="toolchain: 'conda'; accepted: pip, uv, poetry"):
        Project.load(folder, "dev")
