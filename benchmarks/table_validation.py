"""Validating a restored table: in segments with digests, against one thread that scans both tables and compares.

Both sides read the same two tables over HTTP from a stand-in for DynamoDB that answers Scan with prepared pages of one
megabyte after the time that DynamoDB takes for one. The stand-in runs in a process of its own.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from benchmarks.timing import ROOT

PAGE_SECONDS: Final = 0.04
PAGE_BYTES: Final = 1_000_000
SIZES: Final = (100_000, 200_000, 400_000)
KEYS: Final = ("id",)


def item(number: int) -> dict[str, Any]:
    """An order of a hundred bytes and some."""
    return {
        "id": {"S": f"order-{number:08}"},
        "state": {"S": "paid"},
        "total": {"N": str(number % 997)},
        "customer": {"S": f"customer-{number % 5000:05}"},
        "lines": {"L": [{"S": "a"}, {"N": "2"}]},
    }


def serve(items: int, port: Any) -> None:
    """Answers Scan until the process is ended; every table has the same items."""
    segments: dict[int, list[list[bytes]]] = {}

    def pages(total: int) -> list[list[bytes]]:
        if total not in segments:
            held: list[list[bytes]] = [[] for _ in range(total)]
            sizes, open_pages = [0] * total, [list[str]() for _ in range(total)]
            for number in range(items):
                text, segment = json.dumps(item(number)), number % total
                open_pages[segment].append(text)
                sizes[segment] += len(text)
                if sizes[segment] >= PAGE_BYTES:
                    held[segment].append(",".join(open_pages[segment]).encode())
                    open_pages[segment], sizes[segment] = [], 0
            for segment, rest in enumerate(open_pages):
                held[segment].append(",".join(rest).encode())
            segments[total] = held
        return segments[total]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            held = pages(asked.get("TotalSegments", 1))[asked.get("Segment", 0)]
            number = int(asked.get("ExclusiveStartKey", {}).get("id", {}).get("S", "0"))
            time.sleep(PAGE_SECONDS)
            more = b""
            if number + 1 < len(held):
                more = b',"LastEvaluatedKey":{"id":{"S":"%d"}}' % (number + 1)
            body = b'{"Items":[' + held[number] + b'],"Count":0,"ScannedCount":0' + more + b"}"
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    for total in (1, 8):
        pages(total)
    port.send(server.server_port)
    server.serve_forever()


def in_segments(endpoint: str) -> bool:
    """What a drill does."""
    from runners.aws.session import AwsClients
    from runners.aws.tables import AwsTables
    from runners.backup.tables.pace import Unpaced
    from runners.backup.tables.parallel_scan import scanned
    from runners.backup.tables.table_comparison import compare

    tables = AwsTables(AwsClients("us-east-1", endpoint=endpoint, keys=("x", "x", None)))
    source, restored = (scanned(tables, name, KEYS, 8, Unpaced()).manifest for name in ("source", "restored"))
    return compare(source, source, restored).exact


def in_one_thread(endpoint: str) -> bool:
    """What a script does: boto3's paginator, two dictionaries, one comparison."""
    from runners.aws.session import AwsClients

    client = AwsClients("us-east-1", endpoint=endpoint, keys=("x", "x", None)).client("dynamodb")

    def read(name: str) -> dict[str, Any]:
        pages = client.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
        return {held["id"]["S"]: held for page in pages for held in page["Items"]}

    return read("source") == read("restored")


WAYS: Final[dict[str, Callable[[str], bool]]] = {"in segments": in_segments, "in one thread": in_one_thread}


def timed(way: str, endpoint: str) -> tuple[float, int]:
    """Seconds and peak megabytes of one validation, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.table_validation", way, endpoint],
        cwd=ROOT,
        env={**os.environ, "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, megabytes = done.stdout.split()
    return float(seconds), int(megabytes)


def measure() -> list[str]:
    """Medians of three, and the peak memory, for tables of several sizes."""
    lines = []
    for items in SIZES:
        here, there = multiprocessing.Pipe()
        server = multiprocessing.get_context("spawn").Process(target=serve, args=(items, there), daemon=True)
        server.start()
        endpoint = f"http://127.0.0.1:{here.recv()}"
        runs = {way: [timed(way, endpoint) for _ in range(3)] for way in WAYS}
        server.kill()
        medians = {way: statistics.median(seconds for seconds, _ in found) for way, found in runs.items()}
        shown = ", ".join(f"{way} {medians[way]:.2f} s with {max(mb for _, mb in runs[way])} MB" for way in WAYS)
        lines.append(f"{items} items: {shown}: {medians['in one thread'] / medians['in segments']:.1f} times as fast")
    return lines


if __name__ == "__main__":
    import resource

    began = time.perf_counter()
    assert WAYS[sys.argv[1]](sys.argv[2])
    seconds = time.perf_counter() - began
    from runners.backup.tables.page_digests import PROCESSES

    # Of its children a process knows only the largest: all are taken to be as large.
    own, child = (resource.getrusage(whose).ru_maxrss for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(seconds, (own + PROCESSES * child) // 1024)
