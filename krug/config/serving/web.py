"""One web process: it answers on a socket that its parent opened."""

import argparse
import socket

import uvicorn

from krug.config.serving.children import end_with_parent


def main() -> None:
    """Serve until told to stop; finish the requests in hand first."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--handle", type=int, required=True)
    handle = parser.parse_args().handle
    end_with_parent()
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
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=handle)])


if __name__ == "__main__":
    main()
