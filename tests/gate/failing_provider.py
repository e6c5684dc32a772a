"""The stand-in provider for one that AWS refuses: it creates nothing that IAL_TEST_REFUSED names."""

from __future__ import annotations

import os
from typing import Any

import grpc

from tests.gate import stand_in_provider


class Failing(stand_in_provider.Provider):
    def Create(self, request: Any, context: Any) -> Any:
        name = request.urn.rpartition("::")[2]
        if not request.preview and name in os.environ.get("IAL_TEST_REFUSED", "").split(","):
            context.abort(grpc.StatusCode.UNKNOWN, f"creating {name}: AccessDenied: not authorized to perform it")
        return super().Create(request, context)


if __name__ == "__main__":
    stand_in_provider.Provider = Failing  # type: ignore[misc]
    stand_in_provider.main()
