"""What every test may rely on: translations are compiled and the network is closed."""

import ipaddress
import socket
from collections.abc import Iterator

import pytest

from krug.config.serving import translations


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations once, before Django reads them."""
    if not hasattr(config, "workerinput"):
        translations.compile_if_changed()


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only this machine may be reached."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(str(address[0])):  # type: ignore[index]
            raise PermissionError(f"A test tried to reach {address}.")
        return connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
