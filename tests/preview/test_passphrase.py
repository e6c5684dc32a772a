from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from preview.errors import ProjectError
from preview.passphrase import Passphrase, WrongPassphraseError
from preview.project import Project

WORDS, SALT, NONCE = "correct horse", b"12345678", b"123456789012"
KEY = hashlib.pbkdf2_hmac("sha256", WORDS.encode(), SALT, 1_000_000, 32)


def encrypted(text: str) -> str:
    """As the passphrase secrets manager of Pulumi's CLI writes a value."""
    parts = (NONCE, AESGCM(KEY).encrypt(NONCE, text.encode(), None))
    return ":".join(["v1", *(base64.b64encode(part).decode() for part in parts)])


SALT_TEXT = f"v1:{base64.b64encode(SALT).decode()}:{encrypted('pulumi')}"
CONFIG = f"""
    encryptionsalt: {SALT_TEXT}
    config:
      small:password: {{secure: "{encrypted("hunter2")}"}}
      small:nested: {{users: [{{name: a, key: {{secure: "{encrypted("k1")}"}}}}]}}
      small:plain: b
"""


def test_a_value_comes_back_in_clear() -> None:
    found = Passphrase.of(SALT_TEXT, {"PULUMI_CONFIG_PASSPHRASE": WORDS})
    assert found is not None
    assert found.decrypted(encrypted("hunter2")) == "hunter2"


def test_the_passphrase_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "words").write_text(f"{WORDS}\n")
    found = Passphrase.of(SALT_TEXT, {"PULUMI_CONFIG_PASSPHRASE_FILE": str(tmp_path / "words")})
    assert found is not None
    assert found.key == KEY


def test_without_a_passphrase_there_is_no_key() -> None:
    assert Passphrase.of(SALT_TEXT, {}) is None


@pytest.mark.parametrize("salt", [SALT_TEXT, "", "v2:a:b", "v1:%%:v1:a:b"])
def test_another_passphrase_is_refused(salt: str) -> None:
    with pytest.raises(WrongPassphraseError):
        Passphrase.of(salt, {"PULUMI_CONFIG_PASSPHRASE": "battery staple"})


def test_encrypted_settings_are_read_and_stay_secret(
    load: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", WORDS)
    project = load(config=CONFIG)
    assert project.config["small:password"] == "hunter2"
    assert project.config["small:nested"] == '{"users":[{"name":"a","key":"k1"}]}'
    assert project.secret_keys == ("small:nested", "small:password")


def test_settings_that_cannot_be_read_are_for_the_real_engine(
    write_program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    folder = write_program(config=CONFIG)
    with pytest.raises(ProjectError, match=r"is encrypted, and PULUMI_CONFIG_PASSPHRASE is not set.* --engine pulumi"):
        Project.load(folder, "dev")
    project = Project.load(folder, "dev", engine_reads=True)
    assert project.config == {"small:plain": "b"}
    assert set(project.unread) == {"small:nested", "small:password"}
