"""Files beside the program: YAML with a version, each wrong value named with its line."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from components.reading import Reader, SettingsError
from contract.reading.errors import ReadingError
from contract.reading.files import read_yaml_file

T = TypeVar("T")


def read_versioned(path: Path, what: str, version: int, read: Callable[[Reader], T]) -> T:
    """What `read` makes of the file, of which it knows this version; `what` says what kind of file it is.

    Raises:
        SettingsError: it cannot be read, or a value is wrong; the message has file, line and key.
    """
    try:
        document = read_yaml_file(path, what)
    except ReadingError as error:
        raise SettingsError(str(error)) from None
    try:
        reader = Reader({} if document.data is None else document.data, "")
        if reader.whole("version", 1, version, 0) != version:
            raise reader.refuse("version", str(version))
        found = read(reader)
        reader.close()
    except SettingsError as error:
        # A reader's message begins with the path of what it refuses.
        msg = f"{path}:{document.file.line(str(error).split(' ', 1)[0])}: {error}"
        raise SettingsError(msg) from None
    return found
