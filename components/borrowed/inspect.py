"""What `up` would do to the settings that others own, asked of the cloud and written to nobody: JSON in, JSON out.

    python -m components.borrowed.inspect < question.json

It runs in the program's own environment. The question is `{"settings": [{"type": TYPE, "props": {...}}], "config":
{"aws:region": ..., ...}}`: types and inputs as the preview recorded them, and the stack's `aws:` settings (who signs).
The answer is `{"decisions": [{resource, setting, found, wanted, decision, result, why}]}`, at least one a setting and
in the order asked; what cannot be asked or judged is a decision `refuse` that says why. Exit code 2 and one line on
stderr when the question itself cannot be read.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TextIO

from pulumi.dynamic import Config, ConfigureRequest

from components.borrowed.decision import Decision
from components.borrowed.kinds import KINDS

USAGE = 2


def decisions(question: Mapping[str, Any]) -> list[Decision]:
    """One or more decisions a setting, in the order asked."""
    config = ConfigureRequest(Config(dict(question.get("config") or {}), "ial"))
    return [line for setting in question["settings"] for line in _of(setting, config)]


def _of(setting: Mapping[str, Any], config: ConfigureRequest) -> list[Decision]:
    from botocore.exceptions import BotoCoreError, ClientError

    type_, props = str(setting["type"]), dict(setting["props"])
    if type_ not in KINDS:
        return [_refused(type_, props, "this type is not known here, so nobody can say what it would do")]
    provider = KINDS[type_]()
    try:
        provider.configure(config)
        return provider.inspect(props)
    except (LookupError, PermissionError, ClientError, BotoCoreError) as error:
        return [_refused(type_, props, " ".join(str(error).split()))]


def _refused(type_: str, props: Mapping[str, Any], why: str) -> Decision:
    named = [str(props[key]) for key in ("logGroup", "table", "cluster", "bucket", "database") if props.get(key)]
    return Decision(
        resource=" ".join(named) or type_,
        setting=type_.rsplit(":", 1)[-1],
        found="not known",
        wanted="not known",
        decision="refuse",
        result="not known",
        why=why,
    )


def main(asked: TextIO, answered: TextIO) -> int:
    """Reads the question, writes the answer; returns the exit code."""
    try:
        question = json.load(asked)
        found = decisions(question)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"not a question about settings: {error!r}", file=sys.stderr)
        return USAGE
    json.dump({"decisions": [asdict(decision) for decision in found]}, answered, ensure_ascii=False)
    answered.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.stdin, sys.stdout))
