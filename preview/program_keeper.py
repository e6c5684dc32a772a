"""Runs a program so that nothing of it outlives it. A script of its own, of the standard library alone.

Where the kernel has user namespaces, the program gets namespaces of its own: it sees no other process, reaches no
network but its own loopback, and does not find the caller's credentials; when it ends, the kernel ends all that it
started (pid_namespaces(7)). Elsewhere this process adopts whatever the program leaves behind
(PR_SET_CHILD_SUBREAPER, prctl(2)) and ends it. Either way it ends as the program did, and after it.

Arguments: the file descriptor of a socket, then the command. The socket brings one line, a JSON object of `hidden`
and `locked` paths and `network`, and takes the answer. Arguments would be read by the program.

The program waits for this process, so it imports only what starts at once: neither pathlib nor typing.
"""
# ruff: noqa: PTH110, PTH112, PTH123, PTH208

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import resource
import signal
import socket
import struct
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

_LIBC = ctypes.CDLL(None, use_errno=True)
# linux/sched.h, linux/mount.h, linux/prctl.h, linux/securebits.h, linux/if.h
_NEWNS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = 0x00020000, 0x08000000, 0x10000000, 0x20000000, 0x40000000
_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
_PDEATHSIG, _SUBREAPER, _SECUREBITS, _NO_NEW_PRIVILEGES = 1, 36, 28, 38
# Being root gives nothing (NOROOT), and that cannot be taken back.
_ROOT_IS_NOBODY = 0b101111
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1
_ENDING_SECONDS = 10.0
_LEFT_OVER = 70


def main() -> NoReturn:
    """Runs the command and ends as it does."""
    answer, command = int(sys.argv[1]), sys.argv[2:]
    os.set_inheritable(answer, False)
    _die_with_parent()
    order = json.loads(_line(answer))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    said, saying = os.pipe()
    ended, ending = os.pipe()
    middle = os.fork()
    if middle == 0:
        _apart(order, command, saying, ending)
    os.close(saying)
    os.close(ending)
    signal.signal(signal.SIGTERM, lambda *_: os.kill(middle, signal.SIGKILL))
    with os.fdopen(said, "rb") as stream:
        fault = stream.read().decode()
    if fault:
        # Whoever reads the answer may end this process at once: that waits until it can end the program with it.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        os.waitpid(middle, 0)
        os.write(answer, json.dumps({"apart": False, "fault": fault}).encode() + b"\n")
        _as_it_ended(_adopting(command))
    os.write(answer, json.dumps({"apart": True, "network": order["network"]}).encode() + b"\n")
    with os.fdopen(ended, "rb") as stream:
        status = stream.read()
    os.waitpid(middle, 0)
    _as_it_ended(int(status) if status else signal.SIGKILL)


def _line(descriptor: int) -> bytes:
    text = b""
    while not text.endswith(b"\n") and (more := os.read(descriptor, 65536)):
        text += more
    return text


def _as_it_ended(status: int) -> NoReturn:
    """Ends by the same signal, or with the same exit code."""
    sys.stdout.flush()
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        time.sleep(1)
    os._exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else _LEFT_OVER)


def _die_with_parent() -> None:
    _LIBC.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


# --- apart: in namespaces of its own ---


def _apart(order: dict[str, Any], command: list[str], saying: int, ending: int) -> NoReturn:
    """Says nothing when all is set up, and otherwise what could not be: then nothing was run."""
    _die_with_parent()
    try:
        _enter(network=bool(order["network"]))
        _hide(order["hidden"])
        _lock(order["locked"])
    except OSError as error:
        os.write(saying, f"{error.strerror}".encode() or b"refused")
        os._exit(0)
    first = os.fork()
    if first == 0:
        os.close(saying)
        _first_process(command, ending)
    os.close(saying)
    os.close(ending)
    os.waitpid(first, 0)
    os._exit(0)


def _enter(*, network: bool) -> None:
    user, group = os.getuid(), os.getgid()
    flags = _NEWUSER | _NEWNS | _NEWPID | _NEWIPC | (0 if network else _NEWNET)
    _checked(_LIBC.unshare(flags))
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{user} {user} 1")
    _write("/proc/self/gid_map", f"{group} {group} 1")
    _mount(None, "/", None, _REC | _PRIVATE)
    if not network:
        _loopback_up()


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(door, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(door, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))


def _hide(paths: list[str]) -> None:
    for path in paths:
        if os.path.isdir(path):
            _mount("none", path, "tmpfs", _NOSUID | _NODEV)
        elif os.path.exists(path):
            _mount("/dev/null", path, None, _BIND)


def _lock(paths: list[str]) -> None:
    """Makes what the program is judged by read-only. A mount's flags that are set must stay (mount(2))."""
    for path in paths:
        _mount(path, path, None, _BIND | _REC)
        flags = os.statvfs(path).f_flag
        _mount(None, path, None, _REMOUNT | _BIND | _RDONLY | (flags & (_NOSUID | _NODEV | _NOEXEC)) | _times(flags))


def _times(flags: int) -> int:
    """When reading is noted: statvfs(3) and mount(2) number noatime, nodiratime and relatime otherwise."""
    return (flags & 0x400) | (flags & 0x800) | ((1 << 21) if flags & 0x1000 else 0)


def _mount(source: str | None, target: str, kind: str | None, flags: int) -> None:
    encoded = [text.encode() if text is not None else None for text in (source, target, kind)]
    _checked(_LIBC.mount(*encoded, ctypes.c_ulong(flags), None))


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _first_process(command: list[str], ending: int) -> NoReturn:
    """The first process of the namespace: with it, the kernel ends all others."""
    _die_with_parent()
    os.set_inheritable(ending, False)
    # A container may forbid a /proc of one's own; then the old one shows numbers of processes out of reach.
    with contextlib.suppress(OSError):
        _mount("proc", "/proc", "proc", _NOSUID | _NODEV | _NOEXEC)
    program = os.fork()
    if program == 0:
        _become(command, powerless=True)
    while True:
        pid, status = os.wait()
        if pid == program:
            os.write(ending, str(status).encode())
            os._exit(0)


def _become(command: list[str], *, powerless: bool) -> NoReturn:
    _die_with_parent()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    try:
        if powerless:
            _checked(_LIBC.prctl(_SECUREBITS, _ROOT_IS_NOBODY, 0, 0, 0))
            _checked(_LIBC.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
        os.execv(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
        os._exit(127)


# --- adopting: among the caller's processes ---


def _adopting(command: list[str]) -> int:
    _LIBC.prctl(_SUBREAPER, 1, 0, 0, 0)
    program = os.fork()
    if program == 0:
        _become(command, powerless=False)
    signal.signal(signal.SIGTERM, lambda *_: os.kill(program, signal.SIGKILL))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    while True:
        pid, status = os.wait()
        if pid == program:
            break
    until = time.monotonic() + _ENDING_SECONDS
    while _children() and time.monotonic() < until:
        for pid in _children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        # What they leave behind comes here next.
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, 0)
    return signal.SIGKILL if _children() else status


def _children() -> list[int]:
    """Children by the kernel's own list; zombies are among them until they are waited for."""
    own, found = str(os.getpid()), []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat", errors="replace") as stat:
            if stat.read().rpartition(")")[2].split()[1] == own:
                found.append(int(name))
    return found


if __name__ == "__main__":
    main()
