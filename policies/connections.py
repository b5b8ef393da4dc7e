"""Connections that end when the time is up, and that notice a body longer than announced."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

LINGER_SECONDS = 0.5  # how long to wait for what a server sends behind the announced end


class FetchError(Exception):
    """A file was not fetched; the sentence says what happened and what to do."""


@dataclass
class Clock:
    """The time left for all that is fetched together; past it the open connection is cut off."""

    seconds: float

    def __post_init__(self) -> None:
        self.end = time.monotonic() + self.seconds

    @property
    def left(self) -> float:
        return self.end - time.monotonic()

    def check(self) -> None:
        if self.left <= 0:
            raise FetchError(
                f"The download took longer than {self.seconds:g} seconds and was stopped; it is tried again."
            )


class _WholeBody(http.client.HTTPResponse):
    """Notices a body that goes on behind its Content-Length; what is too short, the library notices."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.sock = sock

    def _close_conn(self) -> None:
        """Called when the announced length is read. We asked the server to close, so an honest one sends no more."""
        more = b""
        if self.fp is not None and self.length == 0 and self.headers.get("Content-Length", "0") != "0":
            with suppress(OSError):
                self.sock.settimeout(LINGER_SECONDS)
                more = self.fp.peek(1)
        super()._close_conn()  # type: ignore[misc]
        if more:
            raise http.client.IncompleteRead(b"")


@contextmanager
def watched(session: requests.Session, clock: Clock) -> Iterator[None]:
    """Cut the connection of a session when the time is up, wherever the server is just then keeping us waiting."""
    open_sockets: list[socket.socket] = []

    class Plain(HTTPConnection):
        response_class = _WholeBody

        def connect(self) -> None:
            super().connect()
            open_sockets.append(cast(socket.socket, self.sock))

    class Encrypted(HTTPSConnection):
        response_class = _WholeBody

        def connect(self) -> None:
            super().connect()
            open_sockets.append(cast(socket.socket, self.sock))

    def cut() -> None:
        for one in open_sockets:
            with suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, clock.left), cut)
    timer.daemon = True
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(Plain, Encrypted))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class _Adapter(HTTPAdapter):
    """Connections of our own classes, straight or through a proxy."""

    def __init__(self, plain: type[HTTPConnection], encrypted: type[HTTPSConnection]) -> None:
        self.pools = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("EncryptedPool", (HTTPSConnectionPool,), {"ConnectionCls": encrypted}),
        }
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self.pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self.pools
        return manager
