"""A really running server on this machine, to which tests let the house connect."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Came:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What a server on this machine has been sent; `answer` says what it says back."""

    port: int = 0
    came: list[Came] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler, Came], None] = lambda handler, came: plain(handler, 200)

    @property
    def place(self) -> str:
        """Host and port, as the list of exceptions names them."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        """An address of this server."""
        return f"http://{self.place}{path}"


def plain(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"ok", **headers: str) -> None:
    """An answer at once."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def receiving(secured: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """The server, as long as the block lasts."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            came = Came(self.command, self.path, {name.lower(): text for name, text in self.headers.items()}, body)
            receiver.came.append(came)
            try:
                receiver.answer(self, came)
            except OSError:
                return  # the house has hung up, as some tests want it to

        do_GET = do_POST = _take

        def log_message(self, *given: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if secured is not None:
        server.socket = secured.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
