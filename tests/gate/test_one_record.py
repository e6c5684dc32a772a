"""One program, four ways to its resources: monitor, preview digest, state export and policy pack give one record."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import pytest
from google.protobuf import json_format
from pulumi_policy import EnforcementLevel
from pulumi_policy.policy import _PolicyAnalyzerServicer

from policies.cost import resource_policies
from policies.edge import About, stack_policy
from policies.memory import MEMORY, Finding
from policies.stack import Stack
from preview.analysis import analyze_request, provider_of, stack_request
from preview.engines import Engine
from preview.existing import Existing
from preview.program import record
from preview.project import Project
from preview.recording import Recording
from preview.registration import Registration
from preview.resource_file import read_resource_file
from pricing.dynamic_code import UNREADABLE
from pricing.estimate import Estimate, estimate
from pricing.price_book import PriceBook
from pricing.resource import UNKNOWN, Graph, Kind, Plain, Resource
from pricing.usage import Usage
from tests.gate.conftest import AS_OF, ROOT, Pulumi, case_of

PROGRAM: Final = """
    import pulumi
    import pulumi_aws as aws
    from pulumi.dynamic import CreateResult, Resource, ResourceProvider
    from components.borrowed.table_deletion import DeletionProtectionProvider

    class Site(pulumi.ComponentResource):
        def __init__(self, name, opts=None):
            super().__init__("team:web:Site", name, None, opts)
            aws.cloudwatch.Dashboard(f"{name}-board", dashboard_name="b", dashboard_body="{}",
                opts=pulumi.ResourceOptions(parent=self))

    class Anything(ResourceProvider):
        def create(self, props):
            return CreateResult("1", dict(props))

    class Protection(Resource, module="backup", name="DeletionProtection"):
        def __init__(self, name, provider, **props):
            super().__init__(provider, name, props)

    tagged = aws.Provider("tagged", region="us-east-1", default_tags={"tags": {"owner": "web", "stage": "8"}},
        assume_roles=[{"role_arn": "arn:aws:iam::210987654321:role/deploy"}])
    south = aws.Provider("south", region="sa-east-1")
    nowhere = aws.Provider("nowhere", profile="somebody")
    disk = dict(availability_zone="us-east-1a", size=10, type="gp3", encrypted=True)
    aws.ebs.Volume("plain", **disk)
    aws.ebs.Volume("tagged-disk", tags={"stage": "1"}, opts=pulumi.ResourceOptions(
        provider=tagged, protect=True, retain_on_delete=True, aliases=[pulumi.Alias(name="old-disk")],
        ignore_changes=["availabilityZone"]), **disk)
    aws.ebs.Volume("south-disk", opts=pulumi.ResourceOptions(provider=south), **disk)
    aws.ebs.Volume("nowhere-disk", opts=pulumi.ResourceOptions(provider=nowhere), **disk)
    aws.ebs.Volume("own-region", region="us-east-1", opts=pulumi.ResourceOptions(provider=south), **disk)
    Site("shop", opts=pulumi.ResourceOptions(providers=[tagged], aliases=[pulumi.Alias(name="store")]))
    aws.ebs.Volume.get("theirs", "vol-0123456789abcdef0")
    pulumi.StackReference("organization/other/dev")
    Protection("ours", DeletionProtectionProvider(), table="t", enabled=True, region="us-east-1")
    Protection("stranger", Anything(), table="t", enabled=True, region="us-east-1")
"""
CONFIG: Final = 'config: {"aws:region": us-east-1}'
# What a way cannot know, and why.
NOT_IN_A_PACK: Final = {
    "retain_on_delete": "the analyzer protocol does not carry it",
    "import_id": "the analyzer protocol does not carry it",
    "unread": "it follows from the import id",
    "secrets": "the SDK hands policies plain values",
    "undeclared": "only a state policy sees outputs",
}


def written(directory: Path, program: str = PROGRAM) -> Path:
    (directory / "Pulumi.yaml").write_text(
        "name: one\nruntime: {name: python, options: {toolchain: pip, virtualenv: .venv}}\n"
    )
    (directory / "Pulumi.dev.yaml").write_text(CONFIG)
    for name in ("components", ".venv"):
        if not (directory / name).exists():
            (directory / name).symlink_to(ROOT / name)
    (directory / "__main__.py").write_text(textwrap.dedent(program))
    return directory


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("one-record"))


@pytest.fixture(scope="module")
def recording(folder: Path) -> Recording:
    return record(Project.load(folder, "dev", ()), existing=Existing())


def priced(graph: Graph) -> Estimate:
    return estimate(graph, Usage(), PriceBook.load(), region="us-east-1", today=AS_OF, account="123456789012")


def as_the_cli_writes(entry: Registration) -> dict[str, Any]:
    """A resource of `apitype.ResourceV3`: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go."""
    state: dict[str, Any] = {
        "urn": entry.urn, "custom": entry.custom, "type": entry.type, "parent": entry.parent or None,
        "inputs": json_format.MessageToDict(entry.wire), "dependencies": list(entry.dependencies),
        "provider": entry.provider, "id": "id" if entry.custom else None,
        "external": entry.external, "protect": entry.protect, "retainOnDelete": entry.retain_on_delete,
        "aliases": list(entry.aliases), "ignoreChanges": list(entry.ignore_changes), "importID": entry.import_id,
    }  # fmt: skip
    # The CLI leaves out what is false or empty, but for `custom`.
    return {key: value for key, value in state.items() if value or key == "custom"}


def from_digest(recording: Recording, folder: Path) -> Graph:
    steps = [
        {"op": "read" if entry.external else "create", "urn": entry.urn, "newState": as_the_cli_writes(entry)}
        for entry in recording.registrations
    ]
    summary = {op: sum(step["op"] == op for step in steps) for op in ("create", "read")}
    summary["create"] -= sum(
        "pulumi:providers:" in str(step["urn"]) and "::default" in str(step["urn"]) for step in steps
    )
    return from_file({"steps": steps, "changeSummary": summary}, folder)


def from_state(recording: Recording, folder: Path) -> Graph:
    listed = [as_the_cli_writes(entry) for entry in recording.registrations]
    return from_file({"version": 3, "deployment": {"resources": listed}}, folder)


def from_file(data: object, folder: Path) -> Graph:
    (folder / "resources.json").write_text(json.dumps(data), encoding="utf-8")
    return read_resource_file(folder / "resources.json").graph


def from_pack(recording: Recording, _: Path) -> Graph:
    """What stack policies are given, after each resource was analysed, over the SDK's own messages."""
    MEMORY.clear()
    given: list[Stack] = []

    def look(stack: Stack) -> Iterator[Finding]:
        given.append(stack)
        return iter(())

    make: Any = _PolicyAnalyzerServicer
    about = About(name="look", description="Looks.", remedy="None.")
    chosen = [*resource_policies()[:1], stack_policy(about, look)]
    servicer = make("ial", "0.0.1", chosen, EnforcementLevel.MANDATORY)
    by_urn = {entry.urn: entry for entry in recording.registrations}
    for entry in recording.registrations:
        if not entry.external:
            servicer.Analyze(analyze_request(entry, provider_of(entry, by_urn)), None)
    servicer.AnalyzeStack(stack_request(recording.registrations, recording.component_outputs), None)
    return given[0].graph


WAYS: Final[dict[str, tuple[Callable[[Recording, Path], Graph], dict[str, str]]]] = {
    "digest": (from_digest, {}),
    "state": (from_state, {}),
    "pack": (from_pack, NOT_IN_A_PACK),
}


def known_to(graph: Graph, exceptions: dict[str, str]) -> dict[str, dict[str, object]]:
    names = [entry.name for entry in fields(Resource) if entry.name not in exceptions]
    return {entry.urn: {name: getattr(entry, name) for name in names} for entry in (*graph, *graph.read)}


def named(graph: Graph, name: str) -> Resource:
    found: Resource = next(entry for entry in (*graph, *graph.read) if entry.name == name)
    return found


@pytest.mark.parametrize("way", WAYS)
def test_every_way_gives_the_same_records_totals_and_findings(
    recording: Recording, tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_STACK", "dev")
    monkeypatch.setenv("PULUMI_CONFIG", "{}")
    read, exceptions = WAYS[way]
    ours, theirs = recording.graph, read(recording, tmp_path)
    assert known_to(theirs, exceptions) == known_to(ours, exceptions)
    assert [entry.kind for entry in theirs] == [entry.kind for entry in ours]
    ours_priced, theirs_priced = priced(ours), priced(theirs)
    assert theirs_priced.total == ours_priced.total
    assert theirs_priced.problems == ours_priced.problems
    assert theirs_priced.warnings == ours_priced.warnings


@pytest.mark.parametrize(
    ("name", "region", "account", "tags"),
    [
        ("plain", "us-east-1", None, None),
        ("tagged-disk", "us-east-1", "210987654321", {"owner": "web", "stage": "1"}),
        ("shop-board", "us-east-1", "210987654321", {"owner": "web", "stage": "8"}),
        ("south-disk", "sa-east-1", None, None),
        ("nowhere-disk", UNKNOWN, None, None),
        ("own-region", "us-east-1", None, None),
        ("theirs", "us-east-1", None, None),
    ],
)
def test_the_provider_says_where_a_resource_goes(
    recording: Recording, name: str, region: Plain, account: Plain, tags: Plain
) -> None:
    found = named(recording.graph, name)
    assert (found.region, found.account, found.tags) == (region, account, tags)


def test_what_a_resource_is_and_what_an_update_may_do_with_it(recording: Recording) -> None:
    graph = recording.graph
    kinds = {name: named(graph, name).kind for name in ("shop", "theirs", "tagged", "organization/other/dev", "plain")}
    assert list(kinds.values()) == [Kind.COMPONENT, Kind.READ, Kind.ENGINE, Kind.ENGINE, Kind.CUSTOM]
    disk = named(graph, "tagged-disk")
    assert (disk.protect, disk.retain_on_delete, disk.ignore_changes) == (True, True, ("availabilityZone",))
    assert [urn.rpartition("::")[2] for urn in disk.aliases] == ["old-disk"]
    assert [urn.rpartition("::")[2] for urn in named(graph, "shop-board").aliases] == ["store-board"]


def test_a_dynamic_resource_is_known_by_its_code(recording: Recording) -> None:
    ours, stranger = named(recording.graph, "ours"), named(recording.graph, "stranger")
    assert ours.type == stranger.type
    assert ours.code.endswith("DeletionProtectionProvider")
    assert stranger.code.startswith("sha256:")
    assert stranger.code != UNREADABLE


def test_findings_name_what_is_not_known_and_nothing_else(recording: Recording) -> None:
    found = {(problem.code, (problem.urn or "").rpartition("::")[2]) for problem in priced(recording.graph).problems}
    assert found == {
        ("missing-price", "south-disk"), ("unknown-region", "nowhere-disk"), ("unclassified-type", "stranger"),
    }  # fmt: skip


def without(*words: str) -> str:
    return "\n".join(line for line in PROGRAM.splitlines() if not any(word in line for word in words))


def agree(file: Path, recording: Recording) -> None:
    ours, theirs = priced(recording.graph), priced(read_resource_file(file).graph)
    assert theirs.total == ours.total
    assert {(found.code, found.urn) for found in theirs.problems} == {
        (found.code, found.urn) for found in ours.problems
    }
    assert theirs.warnings == ours.warnings


@pytest.mark.engine
def test_the_real_engine_gives_the_same(pulumi: Callable[..., Pulumi], tmp_path: Path) -> None:
    folder, file = tmp_path / "program", tmp_path / "resources.json"
    folder.mkdir()
    # There is no other stack to refer to.
    written(folder, without("StackReference"))
    cli = pulumi(folder)
    file.write_text(cli.run("preview", "--json", "--show-sames"), encoding="utf-8")
    agree(file, record(Project.load(folder, "dev", ()), existing=Existing()))
    # Nor an AWS for dynamic providers.
    written(folder, without("StackReference", 'Protection("'))
    verdict = case_of(folder, engine=Engine.PULUMI).judge().verdict
    assert verdict.pack is not None
    assert not [doubt for doubt in verdict.doubts if "must be equal" in doubt or "not complete" in doubt]
    cli.run("up", "--yes", "--skip-preview")
    file.write_text(json.dumps(cli.export()), encoding="utf-8")
    agree(file, record(Project.load(folder, "dev", ()), existing=Existing()))
