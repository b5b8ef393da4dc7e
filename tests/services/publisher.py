"""A publisher of lists on this machine, with every fault that a server on the other side can have."""

import gzip
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Answer = Callable[[BaseHTTPRequestHandler], None]


class Publisher:
    """Answers each path as told; `asked` are the headers of each request, `sent` the bytes that went out."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: dict[str, Answer] = {}
        self.asked: list[dict[str, str]] = []
        self.sent = 0

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/{path}"

    def give(self, path: str, answer: Answer) -> str:
        self.answers[f"/{path}"] = answer
        return self.url(path)


@contextmanager
def running() -> Iterator[Publisher]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 20

        def do_GET(self) -> None:
            publisher.asked.append({name.lower(): value for name, value in self.headers.items()})
            with suppress(OSError):
                publisher.answers.get(self.path, status(404))(self)
            self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 50

        def handle_error(self, *args: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    publisher = Publisher(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def _begin(to: BaseHTTPRequestHandler, code: int = 200, **headers: str) -> None:
    to.send_response(code)
    for name, value in headers.items():
        to.send_header(name.replace("_", "-"), value)
    to.end_headers()


def file(body: bytes, *, etag: str = "", modified: str = "", encoding: str = "", length: int | None = None) -> Answer:
    """A file as it should be; with `length`, one whose announced length is a lie."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        named = {"ETag": etag, "Last_Modified": modified, "Content_Encoding": encoding}
        given = {name: value for name, value in named.items() if value}
        known = (to.headers.get("If-None-Match", ""), to.headers.get("If-Modified-Since", ""))
        if (etag and known[0] == etag) or (modified and not etag and known[1] == modified):
            return _begin(to, 304, **given)
        _begin(to, Content_Length=str(len(body) if length is None else length), **given)
        to.wfile.write(body)

    return answer


def status(code: int) -> Answer:
    return lambda to: _begin(to, code, Content_Length="0")


def redirect(to_url: str) -> Answer:
    return lambda to: _begin(to, 302, Location=to_url, Content_Length="0")


def endless(publisher: Publisher, piece: bytes, *, announced: int = 0) -> Answer:
    """A body that goes on for as long as somebody listens."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        _begin(to, **({"Content_Length": str(announced)} if announced else {"Connection": "close"}))
        while True:
            to.wfile.write(piece)
            publisher.sent += len(piece)

    return answer


def dripping(*, headers: bool = False) -> Answer:
    """A byte now and then, for ever: in the body, or before there is one."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        to.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: " if headers else b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            to.wfile.write(b"x")
            to.wfile.flush()
            time.sleep(0.1)

    return answer


def silent() -> Answer:
    """Takes the question and says nothing."""
    return lambda to: time.sleep(15)


def bomb(megabytes: int) -> bytes:
    """Little that unpacks to much."""
    return gzip.compress(bytes(megabytes * 1_000_000), 9)
