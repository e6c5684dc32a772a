"""Settings that `pulumi config set --secret` encrypted with a passphrase.

Format: Pulumi's passphrase secrets manager. `encryptionsalt` of the stack's file is `v1:SALT:v1:NONCE:CIPHERTEXT`;
the last three encrypt the word `pulumi`; a value is `v1:NONCE:CIPHERTEXT`. The key is PBKDF2-HMAC-SHA256 over the
passphrase and the salt with a million rounds, 32 bytes, for AES-256-GCM.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

VARIABLE: Final = "PULUMI_CONFIG_PASSPHRASE"
_ROUNDS: Final = 1_000_000
_KEY_BYTES: Final = 32
_PROOF: Final = "pulumi"


class WrongPassphraseError(Exception):
    """The value was not encrypted with this passphrase, or is damaged."""


@dataclass(frozen=True)
class Passphrase:
    """The key that a passphrase gives for one stack."""

    key: bytes

    @classmethod
    def of(cls, salt_text: str, environment: Mapping[str, str] = os.environ) -> Self | None:
        """The key, from `PULUMI_CONFIG_PASSPHRASE` or the file in `PULUMI_CONFIG_PASSPHRASE_FILE`; None without.

        Raises:
            WrongPassphraseError: it is not this stack's passphrase.
        """
        words = _passphrase(environment)
        if words is None:
            return None
        version, salt, proof = [*salt_text.split(":", 2), "", ""][:3]
        if version != "v1" or not proof:
            msg = "`encryptionsalt` is not of a form that is known here"
            raise WrongPassphraseError(msg)
        found = cls(_key(words, _decoded(salt)))
        if found.decrypted(proof) != _PROOF:
            msg = f"{VARIABLE} is not the passphrase of this stack"
            raise WrongPassphraseError(msg)
        return found

    def decrypted(self, value: str) -> str:
        """The value in clear.

        Raises:
            WrongPassphraseError: it cannot be decrypted.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        version, nonce, text = [*value.split(":"), "", ""][:3]
        if version != "v1" or not text:
            msg = "the value is not of a form that is known here"
            raise WrongPassphraseError(msg)
        try:
            return AESGCM(self.key).decrypt(_decoded(nonce), _decoded(text), None).decode()
        except (InvalidTag, ValueError) as error:
            msg = f"{VARIABLE} is not the passphrase of this stack"
            raise WrongPassphraseError(msg) from error


@lru_cache(maxsize=4)
def _key(words: str, salt: bytes) -> bytes:
    """A command reads its stack's settings several times, and the rounds take half a second."""
    return hashlib.pbkdf2_hmac("sha256", words.encode(), salt, _ROUNDS, _KEY_BYTES)


def _passphrase(environment: Mapping[str, str]) -> str | None:
    words = environment.get(VARIABLE)
    file = environment.get(f"{VARIABLE}_FILE")
    if words is None and file and Path(file).is_file():
        words = Path(file).read_text(encoding="utf-8").strip()
    return words


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        msg = "the value is not of a form that is known here"
        raise WrongPassphraseError(msg) from error
