"""Runs a command and prints its seconds, its processor seconds, its exit code, and its peak memory in KiB.

A child's peak counts what its parent held when it was started; so this parent imports next to nothing.
"""

import os
import sys
import time


def main() -> None:
    began = time.perf_counter()
    pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
    _, status, used = os.wait4(pid, 0)
    seconds = time.perf_counter() - began
    print(f"\n{seconds} {used.ru_utime + used.ru_stime} {os.waitstatus_to_exitcode(status)} {used.ru_maxrss}")


if __name__ == "__main__":
    main()
