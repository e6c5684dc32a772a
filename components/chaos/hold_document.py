"""The SSM document that takes a database's connections: what it runs, what it accepts, and how it always ends."""

import json
from pathlib import Path
from typing import Any

from contract.fingerprint import fingerprint

NAME = "connection-hold"
_HOLDER = Path(__file__).with_name("hold_connections.py")
# SSM writes parameters into the script as they are: what these patterns let through must mean nothing to a shell.
_PARAMETERS: dict[str, dict[str, Any]] = {
    "Host": {
        "description": "The database's address",
        "allowedPattern": "^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$",
    },
    "Port": {"description": "The database's port", "allowedPattern": "^[1-9][0-9]{0,4}$"},
    "Engine": {"description": "How the server is greeted", "allowedValues": ["postgresql", "mysql"]},
    "Connections": {
        "description": "How many each instance holds",
        "allowedPattern": "^([1-9][0-9]?|[1-4][0-9]{2}|500)$",
    },
    "DurationSeconds": {
        "description": "How long, 60 to 3540",
        "allowedPattern": "^([6-9][0-9]|[1-9][0-9]{2}|[12][0-9]{3}|3[0-4][0-9]{2}|35[0-3][0-9]|3540)$",
    },
}
_FOLDER = "/run/ial-connection-hold"
_HOLD = [
    "set -u",
    "umask 077",
    # The fault does not run twice on an instance. A run that was killed leaves its folder, and nothing in it runs.
    f'if test -f {_FOLDER}/pid && grep -q {_FOLDER} "/proc/$(cat {_FOLDER}/pid)/cmdline" 2>/dev/null; then',
    "  echo 'connections are held here already' >&2; exit 3",
    "fi",
    f"rm -rf {_FOLDER}; mkdir {_FOLDER} || exit 3",
    "child=",
    f"""trap 'test -z "$child" || kill "$child" 2>/dev/null; rm -rf {_FOLDER}' EXIT""",
    "trap 'exit 143' HUP INT TERM",
    "command -v python3 >/dev/null || { echo 'python3 is not there' >&2; exit 4; }",
    f"cat >{_FOLDER}/hold.py <<'END_OF_HOLDER'",
    "{holder}",
    "END_OF_HOLDER",
    # A child of this shell in its process group: it ends when the shell does, however that comes.
    f"python3 -I {_FOLDER}/hold.py"
    " '{{ Host }}' '{{ Port }}' '{{ Engine }}' '{{ Connections }}' '{{ DurationSeconds }}' &",
    "child=$!",
    f'echo "$child" >{_FOLDER}/pid',
    'wait "$child"',
]
# Runs whatever became of the first step. When the agent kills that one, the holder goes with its shell.
_CLEAN_UP = [
    f"test -f {_FOLDER}/pid || exit 0",
    f'pid=$(cat {_FOLDER}/pid); case "$pid" in ""|*[!0-9]*) exit 0;; esac',
    f'grep -q {_FOLDER} "/proc/$pid/cmdline" 2>/dev/null && kill "$pid" && sleep 6',
    f"rm -rf {_FOLDER}",
]


def document_content() -> str:
    """The document as SSM takes it, with the holder inside."""
    holder = _HOLDER.read_text(encoding="utf-8").rstrip()
    hold = [holder if line == "{holder}" else line for line in _HOLD]
    steps = [
        _step("hold", hold, timeoutSeconds="3600"),
        _step("cleanUp", _CLEAN_UP, timeoutSeconds="60", finallyStep=True),
    ]
    content = {
        "schemaVersion": "2.2",
        "description": "Holds connections to a database without logging in, and gives them back",
        "parameters": {name: {"type": "String", **about} for name, about in _PARAMETERS.items()},
        "mainSteps": steps,
    }
    return json.dumps(content, indent=1)


def content_sha256(content: str) -> str:
    """SHA-256 of what the document says, however it is spaced; runners compute the same from what SSM answers."""
    return fingerprint(json.loads(content))


def _step(name: str, command: list[str], **inputs: Any) -> dict[str, Any]:
    return {
        "action": "aws:runShellScript",
        "name": name,
        "precondition": {"StringEquals": ["platformType", "Linux"]},
        "inputs": {"runCommand": command, **inputs},
    }
