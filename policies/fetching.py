"""Fetch one file over HTTP into a stream, within bounds that hold against a server that means ill.

Size, time by the clock on the wall, few redirects, known hosts only: `LIST_HOSTS` names every host that is ever asked.
https://www.rfc-editor.org/rfc/rfc9110 (conditional requests, Content-Length), https://urllib3.readthedocs.io/
"""

import hashlib
import http.client
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO
from urllib.parse import urljoin, urlsplit

import requests

from policies.connections import Clock, FetchError, watched

__all__ = ["Clock", "FetchError", "Fetched", "check_url", "fetch"]

CHUNK = 64 * 1024
MAX_REDIRECTS = 4
CONNECT_SECONDS = 10.0
SILENT_SECONDS = 30.0  # how long a server may say nothing
AGENT = "Sargs list updates"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered. `same` means not modified since the validators; then nothing was written."""

    same: bool
    bytes: int = 0
    sha256: str = ""
    etag: str = ""
    last_modified: str = ""


def check_url(url: str, *, hosts: Collection[str]) -> None:
    """Raise `FetchError` for an address that is never asked: not HTTP, with a password in it, or of an unknown host."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise FetchError(f"{url!r} is no address: {error}.") from error
    if parts.scheme not in ("http", "https") or not host:
        raise FetchError(f"{url!r} is no address of a web server; it begins with https:// or http://.")
    if parts.username or parts.password:
        raise FetchError(f"{host}: an address must not hold a user name or password.")
    if host not in hosts:
        raise FetchError(f"{host} is not a host that lists are fetched from; an operator adds it to LIST_HOSTS.")


def fetch(
    url: str,
    into: IO[bytes],
    *,
    hosts: Collection[str],
    clock: Clock,
    max_bytes: int,
    validators: Mapping[str, str] | None = None,
) -> Fetched:
    """Write the body of `url` to `into`, unpacked. `validators` (`etag`, `last_modified`) make the request conditional.

    Raises `FetchError`; what was written until then is to be thrown away.
    """
    headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip", "Connection": "close"}
    given = validators or {}
    headers |= {"If-None-Match": given["etag"]} if given.get("etag") else {}
    headers |= {"If-Modified-Since": given["last_modified"]} if given.get("last_modified") else {}
    host = urlsplit(url).hostname
    try:
        with _answer(url, headers, hosts=hosts, clock=clock) as response:
            host = urlsplit(response.url).hostname
            _check_status(response, host=host, conditional=bool(given))
            if response.status_code == 304:
                return Fetched(same=True)
            size, digest = _copy(response, into, clock=clock, max_bytes=max_bytes)
            named = {"etag": "ETag", "last_modified": "Last-Modified"}
            kept = {name: response.headers.get(header, "")[:300] for name, header in named.items()}
            return Fetched(same=False, bytes=size, sha256=digest, **kept)
    except (requests.RequestException, OSError, http.client.HTTPException) as error:
        clock.check()
        raise FetchError(f"{host}: {_sentence(error)}") from error


@contextmanager
def _answer(
    url: str, headers: Mapping[str, str], *, hosts: Collection[str], clock: Clock
) -> Iterator[requests.Response]:
    """The answer behind the redirects, open for reading."""
    with requests.Session() as session, watched(session, clock):
        for _step in range(MAX_REDIRECTS + 1):
            check_url(url, hosts=hosts)
            clock.check()
            waits = (min(CONNECT_SECONDS, clock.left), min(SILENT_SECONDS, clock.left))
            response = session.get(url, headers=dict(headers), stream=True, allow_redirects=False, timeout=waits)
            with response:
                if response.status_code not in _REDIRECTS:
                    yield response
                    return
                url = _next(url, response.headers.get("Location", ""), hosts=hosts)
    raise FetchError(f"{urlsplit(url).hostname} redirects more than {MAX_REDIRECTS} times; the address has changed.")


def _next(url: str, location: str, *, hosts: Collection[str]) -> str:
    here, there = urlsplit(url), urlsplit(urljoin(url, location))
    if not location:
        raise FetchError(f"{here.hostname} redirects without saying where to; the address has changed.")
    if there.scheme == "http" and here.scheme == "https":
        raise FetchError(f"{here.hostname} redirects to an address without encryption; that is not followed.")
    if there.hostname not in hosts:
        raise FetchError(
            f"{here.hostname} redirects to {there.hostname}, which is not a host that lists are fetched from. If it is "
            "the publisher's, an operator adds it to LIST_HOSTS."
        )
    return there.geturl()


def _check_status(response: requests.Response, *, host: str | None, conditional: bool) -> None:
    status = response.status_code
    if status == 200 or (status == 304 and conditional):
        return
    advice = {
        401: "it wants a password; use an address that is public",
        403: "it refuses us; look whether the publisher has moved the file or blocks this machine",
        404: "there is no such file; look for the new address on the publisher's page",
        410: "the file is gone; look for the new address on the publisher's page",
        429: "we ask too often; fetch it less often",
    }.get(status, "the server has a fault; it is tried again" if status >= 500 else "that is no file")
    raise FetchError(f"{host} answers {status} {response.reason or ''}".rstrip() + f": {advice}.")


def _copy(response: requests.Response, into: IO[bytes], *, clock: Clock, max_bytes: int) -> tuple[int, str]:
    """Copy the unpacked body piece by piece: its size and SHA-256."""
    host, size, digest = urlsplit(response.url).hostname, 0, hashlib.sha256()
    too_large = FetchError(
        f"{host} sends more than the {max_bytes / 1e6:g} MB that this feed allows; if the list is that large, raise it."
    )
    announced = response.headers.get("Content-Length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > max_bytes:
        raise too_large
    if response.headers.get("Content-Type", "").lower().startswith("text/html"):
        raise FetchError(f"{host} sends a web page in place of the file; look for the new address.")
    for piece in response.iter_content(CHUNK):
        clock.check()
        size += len(piece)
        if size > max_bytes:
            raise too_large
        digest.update(piece)
        into.write(piece)
    clock.check()
    return size, digest.hexdigest()


def _sentence(error: Exception) -> str:
    text = str(error)
    if isinstance(error, requests.exceptions.SSLError):
        return "the encryption cannot be trusted (certificate); it is tried again."
    if isinstance(error, requests.Timeout) or "timed out" in text:
        return f"no answer within {SILENT_SECONDS:g} seconds; it is tried again."
    if "IncompleteRead" in text:
        return "the file does not have the length that the server announced; it is tried again."
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return "what the server sends cannot be unpacked; it is tried again."
    if isinstance(error, requests.ConnectionError):
        return "the connection failed or broke off; it is tried again."
    return f"{type(error).__name__}; it is tried again."
