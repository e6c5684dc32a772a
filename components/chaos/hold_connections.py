"""Opens connections to a database without ever logging in, holds them for a time, and closes them.

This file is no part of the program: it is carried in an SSM document and runs on an instance, with the Python that
Amazon Linux has and nothing else. Arguments: host, port, postgresql or mysql, connections, seconds.

PostgreSQL gives a client one of its max_connections when the start message has come, before any password, and hangs
up after authentication_timeout (60 s): what it has hung up is opened again. MySQL counts a client from the first
moment, and hangs up connect_timeout (10 s) after the last byte: a byte of a login that never ends is sent in time.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import ssl
import struct
import sys
import time
from collections.abc import Sequence

LONGEST_SECONDS = 3540
MOST_CONNECTIONS = 500
PATIENCE_SECONDS = 3
# MySQL's connect_timeout is 10 s; RDS lets it be 2 s at least, which nobody wants.
TRICKLE_SECONDS = 4
MOST_OPENED_A_SECOND = 25
SSL_REQUEST = struct.pack("!ii", 8, 80877103)
# MySQL: a packet of 4,096 bytes, the second of its conversation, of which a byte comes now and then.
TOO_MANY = struct.pack("<H", 1040)
MYSQL_HEADER = struct.pack("<I", 4096)[:3] + b"\x01"


def start_message() -> bytes:
    """PostgreSQL's: protocol 3.0, and a user that need not exist."""
    named = b"user\0ial_chaos\0database\0postgres\0application_name\0ial-chaos\0\0"
    return struct.pack("!ii", len(named) + 8, 196608) + named


def open_postgresql(host: str, port: int) -> socket.socket | None:
    """A connection that waits to be asked for a password; None when the server has none to give.

    Raises:
        OSError: it was not reached, or refuses for another reason.
    """
    held = socket.create_connection((host, port), PATIENCE_SECONDS)
    try:
        held.sendall(SSL_REQUEST)
        if held.recv(1) == b"S":
            # Nothing secret is sent, and nothing that comes back is used: whose certificate it is does not matter.
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            held = context.wrap_socket(held)
        held.sendall(start_message())
        answer = held.recv(1024)
        # R asks for the password: the connection is taken. Anything else than "too many" is no fault of ours.
        if answer[:1] == b"R":
            return held
        if b"C53300\0" not in answer:
            raise ConnectionRefusedError
    except OSError:
        held.close()
        raise
    held.close()
    return None


def open_mysql(host: str, port: int) -> socket.socket | None:
    """A connection that has been greeted; None when the server has none to give.

    Raises:
        OSError: it was not reached, or refuses for another reason.
    """
    held = socket.create_connection((host, port), PATIENCE_SECONDS)
    try:
        greeting = held.recv(1024)
        if len(greeting) > 4 and greeting[4:5] != b"\xff":
            held.sendall(MYSQL_HEADER)
            return held
        if greeting[5:7] != TOO_MANY:
            raise ConnectionRefusedError
    except OSError:
        held.close()
        raise
    held.close()
    return None


class Holder:
    """Holds up to a number of connections until the deadline, more of them as time goes on."""

    def __init__(self, engine: str, address: tuple[str, int], wanted: int, seconds: int) -> None:
        self.open = open_mysql if engine == "mysql" else open_postgresql
        self.trickles = engine == "mysql"
        self.address, self.wanted, self.seconds = address, wanted, seconds
        self.held: list[socket.socket] = []
        self.most, self.full, self.failed, self.opened = 0, 0, 0, 0
        self.parent = os.getppid()

    def hold(self) -> None:
        """Until the time is over, or the shell that began it is gone."""
        begun = trickled = time.monotonic()
        ramp = max(1.0, min(60.0, self.seconds / 4))
        while time.monotonic() - begun < self.seconds and os.getppid() == self.parent:
            allowed = min(self.wanted, int(self.wanted * (time.monotonic() - begun) / ramp) + 1)
            self.forget_closed()
            self.fill(allowed)
            if self.trickles and time.monotonic() - trickled >= TRICKLE_SECONDS:
                trickled = time.monotonic()
                self.trickle()
            self.most = max(self.most, len(self.held))
            time.sleep(1)

    def fill(self, allowed: int) -> None:
        """Opens some of what is missing."""
        # What a MySQL server has hung up is not opened again: it blocks hosts whose logins are never finished.
        room = self.wanted - self.opened if self.trickles else allowed
        for _ in range(min(allowed - len(self.held), room, MOST_OPENED_A_SECOND)):
            try:
                one = self.open(*self.address)
            except OSError:
                self.failed += 1
                return
            self.opened += 1
            if one is None:
                self.full += 1
                return
            one.setblocking(False)
            self.held.append(one)

    def forget_closed(self) -> None:
        """What the server has hung up is not held any more."""
        poll = select.poll()
        by_number = {one.fileno(): one for one in self.held}
        for number in by_number:
            poll.register(number, select.POLLIN)
        for number, _ in poll.poll(0):
            one = by_number[number]
            try:
                gone = one.recv(4096) == b""
            except (BlockingIOError, ssl.SSLWantReadError):
                gone = False
            except OSError:
                gone = True
            if gone:
                one.close()
                self.held.remove(one)

    def trickle(self) -> None:
        """One more byte for each."""
        for one in list(self.held):
            try:
                one.send(b"\0")
            except OSError:
                one.close()
                self.held.remove(one)

    def close(self) -> None:
        """Gives everything back."""
        for one in self.held:
            one.close()
        self.held = []


def stop(*_: object) -> None:
    """A signal ends it as its deadline does."""
    raise SystemExit(143)


def main(arguments: Sequence[str]) -> int:
    """0 when the number was reached or the server was full, 1 when neither, 2 for wrong arguments."""
    try:
        host, engine = arguments[0], arguments[2]
        port, wanted, seconds = (int(arguments[index]) for index in (1, 3, 4))
    except (ValueError, IndexError):
        host, engine, port, wanted, seconds = "", "", 0, 0, 0
    known = engine in ("postgresql", "mysql")
    if not (known and 0 < port < 65536 and 0 < wanted <= MOST_CONNECTIONS and 0 < seconds <= LONGEST_SECONDS):
        print("accepted: HOST PORT postgresql|mysql CONNECTIONS SECONDS", file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    # Should all else hang: the kernel ends the process, and closes what it holds.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds + 10)
    holder = Holder(engine, (host, port), wanted, seconds)
    try:
        holder.hold()
    finally:
        holder.close()
        print(
            f"held at most {holder.most} of {wanted} connections; the server was full {holder.full} times; "
            f"{holder.failed} could not be opened",
            flush=True,
        )
    return 0 if holder.most >= wanted or holder.full else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
