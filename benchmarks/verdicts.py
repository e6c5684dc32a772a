"""The same verdict by the local engine and, where the Pulumi CLI is, by `pulumi preview` with the same pack.

For a fair comparison the real engine should have a provider that does nothing on PATH (`pulumi-resource-aws`); with
the real AWS provider it takes longer still. State goes to a folder of its own.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.timing import IAL, ROOT, command, median

_TIMES = 3


def measure() -> list[str]:
    ours = [*IAL, "preview", "--stack", "dev", "--engine", "local"]
    code = command(ours)()
    local = median(command(ours), _TIMES)
    lines = [f"ial preview, local engine   {local:.2f} s (exit code {code})"]
    if shutil.which("pulumi") is None:
        return [*lines, "pulumi preview              not measured: `pulumi` is not on PATH"]
    with tempfile.TemporaryDirectory(prefix="ial-bench-") as folder:
        project = _project(Path(folder))
        environment = {
            "PULUMI_BACKEND_URL": f"file://{project}",
            "PULUMI_CONFIG_PASSPHRASE": "benchmark",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
        }
        pulumi = ["pulumi", "--non-interactive", "--cwd", str(project)]
        command([*pulumi, "stack", "init", "dev"], environment)()
        theirs = command([*pulumi, "preview", "--stack", "dev", "--policy-pack", str(ROOT / "policies")], environment)
        code = theirs()
        real = median(theirs, _TIMES)
    return [
        *lines,
        f"pulumi preview, same pack   {real:.2f} s (exit code {code})",
        f"local engine / pulumi       {local / real:.2f}",
    ]


def _project(folder: Path) -> Path:
    """The program in a folder of its own: `stack init` writes into the stack's file."""
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder
