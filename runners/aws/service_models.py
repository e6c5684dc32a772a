"""botocore's descriptions of services, read a piece at a time.

EC2's alone has thousands of shapes, of which a runner uses a few dozen. A whole model takes tens of megabytes.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import ItemsView, ValuesView
from pathlib import Path
from typing import Any, Final

from botocore.loaders import JSONFileLoader, Loader

# The files are laid out evenly, and no text in them spans lines; what is laid out otherwise is read whole.
_SECTION: Final = re.compile(rb'\n( *)"(?:operations|shapes|services)" ?: ?\{(\n.*?)\n\1\}', re.DOTALL)
_ENTRY: Final = rb'\n%s  "([^"\\]+)" ?: ?(?=\{)'
_SAID: Final = rb'"documentation" ?: ?"[^"\\]*(?:\\.[^"\\]*)*"'
_DOCUMENTATION: Final = re.compile(rb',\n *%s|(?<=\{)\n *%s,?' % (_SAID, _SAID))
_SECTION_NUMBER: Final = "section of ial"


class Entries(dict[str, Any]):
    """The entries of a section: each is JSON text until somebody asks for it."""

    def __getitem__(self, name: str) -> Any:
        held = super().__getitem__(name)
        if isinstance(held, bytes):
            held = self[name] = json.loads(held)
        return held

    def get(self, name: str, default: Any = None) -> Any:
        """As a dictionary does it."""
        return self[name] if name in self else default

    def values(self) -> ValuesView[str]:
        """As a dictionary does it."""
        return dict(self.items()).values()

    def items(self) -> ItemsView[str, Any]:
        """As a dictionary does it."""
        return {name: self[name] for name in self}.items()


class ServiceModels(JSONFileLoader):  # type: ignore[misc,unused-ignore]
    """Reads botocore's files with what they hold, and not more of it than is asked for."""

    def load_file(self, file_path: str) -> Any:
        """A file by its path without `.json`; None if there is none."""
        plain, packed = Path(f"{file_path}.json"), Path(f"{file_path}.json.gz")
        if plain.is_file():
            return parsed(plain.read_bytes())
        return parsed(gzip.decompress(packed.read_bytes())) if packed.is_file() else None


def parsed(text: bytes) -> Any:
    """A JSON document without documentation, whose large sections are read entry by entry."""
    text = _DOCUMENTATION.sub(b"", text)
    sections: list[Entries] = []
    rest: list[bytes] = []
    at = 0
    for found in _SECTION.finditer(text):
        rest += [text[at : found.start(2)], b'"%s":%d' % (_SECTION_NUMBER.encode(), len(sections))]
        sections.append(_entries(text, found))
        at = found.end(2)
    rest.append(text[at:])

    def placed(held: dict[str, Any]) -> dict[str, Any]:
        return sections[held[_SECTION_NUMBER]] if _SECTION_NUMBER in held else held

    return json.loads(b"".join(rest), object_hook=placed)


def service_models(search_path: str | None) -> Loader:
    """botocore's loader; the path is that of AWS_DATA_PATH."""
    import botocore.loaders

    loader = botocore.loaders.create_loader(search_path)
    loader.file_loader = ServiceModels()
    return loader


def _entries(text: bytes, section: re.Match[bytes]) -> Entries:
    entry, (first, last) = re.compile(_ENTRY % section[1]), section.span(2)
    starts = list(entry.finditer(text, first, last))
    ends = [*(found.start() for found in starts[1:]), last]
    return Entries(
        (found[1].decode(), text[found.end() : end].rstrip(b", \n"))
        for found, end in zip(starts, ends, strict=True)
    )
