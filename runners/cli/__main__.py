"""`python -m runners.cli` is `ial`."""

import sys

from runners.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
