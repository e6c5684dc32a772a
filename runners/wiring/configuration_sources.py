"""Everything from which a stack could be made again, read from where it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from contract.redaction import SECRETS
from local.errors import LocalCloudError
from preview.engines import Engine
from preview.errors import PreviewError
from runners.backup.configuration.configuration import Gathered
from runners.errors import InputError, RunnerError
from runners.stack.locations import ENVIRONMENTS, PROJECT_FILE

if TYPE_CHECKING:
    from runners.backup.configuration.configuration import Sources
    from runners.wiring.backup import Access


def sources(access: Access) -> Sources:
    """The files of a stack: state, outputs, program, environment, and what AWS holds of it."""

    def read() -> Gathered:
        files: dict[str, bytes] = {}
        gaps: dict[str, str] = {}
        for name, get in _parts(access):
            try:
                files[name] = get()
            except (RunnerError, PreviewError, LocalCloudError, OSError) as error:
                # One that cannot be asked must not cost the others.
                gaps[name] = str(error)
        return Gathered(files=files, gaps=gaps)

    return read


def _parts(access: Access) -> Iterator[tuple[str, Callable[[], bytes]]]:
    from runners.aws.stack_documents import StackDocuments

    yield "state.json", lambda: _json(_state(access))
    yield "outputs.json", lambda: _json(SECRETS.redacted_data(to_builtins(access.outputs)))
    for name in (PROJECT_FILE, f"Pulumi.{access.stack}.yaml", "__main__.py"):
        yield f"program/{name}", partial(_program_file, access.folder / name)
    environment = ENVIRONMENTS / f"{access.outputs.environment}.yaml"
    # A stack that is judged by no environment has none.
    if environment.is_file():
        yield f"environments/{environment.name}", environment.read_bytes
    yield from StackDocuments(access.clients).parts(access.outputs)


def _state(access: Access) -> Mapping[str, Any]:
    if access.engine is Engine.LOCAL:
        from runners.stack.local_cloud import exported_state

        # Pulumi's own state comes encrypted and goes back as it is; this one is in clear, and nothing imports it.
        redacted: Mapping[str, Any] = SECRETS.redacted_data(exported_state(access.folder, access.stack))
        return redacted
    from runners.stack.pulumi_stack import exported_stack

    return exported_stack(access.folder, access.stack)


def _program_file(path: Path) -> bytes:
    if not path.is_file():
        msg = f"{path} does not exist; run this in the program's folder"
        raise InputError(msg)
    return path.read_bytes()


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, indent=2, sort_keys=True, default=str).encode()
