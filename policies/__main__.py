"""The policy pack as a process: it registers its policies, and serves them until the engine ends it."""

from __future__ import annotations

import sys
from pathlib import Path

# Pack, prices and environments are those of one checkout, whatever the virtual environment has installed.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from policies.pack import serve

serve()
