"""What must not be read by whoever copies the file: sealed with a key that is kept elsewhere, and found by fingerprint.

AES-GCM with a nonce of 96 bits (NIST SP 800-38D, 8.2.2); fingerprints are BLAKE2b with a key derived from the same
key (RFC 7693).
"""

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.errors import ServiceError, system_reason
from services.i18n import text
from services.settings import Settings

KEY_BYTES: Final = 32
PREFIX: Final = "s1:"
"""What every sealed value begins with; no telephone number does."""
_NONCE_BYTES: Final = 12
_FINGERPRINT_BYTES: Final = 16
_MAC_BYTES: Final = 32


class EncryptionError(ServiceError, RuntimeError):
    """The key is missing, is none, or is not the one the store was sealed with."""


@dataclass(frozen=True, slots=True)
class FieldCipher:
    """Seals and opens texts with one key; never shows it."""

    key: bytes = field(repr=False)

    def seal(self, value: str) -> str:
        """Return a text sealed: the same text looks different every time."""
        return self.seal_all([value])[0]

    def seal_all(self, values: Sequence[str]) -> list[str]:
        """Return texts sealed, in their order; much faster than one by one."""
        encrypt = AESGCM(self.key).encrypt
        drawn = secrets.token_bytes(_NONCE_BYTES * len(values))
        nonces = (drawn[k : k + _NONCE_BYTES] for k in range(0, len(drawn), _NONCE_BYTES))
        encode = base64.urlsafe_b64encode
        return [
            PREFIX + encode(nonce + encrypt(nonce, value.encode(), None)).decode()
            for nonce, value in zip(nonces, values, strict=True)
        ]

    def open(self, ciphertext: str) -> str:
        """Return the text of a sealed value; one that is not sealed comes back as it is.

        Raises
        ------
        EncryptionError
            If it was sealed with another key or has been changed.
        """
        if not ciphertext.startswith(PREFIX):
            return ciphertext
        try:
            whole = base64.urlsafe_b64decode(ciphertext[len(PREFIX) :])
            return AESGCM(self.key).decrypt(whole[:_NONCE_BYTES], whole[_NONCE_BYTES:], None).decode()
        except (InvalidTag, ValueError) as error:
            raise EncryptionError(
                text("A sealed value cannot be read with this key: use the key the store was made with.")
            ) from error

    def fingerprint(self, value: str) -> str:
        """Return by what a text is found again without being readable: 32 hexadecimal digits."""
        return self.fingerprint_all([value])[0]

    def mac(self, purpose: str, value: str) -> str:
        """Return a keyed digest of a text, another one for each purpose: 64 hexadecimal digits."""
        own = hashlib.blake2b(b"mac:" + purpose.encode(), key=self.key).digest()
        return hashlib.blake2b(value.encode(), key=own, digest_size=_MAC_BYTES).hexdigest()

    def fingerprint_all(self, values: Sequence[str]) -> list[str]:
        """Return the fingerprints of texts, in their order."""
        own = hashlib.blake2b(b"fingerprint", key=self.key).digest()
        keyed = hashlib.blake2b(key=own, digest_size=_FINGERPRINT_BYTES)
        found = []
        for value in values:
            hashed = keyed.copy()
            hashed.update(value.encode())
            found.append(hashed.hexdigest())
        return found


def read_cipher(settings: Settings, *, beside: Path | None) -> FieldCipher:
    """Return the sealer of a store: its key comes from the settings, or from a file beside the embedded store.

    Parameters
    ----------
    settings
        With ``key`` or ``key_file``, or neither.
    beside
        The file of the embedded store, None for others. Where the settings name no key, ``<file>.key`` is read; it is
        made, readable by its owner alone, where it is missing.

    Raises
    ------
    EncryptionError
        If there is no key to be had or what is there is none.
    """
    if settings.key:
        return FieldCipher(_decode(settings.key, "GRIDMUSTER_KEY"))
    if settings.key_file:
        return _read_file(Path(settings.key_file))
    if beside is None:
        raise EncryptionError(
            text(
                "There is no key: set GRIDMUSTER_KEY_FILE to a file that holds one; “{command}” makes one.",
                command="gridmuster key --out FILE",
            )
        )
    path = key_file_of(beside)
    if not path.exists():
        make_key_file(path)
    return _read_file(path)


def require_key(settings: Settings, *, beside: Path | None) -> None:
    """Do nothing if the key of a store that is sealed already is there; a new one would open nothing.

    Raises
    ------
    EncryptionError
        If the key file beside the embedded store is gone and the settings name no key.
    """
    if beside and not settings.key and not settings.key_file and not key_file_of(beside).exists():
        raise EncryptionError(
            text(
                "The key of the store is missing: put {file} back beside it, or set GRIDMUSTER_KEY_FILE.",
                file=key_file_of(beside).name,
            )
        )


def key_file_of(store_file: Path) -> Path:
    """Return where the key of an embedded store lies when the settings name none."""
    return store_file.with_name(store_file.name + ".key")


def make_key_file(path: Path, key: bytes = b"") -> None:
    """Write a key (a new one unless one is given) to a file that is not there yet, readable by its owner alone.

    Raises
    ------
    EncryptionError
        If the file is there or cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise EncryptionError(text("{file} is there already; a key is never written over.", file=path.name)) from None
    except OSError as error:
        why = system_reason(error)
        raise EncryptionError(text("The key file {file} cannot be written: {why}", file=path.name, why=why)) from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(base64.urlsafe_b64encode(key or secrets.token_bytes(KEY_BYTES)).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())


def _read_file(path: Path) -> FieldCipher:
    try:
        return FieldCipher(_decode(path.read_text(encoding="ascii"), path.name))
    except (OSError, UnicodeDecodeError) as error:
        why = system_reason(error)
        raise EncryptionError(text("The key file {file} cannot be read: {why}", file=path.name, why=why)) from error


def _decode(written: str, where: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(written.strip().replace("+", "-").replace("/", "_"))
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise EncryptionError(text("{where} holds no key: 32 bytes in base64 are expected.", where=where))
    return key
