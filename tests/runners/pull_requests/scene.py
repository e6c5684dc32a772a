"""A repository with a pull request whose gate has just run, as the forge tells it."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from runners.pull_requests.judged_stacks import JudgedStack
from tests.preview.report.conftest import make_reports
from tests.runners.pull_requests.stand_in_forge import REPOSITORY, Forge

BASE: Final = "b" * 40
HEAD: Final = "a" * 40
OTHER: Final = "d" * 40
FORK: Final = "stranger/stacks"
RUN: Final = 7_001
LONG_AGO: Final = "2026-11-20T10:00:00Z"
STARTED: Final = "2026-11-25T10:00:00Z"
DEV: Final = JudgedStack(name="dev", project=".", stack="dev")
PROD: Final = JudgedStack(name="prod", project=".", stack="prod")
SHOP: Final = JudgedStack(name="shop-dev", project="shop/infra", stack="dev")
_REPORTS: Final = make_reports()
CONCLUSIONS: Final = {"within": "success", "refused": "failure", "unjudged": "failure"}


def report(kind: str, judged: JudgedStack = DEV, commit: str = HEAD, **changes: Any) -> dict[str, Any]:
    """A report as a gate's job writes it: `within`, `refused` or `unjudged`."""
    made: dict[str, Any] = copy.deepcopy(dict(getattr(_REPORTS, kind)))
    return made | {"stack": judged.stack, "program": judged.program, "commit": commit} | changes


def archive(content: object, name: str = "report.json", kind: int = zipfile.ZIP_DEFLATED, **more: str) -> bytes:
    """An artifact's archive; `content` that is no text is written as JSON."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as opened:
        opened.writestr(name, content if isinstance(content, str | bytes) else json.dumps(content))
        for other, text in more.items():
            opened.writestr(other.replace("_", "."), text)
    return file.getvalue()


@dataclass
class Scene:
    """The forge, and the run that its event will speak of."""

    forge: Forge
    folder: Path
    judged: list[JudgedStack] = field(default_factory=lambda: [DEV])

    def pull(
        self, number: int, *, head: str = HEAD, fork: str = REPOSITORY, branch: str = "change", **more: Any
    ) -> None:
        """Opens a pull request that changes the program alone."""
        self.forge.pulls[number] = {
            "number": number,
            "state": more.get("state", "open"),
            "head": {
                "label": f"{fork.split('/')[0]}:{branch}",
                "ref": branch,
                "sha": head,
                "repo": {"full_name": fork},
            },
            "base": {"ref": more.get("base", "main"), "sha": more.get("base_sha", BASE)},
            "changed_files": 0,
        }
        self.changes(number, "__main__.py", "components/shop.py", "docs/cost.md")

    def changes(self, number: int, *names: str) -> None:
        """Makes these the files of a pull request."""
        self.forge.files[number] = [{"filename": name, "status": "modified"} for name in names]
        self.forge.pulls[number]["changed_files"] = len(names)

    def run(self, number: int = 12, *, identity: int = RUN, conclusion: str = "success", **more: Any) -> Path:
        """The event of a completed run of the gate on a pull request; `more` are members of the run."""
        pull = self.forge.pulls[number]
        run = {
            "id": identity,
            "run_attempt": 1,
            "name": "gate",
            "display_title": f"gate of #{number} on {pull['base']['sha']}",
            "event": "pull_request",
            "status": "completed",
            "conclusion": conclusion,
            "path": ".github/workflows/gate.yml",
            "created_at": STARTED,
            "head_sha": pull["head"]["sha"],
            "head_branch": pull["head"]["ref"],
            "head_repository": pull["head"]["repo"],
            # A fork's pull requests are not listed: https://docs.github.com/en/rest/actions/workflow-runs
            "pull_requests": [],
            "html_url": f"https://github.example/{REPOSITORY}/actions/runs/{identity}",
            **more,
        }
        self.forge.runs[identity] = run
        event = {
            "action": "completed",
            "workflow_run": run,
            "repository": {"full_name": REPOSITORY, "default_branch": "main"},
        }
        path = self.folder / "event.json"
        path.write_text(json.dumps(event), encoding="utf-8")
        return path

    def left(self, judged: JudgedStack, content: bytes, conclusion: str, identity: int = RUN) -> None:
        """What one job of a run left, and how it ended."""
        kept = self.forge.artifacts.setdefault(identity, [])
        key = 50_000 + len(self.forge.archives)
        self.forge.archives[key] = content
        kept.append({"id": key, "name": judged.artifact, "size_in_bytes": len(content), "expired": False})
        self.ended(judged, conclusion, identity)

    def ended(self, judged: JudgedStack, conclusion: str | None, identity: int = RUN) -> None:
        """How one job of a run ended."""
        self.forge.jobs.setdefault(identity, []).append({"name": judged.job, "conclusion": conclusion})

    def result(self, judged: JudgedStack, kind: str, commit: str = HEAD, identity: int = RUN) -> None:
        """One job's honest result."""
        self.left(judged, archive(report(kind, judged, commit), report_md="# as shown"), CONCLUSIONS[kind], identity)
