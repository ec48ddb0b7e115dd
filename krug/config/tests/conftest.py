"""A server of our own for the tests of the supervisor."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from krug.config.serving.postgres import Cluster


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server started and stopped for one file of tests."""
    data = _reachable(tmp_path_factory.mktemp("data"))
    made = Cluster(data, {"fsync": "off", "shared_buffers": "32MB"})
    made.start()
    yield made
    made.release()


def _reachable(folder: Path) -> Path:
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    return folder
