from __future__ import annotations

import io
import struct
import zipfile

import pytest

from runners.pull_requests import artifact
from runners.pull_requests.artifact import report_text
from runners.pull_requests.errors import ReceivedError
from tests.runners.pull_requests.scene import archive


def several(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        for name in names:
            opened.writestr(name, "{}")
    return file.getvalue()


def marked(content: bytes, flag: int) -> bytes:
    """The same archive with a flag set in its only local and central header."""
    spoilt = bytearray(content)
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = spoilt.index(signature) + place
        spoilt[at : at + 2] = struct.pack("<H", flag)
    return bytes(spoilt)


def test_the_report_is_read_beside_the_gate_s_other_files() -> None:
    assert report_text(several("junit.xml", "report.json", "report.md", "report.sarif", "estimate.json")) == "{}"
    assert report_text(archive("ü", kind=zipfile.ZIP_STORED)) == "ü"


@pytest.mark.parametrize(
    "name",
    [
        "../report.json",
        "/report.json",
        "report.json/",
        "..\\report.json",
        "a/report.json",
        "REPORT.JSON",
        "report.json?.md",
        "@everyone",
    ],
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ReceivedError, match="its archive holds"):
        report_text(several("report.md", name).replace(b"?", b"\0"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_stands_once() -> None:
    with pytest.raises(ReceivedError, match="twice"):
        report_text(several("report.json", "report.json"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "cannot be read"),
        (b"{}", "cannot be read"),
        (b"PK\x05\x06" + bytes(18), "holds no report.json"),
        (several("report.md"), "holds no report.json"),
        (archive("{}")[:-30], "cannot be read"),
        (archive("{}" * 900)[:60] + b"\xff" * 8 + archive("{}" * 900)[68:], "cannot be read"),
        (marked(archive("{}"), 1), "encrypted"),
        (archive("{}", kind=zipfile.ZIP_BZIP2), "compressed in another way"),
        (archive("{}", kind=zipfile.ZIP_LZMA), "compressed in another way"),
        (archive(b"\xff\xfe{}"), "not UTF-8"),
    ],
)
def test_what_is_no_archive_of_a_report_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(ReceivedError, match=reason):
        report_text(content)


def test_no_more_is_unpacked_than_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifact, "LARGEST", 1024 * 1024)
    assert len(report_text(archive(" " * 1024 * 1024))) == 1024 * 1024
    bomb = archive(" " * 1024 * 1025)
    assert len(bomb) < 2_000
    with pytest.raises(ReceivedError, match="larger than 1 MiB"):
        report_text(bomb)
