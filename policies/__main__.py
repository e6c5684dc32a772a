"""The policy pack as a process: it registers its policies, and serves them until the engine ends it."""
# ruff: noqa: E402 (garbage and the search path come first)

from __future__ import annotations

import gc
import sys
from pathlib import Path

# What is loaded stays: a tenth of a preview's time in the pack went into looking for garbage in it.
gc.set_threshold(50_000)
# Pack, prices and environments are those of one checkout, whatever the virtual environment has installed.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from policies.pack import serve

serve()
