from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from contract.writing.errors import WritingError, told
from contract.writing.files import private_folder, write_whole


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_written_and_its_users_alone(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.json", "one")
    write_whole(tmp_path / "a.json", b"two")
    assert (tmp_path / "a.json").read_text() == "two"
    assert _mode(tmp_path / "a.json") == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_what_is_not_private_keeps_the_rights_that_it_had(tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text("old")
    file.chmod(0o664)
    write_whole(file, "new", private=False)
    assert _mode(file) == 0o664
    mask = os.umask(0)
    os.umask(mask)
    write_whole(tmp_path / "new.json", "new", private=False)
    assert _mode(tmp_path / "new.json") == 0o666 & ~mask


@pytest.mark.parametrize("call", ["fchmod", "fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    write_whole(tmp_path / "state.json", "old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path if call == "replace" else os, call, full)
        with pytest.raises(WritingError, match=r"state\.json: No space left on device; free some space"):
            write_whole(tmp_path / "state.json", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]
    assert (tmp_path / "state.json").read_text() == "old"


def test_a_link_stays_one_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("old")
    (tmp_path / "link").symlink_to("there")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there").read_text() == "new"


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(WritingError, match="No such file or directory"):
        write_whole(tmp_path / "none" / "a", "x")


def test_folders_of_ours_are_private_and_others_stay_as_they_are(tmp_path: Path) -> None:
    theirs = tmp_path / "program"
    theirs.mkdir(mode=0o755)
    old = theirs / ".ial" / "dev"
    old.mkdir(parents=True)
    for folder in (theirs, old.parent, old):
        folder.chmod(0o755)
    private_folder(old / "runs")
    assert [_mode(folder) for folder in (theirs, old.parent, old, old / "runs")] == [0o755, 0o700, 0o700, 0o700]


def test_a_file_where_a_folder_must_be_is_named(tmp_path: Path) -> None:
    (tmp_path / ".ial").write_text("")
    with pytest.raises(WritingError, match=r"\.ial"):
        private_folder(tmp_path / ".ial" / "dev")


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "free some space"), (errno.EROFS, "make it writable"), (errno.EACCES, "make it yours")],
)
def test_each_fault_says_what_to_do(number: int, said: str) -> None:
    assert said in told(OSError(number, os.strerror(number), "/x"))
    assert told(OSError(number, os.strerror(number), "/x")).startswith("/x: ")
    assert told(OSError("odd")) == "odd"
