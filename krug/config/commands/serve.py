"""Start everything, say where it answers, and stop everything when asked."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

import psycopg

from krug.config.commands import CommandFailed, demo
from krug.config.serving import first_run, front, translations
from krug.config.serving.children import Child, Children
from krug.config.serving.installation import Installation, installation
from krug.config.serving.safety import refuse_unsafe_settings

WEB_PROCESSES = 2
LONGEST_START = 180.0


def describe(parser: argparse.ArgumentParser) -> None:
    """Where to answer, and whether with the demo company."""
    parser.add_argument("--demo", action="store_true", help="load a company with data to try things on")
    parser.add_argument("--port", type=int, default=8000, help="the port (default: %(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")


def run(given: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM."""
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    with _listening(given.host, given.port) as listener:
        base_url = os.environ.setdefault("KRUG_BASE_URL", _address(given.host, listener.getsockname()[1]))
        try:
            translations.compile_if_changed()
            with ThreadPoolExecutor(1) as beside:
                pages = beside.submit(front.build_if_changed)
                with installation(Path(given.data)) as here:
                    if given.demo:
                        _tell_demo(here)
                    pages.result()
                    _serve(here, listener, base_url, with_demo=given.demo)
        except KeyboardInterrupt:
            pass
    return 0


def _serve(here: Installation, listener: socket.socket, base_url: str, *, with_demo: bool) -> None:
    refuse_unsafe_settings()
    if here.addresses.warning:
        print(here.addresses.warning, file=sys.stderr)
    children = Children(_children(here, listener))
    children.launch()
    try:
        _wait_until_answering(listener, children)
        print(f"Ready: {base_url}", flush=True)
        print(_greeting(here, base_url, with_demo=with_demo), end="", flush=True)
        children.watch()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        children.stop()


def _children(here: Installation, listener: socket.socket) -> list[Child]:
    handle = listener.fileno()
    web = [sys.executable, "-m", "krug.config.serving.web", "--handle", str(handle)]
    worker = [sys.executable, "-m", "krug.config.serving.worker"]
    return [
        *(
            Child(f"web {number + 1}", web, here.environment | {"KRUG_PROCESS": "web"}, (handle,))
            for number in range(WEB_PROCESSES)
        ),
        Child("worker", worker, here.environment | {"KRUG_PROCESS": "worker"}),
    ]


def _tell_demo(here: Installation) -> None:
    if (here.data / demo.NAME).exists():
        return
    words = [sys.executable, "-m", "krug.config.commands.inside", "demo"]
    if subprocess.run(words, env=os.environ | here.environment, stdout=subprocess.DEVNULL).returncode:
        raise CommandFailed("The demo company could not be told; the reason is above.")


def _greeting(here: Installation, base_url: str, *, with_demo: bool) -> str:
    if with_demo:
        signins = (here.data / demo.NAME).read_text(encoding="utf-8")
        return f"Sign in as (e-mail, password, who):\n{signins}"
    if _has_people(here):
        return ""
    link = first_run.make_link(here.data, base_url)
    return f"Nobody can sign in yet. The first administrator starts here, once, within three days:\n{link}\n"


def _has_people(here: Installation) -> bool:
    with psycopg.connect(here.addresses.app) as connection:
        row = connection.execute("SELECT EXISTS (SELECT 1 FROM person WHERE NOT is_system)").fetchone()
    return bool(row and row[0])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    deadline = time.monotonic() + 5
    while True:
        try:
            listener.bind((host, port))
            listener.listen(256)
            return listener
        except OSError as error:
            if time.monotonic() > deadline:
                listener.close()
                raise CommandFailed(
                    f"Port {port} cannot be used ({error.strerror}). Choose another with --port."
                ) from error
            time.sleep(0.3)


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


def _wait_until_answering(listener: socket.socket, children: Children) -> None:
    host, port = listener.getsockname()[:2]
    address = _address(host, port)
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline:
        if all(child.has_died() for child in children.children):
            raise CommandFailed("The web server ended at once; the reason is above.")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise CommandFailed(f"The web server did not answer within {LONGEST_START:.0f} seconds.")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
