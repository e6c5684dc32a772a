"""botocore's service models, read once in a process of tests: each `AwsClients` reads those of its services anew."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import botocore

from runners.aws.service_models import ServiceModelFiles

# As the product reads them.
LOAD: Final = ServiceModelFiles.load_file
_DATA: Final = str(Path(botocore.__file__).with_name("data"))


def keep_models() -> None:
    """From now on a file of botocore's is read once; all others are read as before."""
    kept = cache(LOAD)

    def load_file(files: ServiceModelFiles, file_path: str) -> Any:
        return kept(_READER, file_path) if file_path.startswith(_DATA) else LOAD(files, file_path)

    ServiceModelFiles.load_file = load_file  # type: ignore[method-assign,assignment]


_READER: Final = ServiceModelFiles()
