from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "code",
    [
        "import preview.protocol, sys; assert 'pulumi' not in sys.modules",
        "import preview.protocol, pulumi; pulumi.Config; from preview.protocol import resource_pb2 as a; "
        "from pulumi.runtime.proto import resource_pb2 as b; assert a is b",
        "import pulumi, preview.protocol; from preview.protocol import resource_pb2; pulumi.Config",
        "import preview.monitor; from pulumi import automation; automation.LocalWorkspace",
    ],
)
def test_the_protocol_and_the_sdk_live_together_in_any_order(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
