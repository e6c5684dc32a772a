"""botocore's descriptions of services, read a piece at a time.

EC2's alone has thousands of shapes, of which a runner uses a few dozen. A whole model takes tens of megabytes: read by
botocore itself, a run's peak is 105 MB instead of 64 (`benchmarks/chaos_overhead.py` measures what a run adds).
"""

from __future__ import annotations

import gzip
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from botocore.loaders import JSONFileLoader, Loader
from msgspec.json import decode

if TYPE_CHECKING:
    from _collections_abc import dict_items, dict_values

# The files are laid out evenly, and no text in them spans lines; what is laid out otherwise is read whole.
_EVEN: Final = b'{\n  "'
_SECTION: Final = re.compile(rb'\n( *)"(?:operations|shapes|services)" ?: ?\{(?=\n)')
_ENTRY: Final = rb'\n%s  "([^"\\]+)" ?: ?(?=\{)'
_DOCUMENTATION: Final = re.compile(rb'"documentation" ?: ?"[^"\\]*(?:\\.[^"\\]*)*"')
_DOCUMENTATION_LATER: Final = re.compile(rb",\s*" + _DOCUMENTATION.pattern)
_SECTION_NUMBER: Final = "section of ial"


class Entries(dict[str, Any]):
    """The entries of a section: each is JSON text until somebody asks for it."""

    def __getitem__(self, name: str) -> Any:
        held = super().__getitem__(name)
        if isinstance(held, bytes):
            held = self[name] = decode(held)
        return held

    def get(self, name: str, default: Any = None) -> Any:
        """As a dictionary does it."""
        try:
            return self[name]
        except KeyError:
            return default

    def values(self) -> dict_values[str, Any]:
        """As a dictionary does it."""
        return dict(self.items()).values()

    def items(self) -> dict_items[str, Any]:
        """As a dictionary does it."""
        return {name: self[name] for name in self}.items()


class ServiceModelFiles(JSONFileLoader):
    """Reads botocore's files, and not more of what they hold than is asked for."""

    def load_file(self, file_path: str) -> Any:
        """A file by its path without `.json`; None if there is none."""
        plain, packed = Path(f"{file_path}.json"), Path(f"{file_path}.json.gz")
        if plain.is_file():
            return parsed(plain.read_bytes())
        return parsed(gzip.decompress(packed.read_bytes())) if packed.is_file() else None


class ServiceModels(Loader):
    """Botocore's loader, which looks into the folder of the service that is asked for, and into no other."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 (of whatever type)
        """Services with any description. Whether one of the type is there is seen when it is read.

        Botocore looks for it in 400 folders before it reads the first one.
        """
        there = (path for path in self.search_paths if Path(path).is_dir())
        return sorted({entry.name for path in there for entry in os.scandir(path) if entry.is_dir()})


@cache
def service_models(search_path: str | None) -> Loader:
    """The loader of all sessions of this process. `search_path` is that of AWS_DATA_PATH.

    Botocore writes into what it has read, the same for each client: those of one session share it anyway.
    """
    own = [str(Path(os.path.expandvars(path)).expanduser()) for path in (search_path or "").split(os.pathsep) if path]
    return ServiceModels(own, ServiceModelFiles())


def parsed(text: bytes) -> Any:
    """A JSON document without its documentation, whose large sections are read entry by entry."""
    if not text.startswith(_EVEN):
        return json.loads(text)
    text = _DOCUMENTATION.sub(b'"documentation":""', _DOCUMENTATION_LATER.sub(b"", text))
    sections: list[Entries] = []
    rest: list[bytes] = []
    at = 0
    while (found := _SECTION.search(text, at)) is not None:
        rest += [text[at : found.end()], b'"%s":%d' % (_SECTION_NUMBER.encode(), len(sections))]
        at = text.index(b"\n%s}" % found[1], found.end())
        sections.append(_entries(text, found[1], found.end(), at))
    rest.append(text[at:])

    def placed(held: dict[str, Any]) -> dict[str, Any]:
        return sections[held[_SECTION_NUMBER]] if _SECTION_NUMBER in held else held

    return json.loads(b"".join(rest), object_hook=placed)


def _entries(text: bytes, indent: bytes, first: int, last: int) -> Entries:
    starts = list(re.compile(_ENTRY % indent).finditer(text, first, last))
    ends = [*(found.start() for found in starts[1:]), last]
    return Entries(
        (found[1].decode(), text[found.end() : end].rstrip(b", \n")) for found, end in zip(starts, ends, strict=True)
    )
