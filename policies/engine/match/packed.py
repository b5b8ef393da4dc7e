"""An index as one string of bytes that any number of processes map into memory: a header, then arrays, each aligned.

What is cut off, changed or of another format is refused, never used: an index can always be made anew from its lists.
"""

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

FORMAT = 2  # raise it with every change of what an index holds or how words become forms
MAGIC = b"SARGSIDX"
HEAD = struct.Struct("<8sII")  # the magic, the length of the header and its checksum
ALIGNED = 64

Array = np.ndarray[Any, Any]


class DamagedIndex(Exception):
    """The bytes are no index of this format; the message says why. Make it anew."""


def pack(arrays: Mapping[str, Array], *, about: Mapping[str, Any]) -> bytes:
    """The arrays and what is known about them as bytes: the same for the same content."""
    parts: list[bytes] = []
    places: dict[str, Any] = {}
    size = 0
    for name, array in sorted(arrays.items()):
        data = np.ascontiguousarray(array).tobytes()
        places[name] = [array.dtype.str, list(array.shape), size]
        padding = -len(data) % ALIGNED
        parts += [data, b"\0" * padding]
        size += len(data) + padding
    body = b"".join(parts)
    header = {"format": FORMAT, "about": dict(about), "arrays": places, "size": size, "crc": zlib.crc32(body)}
    text = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    text += b" " * (-(HEAD.size + len(text)) % ALIGNED)
    return HEAD.pack(MAGIC, len(text), zlib.crc32(text)) + text + body


def unpack(data: memoryview) -> tuple[dict[str, Array], dict[str, Any]]:
    """The arrays, as views of the bytes, and what is known about them. Raises `DamagedIndex`."""
    if len(data) < HEAD.size or bytes(data[: len(MAGIC)]) != MAGIC:
        raise DamagedIndex("this is no index")
    _magic, size, crc = HEAD.unpack_from(data)
    start = HEAD.size + size
    try:
        text = bytes(data[HEAD.size : start])
        if len(text) != size or zlib.crc32(text) != crc:
            raise DamagedIndex("its header is cut off or was changed")
        header = json.loads(text)
        if header["format"] != FORMAT:
            raise DamagedIndex(f"it has the format {header['format']}, this release makes {FORMAT}")
        body = data[start:]
        if len(body) != header["size"] or zlib.crc32(body) != header["crc"]:
            raise DamagedIndex("it is cut off or was changed")
        return {name: _array(body, *place) for name, place in header["arrays"].items()}, header["about"]
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedIndex(f"its header cannot be read ({error})") from error


def _array(body: memoryview, kind: str, shape: list[int], place: int) -> Array:
    size = int(np.dtype(kind).itemsize * np.prod(shape, dtype=np.int64))
    return np.frombuffer(body[place : place + size], dtype=kind).reshape(shape)
