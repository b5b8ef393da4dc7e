"""Files as they arrive -> plain files: gzip is unpacked up to a bound, and nothing larger than the bound is read."""

import gzip
import os
import tempfile
import zlib
from io import SEEK_END, BufferedReader

from policies.importers.shape import ListFile, ListFileError

LARGEST = 500_000_000  # bytes, unpacked; the largest list that is published today has about 120 MB
CHUNK = 1 << 20
# What unpacks to a hundred times its size is no list: XML gives about 25. Small files may be anything.
RATIO = 100
ALWAYS = 20_000_000
GZIP = b"\x1f\x8b"


def unpacked(file: ListFile) -> ListFile:
    """The file itself, or the temporary file that its gzip content unpacks to (gone when its stream is closed).

    Raises `ListFileError` for a file above the bounds, a damaged archive, or one within another.
    """
    packed = file.stream.seek(0, SEEK_END)
    file.stream.seek(0)
    if packed > LARGEST:
        raise ListFileError(f"the file has {packed} bytes; no list has more than {LARGEST}", file=file.name)
    if not _is_gzip(file):
        return file
    plain = ListFile(file.name.removesuffix(".gz"), _unpack(file, packed))
    if _is_gzip(plain):
        raise ListFileError("a packed file stands within the packed file; unpack it and give that one", file=file.name)
    return plain


def _is_gzip(file: ListFile) -> bool:
    file.stream.seek(0)
    found = file.stream.read(len(GZIP)) == GZIP
    file.stream.seek(0)
    return found


def _unpack(file: ListFile, packed: int) -> BufferedReader:
    allowed = min(LARGEST, max(ALWAYS, packed * RATIO))
    size = 0
    with tempfile.TemporaryFile() as plain:
        try:
            with gzip.GzipFile(fileobj=file.stream) as stream:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    if size > allowed:
                        message = f"{packed} bytes unpack to more than {allowed}; this is no list and may be an attack"
                        raise ListFileError(message, file=file.name)
                    plain.write(chunk)
        except EOFError as error:
            message = f"the packed file ends after {size} unpacked bytes, in the middle; download it again"
            raise ListFileError(message, file=file.name) from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise ListFileError(f"no whole gzip file ({error}); download it again", file=file.name) from error
        plain.flush()
        copy = os.fdopen(os.dup(plain.fileno()), "rb")
    copy.seek(0)
    return copy
