"""Programs that register nothing while they are judged, or only what costs nothing, and would register more later."""

from __future__ import annotations

from typing import Final

from tests.hostile.program import Hostile

_REGISTERING: Final = """
def later(number):
    inputs = struct_pb2.Struct()
    inputs.update({"dashboardName": "d", "dashboardBody": "{}"})
    return resource_pb2.RegisterResourceRequest(
        type="aws:cloudwatch/dashboard:Dashboard", name=f"later{number}", object=inputs, custom=True)
"""

DOORS: Final = (
    Hostile(
        "nothing-as-an-error-was-swallowed",
        """
def broken(args, opts):
    raise ValueError("no")
try:
    aws.cloudwatch.Dashboard("a")
except TypeError:
    pass
""",
        (0,),
    ),
    Hostile(
        "nothing-as-a-refusal-was-swallowed",
        _REGISTERING
        + """
try:
    stub().RegisterResource(resource_pb2.RegisterResourceRequest(type="nonsense", name="a", custom=True, remote=True))
except Exception:
    pass
""",
        (2,),
        engine=False,
    ),
    Hostile(
        "nothing-but-from-a-thread",
        _REGISTERING
        + """
import threading
def run(monitor):
    for number in range(6):
        monitor.RegisterResource(later(number))
threading.Thread(target=run, args=(stub(),)).start()
""",
        (1, 2),
        quick=True,
        engine=False,
    ),
    Hostile(
        "nothing-but-from-a-thread-that-waits",
        _REGISTERING
        + """
import threading, time
def run(monitor):
    threading.main_thread().join(5)
    time.sleep(0.3)
    for number in range(6):
        monitor.RegisterResource(later(number))
threading.Thread(target=run, args=(stub(),)).start()
""",
        (1, 2),
        engine=False,
    ),
    Hostile(
        "nothing-but-from-a-child",
        """
import subprocess
order = f\"\"\"
import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc
monitor = resource_pb2_grpc.ResourceMonitorStub(grpc.insecure_channel({os.environ.get('PULUMI_MONITOR', '')!r}))
inputs = struct_pb2.Struct()
inputs.update({{'dashboardName': 'd', 'dashboardBody': '{{}}'}})
for number in range(6):
    monitor.RegisterResource(resource_pb2.RegisterResourceRequest(
        type='aws:cloudwatch/dashboard:Dashboard', name=f'r{{number}}', object=inputs, custom=True))
\"\"\"
subprocess.run([sys.executable, "-c", order], check=True)
""",
        (1, 2),
        engine=False,
    ),
    Hostile(
        "nothing-but-from-a-thread-that-nobody-waits-for",
        """
import threading, time
def run():
    time.sleep(3)
    dear()
threading.Thread(target=run, daemon=True).start()
""",
        (2,),
        "`run` (__main__.py:",
        engine=False,
    ),
    Hostile(
        "nothing-but-when-a-timer-ends",
        "asyncio.get_event_loop().call_later(3, dear)",
        (2,),
        "the timer `dear`",
        quick=True,
        engine=False,
    ),
    Hostile(
        "nothing-but-in-a-task-that-waits",
        """
async def slowly():
    await asyncio.sleep(3)
    dear()
asyncio.get_event_loop().create_task(slowly())
""",
        (2,),
        "the task `slowly`",
        engine=False,
    ),
    Hostile(
        "nothing-and-a-thread-of-a-library",
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()",
        (0,),
        quick=True,
    ),
    Hostile(
        "nothing-and-leaves-at-exit",
        "import atexit\natexit.register(lambda: os._exit(0))\npulumi.export('a', 1)",
        (0, 2),
    ),
    Hostile(
        "nothing-where-it-is-kept",
        "if os.environ.get('AWS_CONFIG_FILE') != os.devnull:\n    dear()",
        (0,),
        engine_codes=(1,),
    ),
)
