"""Everything from which a stack could be made again, read from where it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from preview.engines import Engine
from runners.errors import InputError
from runners.locations import ENVIRONMENTS, PROJECT_FILE

if TYPE_CHECKING:
    from runners.backup.access import Access
    from runners.backup.configuration import Files, Sources


def sources(access: Access) -> Sources:
    """The files of a stack: state, outputs, program, environment, and what AWS holds of it."""

    def read() -> Files:
        from runners.aws.stack_documents import StackDocuments

        files: dict[str, bytes] = {
            "state.json": _json(_state(access)),
            "outputs.json": _json(to_builtins(access.outputs)),
        }
        files |= _program(access)
        files |= StackDocuments(access.clients).read(access.outputs)
        return files

    return read


def _state(access: Access) -> Mapping[str, Any]:
    if access.engine is Engine.LOCAL:
        from runners.local_cloud import exported_state

        return exported_state(access.folder, access.stack)
    from runners.pulumi_stack import exported_stack

    return exported_stack(access.folder, access.stack)


def _program(access: Access) -> Files:
    """The project's and the stack's settings, and the terms by which the stack is judged."""
    wanted = {
        f"program/{name}": access.folder / name for name in (PROJECT_FILE, f"Pulumi.{access.stack}.yaml", "__main__.py")
    }
    for name, path in wanted.items():
        if not path.is_file():
            msg = f"{path} does not exist, so {name} cannot be copied; run this in the program's folder"
            raise InputError(msg)
    environment = ENVIRONMENTS / f"{access.outputs.environment}.yaml"
    if environment.is_file():
        wanted[f"environments/{environment.name}"] = environment
    return {name: path.read_bytes() for name, path in wanted.items()}


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, indent=2, sort_keys=True, default=str).encode()
