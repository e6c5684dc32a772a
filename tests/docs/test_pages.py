from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from msgspec.structs import asdict

from components.chaos_settings import ChaosSettings, Freeze, Window
from components.drill_settings import DrillSettings
from components.fleet_settings import FleetSettings
from components.observability.critical_signals import critical_signals
from components.reading import Reader, SettingsError
from components.rollback_settings import RollbackSettings, RollbackTarget
from components.service_level import Slo, Tracing
from components.settings import BackupSettings, Settings, Trusted
from components.workload.bucket import Bucket
from components.workload.log_group import LogGroup
from components.workload.table import Table
from components.workload.workload import Workload
from contract.goals import Goals

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
CONFIGURATION = ROOT / "docs/configuration.md"
# Named otherwise in the stack file, or not a key of `ial:` at all.
RENAMED = {"region": "aws:region", "namespace": "metricNamespace"}


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def stack_files() -> list[str]:
    return re.findall(r"```yaml\n(config:.*?)```", text(CONFIGURATION), re.DOTALL)


def settings_of(document: str) -> Settings:
    config = yaml.safe_load(document)["config"]
    values = {key.removeprefix("ial:"): value for key, value in config.items() if key.startswith("ial:")}
    return Settings.read(Reader(values, "ial:"), stack="dev", region=config["aws:region"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)", text(page))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_critical_alarm_has_its_runbook() -> None:
    signals = [spec.signal for spec in critical_signals(settings_of(stack_files()[0]))]
    assert len(signals) == 5
    for name in [*signals, "instance", "burn-rate", "pipeline", "score-drop"]:
        page = text(ROOT / f"docs/runbooks/{name}.md")
        assert "**Fires**" in page
        assert "**Escalate**" in page or "Escalate" in page


@pytest.mark.parametrize(
    "section",
    [
        Settings,
        Tracing,
        Slo,
        Trusted,
        BackupSettings,
        DrillSettings,
        FleetSettings,
        Table,
        Bucket,
        LogGroup,
        ChaosSettings,
        Window,
        Freeze,
        RollbackSettings,
        RollbackTarget,
    ],
)
def test_every_setting_is_described(section: type) -> None:
    page = text(CONFIGURATION)
    names = [RENAMED.get(field.name, camel(field.name)) for field in fields(section)]
    assert [name for name in names if name not in page] == []


def test_every_key_of_a_workload_is_described() -> None:
    with pytest.raises(SettingsError) as refused:
        Reader({"workload": {"": 1}}, "").section("workload", Workload.read)
    keys = str(refused.value).split("accepted: ")[1].split(", ")
    assert len(keys) > 10
    assert [key for key in keys if f"`{key}`" not in text(CONFIGURATION)] == []


def test_every_goal_is_described_with_its_default() -> None:
    page = text(CONFIGURATION)
    shown = {None: "no alarm", False: "false"}
    rows = {camel(name): shown.get(given, given) for name, given in asdict(Goals()).items()}
    assert [f"| `{key}` | {given} |" for key, given in rows.items() if f"| `{key}` | {given} |" not in page] == []


@pytest.mark.parametrize("document", stack_files())
def test_the_stack_files_on_the_page_are_accepted(document: str) -> None:
    assert settings_of(document).owner == "platform-team"


def test_both_readmes_show_the_same_commands() -> None:
    def commands(page: str) -> list[str]:
        found = re.findall(r"^\$ (.*?)(?:\s+#.*)?$", text(ROOT / page), re.MULTILINE)
        return [str(command) for command in found]

    assert commands("README.md") == commands("README.pt-BR.md") != []


def test_every_policy_of_the_pack_is_described() -> None:
    from policies.pack import policies

    page = text(ROOT / "docs/policies.md")
    assert [policy.name for policy in policies() if f"## {policy.name}" not in page] == []


def test_every_saved_query_is_described() -> None:
    page = text(ROOT / "docs/fleet-records.md")
    assert [file.stem for file in (ROOT / "queries").glob("*.sql") if f"| `ial-{file.stem}` |" not in page] == []
