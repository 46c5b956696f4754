"""What only some may read: encrypted as one piece per person, found by an index of the number.

SM4-GCM and HMAC-SM3 by default; ``SHOUWANG_CIPHER=aes`` takes AES-256-GCM and HMAC-SHA-256. A piece says by which key it
was written, so that keys can be changed while both can be read. The row's own number is bound to it: a piece that
is moved to another row cannot be read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from shouwang.server.config.place import kept_secret

_NONCE, _TAG = 12, 16


class UnreadableError(Exception):
    """A piece that does not belong to its row, or was damaged, or whose key is gone."""


@cache
def _key(number: int) -> bytes:
    """The key of that number; 1 is the first."""
    return kept_secret(f"field-key-{number}")


def _cipher(number: int, nonce: bytes, tag: bytes | None = None) -> Cipher[modes.GCM]:
    aes = number % 2 == 0  # even numbers are AES
    key = _key(number)
    algorithm = algorithms.AES(key) if aes else algorithms.SM4(key[:16])
    return Cipher(algorithm, modes.GCM(nonce, tag))


def current_key() -> int:
    """The number of the key that new pieces are written by: odd for SM4, even for AES."""
    return 2 if os.environ.get("SHOUWANG_CIPHER", "sm4").lower() == "aes" else 1


def seal(row: str, values: Mapping[str, str]) -> bytes | None:
    """Encrypts the values of a row; None where there is nothing to keep."""
    held = {name: value for name, value in values.items() if value}
    return seal_bytes(row, json.dumps(held, ensure_ascii=False).encode()) if held else None


def read(row: str, piece: bytes | memoryview | None) -> dict[str, Any]:
    """The values of a row; {} where nothing is kept. :class:`UnreadableError` where the piece is not right."""
    found: dict[str, Any] = json.loads(unseal_bytes(row, bytes(piece))) if piece else {}
    return found


def seal_bytes(owner: str, content: bytes) -> bytes:
    """Encrypts a piece that belongs to ``owner``: key number, nonce, tag, content."""
    number, nonce = current_key(), os.urandom(_NONCE)
    writing = _cipher(number, nonce).encryptor()
    writing.authenticate_additional_data(owner.encode())
    body = writing.update(content) + writing.finalize()
    return bytes([number]) + nonce + writing.tag + body


def unseal_bytes(owner: str, whole: bytes) -> bytes:
    """What :func:`seal_bytes` was given; :class:`UnreadableError` for another owner's piece, or a changed one."""
    number, nonce = whole[0], whole[1 : 1 + _NONCE]
    tag, body = whole[1 + _NONCE : 1 + _NONCE + _TAG], whole[1 + _NONCE + _TAG :]
    reading = _cipher(number, nonce, tag).decryptor()
    reading.authenticate_additional_data(owner.encode())
    try:
        return reading.update(body) + reading.finalize()
    except InvalidTag as error:
        raise UnreadableError(owner) from error


def index_of(number: str) -> str:
    """What stands for an ID number in the index: the same for the same number, and tells nothing of it."""
    return _index(number, hashes.SHA256() if current_key() % 2 == 0 else hashes.SM3()) if number else ""


def indexes_of(number: str) -> list[str]:
    """Everything that may stand for an ID number: rows written under the other setting are found as well."""
    return [_index(number, name) for name in (hashes.SM3(), hashes.SHA256())]


def _index(number: str, name: hashes.HashAlgorithm) -> str:
    code = hmac.HMAC(kept_index_key(), name)
    code.update(number.strip().upper().encode())
    return code.finalize().hex()


@cache
def kept_index_key() -> bytes:
    """The key of the index; changing it means working out every index anew."""
    return kept_secret("index-key")
