"""Programs that attack other processes, files and the network, or look for what is not theirs."""

from __future__ import annotations

from typing import Final

from tests.hostile.program import Hostile

_FOUND: Final = "    dear()\nelse:\n    cheap()\n"

PROCESSES: Final = (
    Hostile("kills-its-parent", "dear()\nos.kill(os.getppid(), signal.SIGKILL)", (1, 2), engine=False),
    Hostile("kills-its-group", "dear()\nos.killpg(0, signal.SIGKILL)", (2,), engine=False),
    Hostile(
        "kills-everything-it-sees",
        """
dear()
for entry in os.listdir("/proc"):
    if entry.isdigit() and int(entry) not in (os.getpid(),):
        try:
            if b"pulumi.policy" in open(f"/proc/{entry}/cmdline", "rb").read():
                os.kill(int(entry), signal.SIGKILL)
        except OSError:
            pass
""",
        (1, 2),
        quick=True,
        engine=False,
    ),
    Hostile(
        "configures-the-pack",
        """
dear()
import grpc
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
for line in open("/proc/net/tcp").readlines()[1:]:
    fields = line.split()
    if fields[3] == "0A":
        stub_ = analyzer_pb2_grpc.AnalyzerStub(grpc.insecure_channel(f"127.0.0.1:{int(fields[1].split(':')[1], 16)}"))
        request = analyzer_pb2.ConfigureAnalyzerRequest()
        for name in ("monthly-budget", "every-resource-priced", "cost-gate-could-judge", "capability-budget"):
            request.policyConfig[name].enforcementLevel = analyzer_pb2.ADVISORY
        try:
            stub_.Configure(request, timeout=2)
        except grpc.RpcError:
            pass
""",
        (1,),
        quick=True,
        engine=False,
    ),
    Hostile(
        "writes-reports",
        """
dear()
import glob, tempfile
for folder in glob.glob(tempfile.gettempdir() + "/ial-*"):
    try:
        open(folder + "/pack-report.json", "w").write('{"total": "0"}')
    except OSError:
        pass
""",
        (1,),
        engine=False,
    ),
    Hostile(
        "raises-the-budget-on-disk",
        """
dear()
try:
    file = open(os.environ.get("NOWHERE", PACK) + "/environments/hostile.yaml", "r+")
    text = file.read().replace("monthly: 14", "monthly: 99999")
    file.seek(0); file.write(text); file.close()
except OSError:
    pass
""",
        (1,),
        quick=True,
        engine=False,
    ),
    Hostile(
        "leaves-a-daemon-that-registers",
        """
cheap()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execlp("sleep", "sleep", MARK)
    os._exit(0)
""",
        (0,),
        engine=False,
    ),
    Hostile(
        "leaves-a-child",
        "dear()\nimport subprocess\nsubprocess.Popen(['sleep', MARK], start_new_session=True)",
        (1,),
        engine=False,
    ),
    Hostile(
        "finds-credentials",
        """
names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "PULUMI_ACCESS_TOKEN",
         "GITHUB_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SSH_AUTH_SOCK", "HTTPS_PROXY")
if any(name in os.environ for name in names):
"""
        + _FOUND,
        (0,),
        quick=True,
        engine=False,
    ),
    Hostile(
        "finds-files-of-credentials",
        """
import botocore.session
if os.path.exists(os.path.expanduser("~/.aws")) or os.listdir(os.path.expanduser("~")):
"""
        + _FOUND,
        (0,),
        engine=False,
    ),
    Hostile(
        "finds-a-network",
        """
import socket
try:
    with socket.create_connection(("127.0.0.1", DOOR), timeout=2):
        found = True
except OSError:
    found = False
if found:
"""
        + _FOUND,
        (0,),
        quick=True,
        engine=False,
    ),
    Hostile(
        "looks-whether-it-is-judged",
        """
cheap()
if not pulumi.runtime.is_dry_run():
    dear()
""",
        (0,),
    ),
)
