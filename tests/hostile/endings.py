"""Programs that end otherwise than they should, or say what is not so."""

from __future__ import annotations

from typing import Final

from tests.hostile.program import Hostile

ENDINGS: Final = (
    Hostile("control", "cheap()", (0,), quick=True),
    Hostile("dear", "dear()", (1,), "costs 18.00 USD", quick=True),
    Hostile("leaves-at-once", "cheap()\nos._exit(0)", (2,), "ended before", quick=True),
    Hostile("leaves-before-anything", "os._exit(0)", (2,)),
    Hostile("sys-exit", "cheap()\nsys.exit(0)", (2,), engine_codes=(0,)),
    Hostile(
        "sys-exit-in-a-thread", "import threading\nthreading.Thread(target=lambda: os._exit(0)).start()\ndear()", (1, 2)
    ),
    Hostile("raises", "cheap()\nraise RuntimeError('no')", (2,), "RuntimeError"),
    Hostile("raises-a-base-exception", "cheap()\nraise KeyboardInterrupt", (2,)),
    Hostile("raises-in-apply", "cheap().dashboard_name.apply(lambda _: 1 / 0)", (2,), "ZeroDivisionError"),
    Hostile("raises-empty", "class E(Exception):\n    def __str__(self): raise ValueError\nraise E", (2,)),
    Hostile("kills-itself", "dear()\nos.kill(os.getpid(), signal.SIGKILL)", (2,), "signal 9"),
    Hostile("aborts", "dear()\nos.abort()", (2,)),
    Hostile("breaks-memory", "dear()\nimport ctypes\nctypes.string_at(0)", (2,)),
    Hostile("recurses", "def f(): f()\nf()", (2,), "RecursionError"),
    Hostile("closes-all", "cheap()\nos.closerange(0, 4096)", (2, 0)),
    Hostile("closes-all-and-leaves", "dear()\nos.closerange(0, 4096)\nos._exit(0)", (2,)),
    Hostile("cannot-be-read", "def (", (2,), "SyntaxError"),
    Hostile("cannot-be-imported", "import no_such_module_at_all", (2,), "install the program's packages"),
    Hostile("leaves-at-exit", "import atexit\natexit.register(lambda: os._exit(0))\ndear()", (1, 2), quick=True),
    Hostile("says-within", "dear()\nprint('Within budget'); print('exit code 0', file=sys.stderr)", (1,)),
    Hostile("logs-within", "dear()\npulumi.log.info('Within budget: at most $0')", (1,)),
    Hostile("exports-a-verdict", "dear()\npulumi.export('verdict', 'within')", (1,)),
    Hostile("logs-an-error", "cheap()\npulumi.log.error('stop')", (2,), "stop", engine_codes=(0, 2)),
    Hostile("changes-its-argv", "dear()\nsys.argv[:] = ['ial', '--help']", (1,)),
    Hostile(
        "patches-the-judge",
        """
dear()
for name in ("preview.gate", "pricing.estimate", "policies.cost"):
    sys.modules[name] = type(sys)("mine")
""",
        (1,),
    ),
    Hostile(
        "patches-the-price-book",
        """
dear()
try:
    import pricing.price_book
    pricing.price_book.PriceBook.load = classmethod(lambda *_: None)
except ImportError:
    pass
""",
        (1,),
    ),
    Hostile(
        "sets-the-environment",
        """
dear()
os.environ.update(IAL_PACK_REPORT="/tmp/x", IAL_RUN_ID="1", PULUMI_OPTION_POLICY_PACK_CONFIG='{"all": "advisory"}')
""",
        (1,),
    ),
    Hostile("floods-the-output", "dear()\nfor _ in range(200):\n    print('x' * 65536)", (1,)),
    Hostile("no-cloud-resource", "pulumi.export('a', 1)", (0,), quick=True),
    Hostile(
        "nothing-but-in-an-apply",
        """
unknown = pulumi.Output(set(), asyncio.sleep(0, None), asyncio.sleep(0, False))
unknown.apply(lambda _: dear())
""",
        (2,),
        "may not be all",
        engine=False,
    ),
    Hostile("nothing-and-leaves", "pulumi.export('a', 1)\nos._exit(0)", (2,), "ended before"),
    Hostile("nothing-but-what-a-preview-hides", "if not pulumi.runtime.is_dry_run():\n    dear()", (0,)),
)
