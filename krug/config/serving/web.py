"""One web process: it answers on a socket that its parent opened.

Threads take turns every half millisecond: else a page that asks the database ten times waits ten times for a long one.
"""

import argparse
import socket
import sys
from types import FrameType

import uvicorn

from krug.config.serving.children import end_with_parent

SWITCH_EVERY = 0.0005


class Server(uvicorn.Server):
    """A server that lets open event streams go as soon as it is told to stop."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        super().handle_exit(sig, frame)
        from krug.config.asgi import application

        application.events.end_soon()


def main() -> None:
    """Serve until told to stop; finish the requests in hand first."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--handle", type=int, required=True)
    handle = parser.parse_args().handle
    end_with_parent()
    sys.setswitchinterval(SWITCH_EVERY)
    config = uvicorn.Config(
        "krug.config.asgi:application",
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=20,
        timeout_keep_alive=30,
    )
    Server(config).run(sockets=[socket.socket(fileno=handle)])


if __name__ == "__main__":
    main()
