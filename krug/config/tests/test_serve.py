"""One command starts everything; one signal stops it; a killed one leaves nothing in the way."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from select import select

import pytest
from django.core import signing

from krug.config.serving.postgres import Cluster
from krug.kernel.live import SALT

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("installation")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    return folder


@pytest.fixture
def start(data):
    """Start the product, as often as a story needs; whatever the story left running is ended."""
    processes = []

    def launch():
        process, address = started(data)
        processes.append(process)
        return process, address

    yield launch
    for process in processes:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=240)


def started(data):
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    log = data.parent / f"{data.name}.log"
    with log.open("a") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "krug.config.cli", "--data", str(data), "serve", "--port", "0"],
            cwd=PROJECT,
            env=environment | {"PYTHONPATH": str(PROJECT)},
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    ready = next_line(process)
    assert ready.startswith("Ready: http://127.0.0.1:"), log.read_text()[-3000:]
    return process, ready.split()[1]


def next_line(process, seconds=240):
    """The next line it says; one that says nothing is not waited for without end."""
    line = b""
    while not line.endswith(b"\n"):
        assert select([process.stdout], [], [], seconds)[0], f"nothing was said in {seconds} seconds"
        if not (more := os.read(process.stdout.fileno(), 1)):
            break
        line += more
    return line.decode()


def got(address):
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def children_of(process):
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == process.pid and b"krug.config.serving" in command:
            found.add(int(entry.name))
    return found


def eventually(question, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer


def test_an_empty_installation_starts_answers_heals_and_stops(start, data):
    process, address = start()
    said = "".join(next_line(process) for _line in range(2))
    assert re.search(r"/welcome/[\w-]{40,}/", said)
    assert got(f"{address}/healthz")[:2] == (200, "ok\n")
    status, body, headers = got(f"{address}/readyz")
    assert (status, json.loads(body)) == (200, {"ready": True})
    assert "script-src 'self' 'nonce-" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    before = children_of(process)
    assert len(before) == 3
    for victim in before:
        os.kill(victim, signal.SIGKILL)
    assert eventually(lambda: len(children_of(process) - before) == 3)
    assert eventually(lambda: got(f"{address}/readyz")[0] == 200)
    process.send_signal(signal.SIGTERM)
    assert process.wait(240) == 0
    assert Cluster(data).running_pid() is None


def test_an_open_event_stream_does_not_hold_up_the_end(start, data):
    process, address = start()
    ticket = signing.dumps(["deals"], key=(data / "secret-key").read_text(), salt=SALT)
    with urllib.request.urlopen(f"{address}/events/?ticket={ticket}", timeout=20) as stream:
        assert stream.readline() == b"retry: 3000\n"
        process.send_signal(signal.SIGTERM)
        assert stream.read().strip() == b""
        assert process.wait(240) == 0


def test_after_a_kill_of_everything_the_next_start_is_whole(start, data):
    process, _address = start()
    children = list(children_of(process))
    process.kill()
    os.kill(Cluster(data).running_pid(), signal.SIGKILL)
    assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))
    process, address = start()
    assert got(f"{address}/readyz")[0] == 200
    process.send_signal(signal.SIGINT)
    assert process.wait(240) == 0


def test_a_port_that_is_taken_is_said_plainly(start, data):
    _process, address = start()
    port = address.rpartition(":")[2]
    other = subprocess.run(
        [sys.executable, "-m", "krug.config.cli", "--data", str(data), "serve", "--port", port],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert other.returncode == 1
    assert f"Port {port} cannot be used" in other.stderr and "Traceback" not in other.stderr
    assert got(f"{address}/healthz")[0] == 200


def krug(data, *words):
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    return subprocess.run(
        [sys.executable, "-m", "krug.config.cli", "--data", str(data), *words],
        cwd=PROJECT,
        env=environment | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=240,
    )


def called(address, token, path):
    asked = urllib.request.Request(address + path, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return json.loads(answer.read())


def test_people_tokens_and_files_are_served_by_commands_while_the_server_runs(start, data, tmp_path):
    _process, address = start()
    person = ("ivan@example.org", "--role", "administrator", "--name", "Иван Петров")
    added = krug(data, "user", "add", *person, "--password", "krug and nothing else", "--json")
    assert added.returncode == 0, added.stderr
    assert json.loads(added.stdout)["email"] == "ivan@example.org"
    token = krug(data, "token", "ivan@example.org", "--scope", "party:*", "contact:view").stdout.splitlines()[-1]
    assert token.startswith("krug_")
    assert called(address, token, "/api/v1/parties/count") == {"count": 0, "exact": True}
    (tmp_path / "customers.csv").write_text("Name,City\nNorth Wind,Omsk\nSouth Wind,Tver\n", encoding="utf-8")
    dry = krug(data, "import", str(tmp_path / "customers.csv"), "--dry-run", "--json")
    assert dry.returncode == 0 and json.loads(dry.stdout), dry.stderr
    assert called(address, token, "/api/v1/parties/count")["count"] == 0
    assert "customers.csv: read as utf-8, separator" in dry.stderr
    other = krug(data, "import", str(tmp_path / "customers.csv"), "--dry-run", "--show-plan", "--encoding", "cp866")
    assert json.loads(other.stdout)["tables"][0]["encoding"] == "cp866"
    assert krug(data, "import", str(tmp_path / "customers.csv"), "--encoding", "rot13").returncode != 0
    assert krug(data, "import", str(tmp_path / "customers.csv")).returncode == 0
    assert called(address, token, "/api/v1/parties/count")["count"] == 2
    wanted = json.dumps({"field": "city", "operator": "eq", "value": "Omsk"})
    written = krug(data, "export", "party", "--to", str(tmp_path / "out.jsonl"), "--filter", wanted)
    assert written.returncode == 0, written.stderr
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert ["North Wind" in line for line in lines] == [True]


def test_a_backup_brings_back_rows_and_files(data, tmp_path):
    (data / "files").mkdir(exist_ok=True)
    (data / "files" / "contract.pdf").write_bytes(b"signed")
    made = krug(data, "backup", str(tmp_path / "krug.backup"), "--json")
    assert made.returncode == 0, made.stderr
    rows = json.loads(made.stdout)["rows"]
    assert rows["django_migrations"] > 10
    (data / "files" / "contract.pdf").unlink()
    refused = krug(data, "restore", str(tmp_path / "krug.backup"))
    assert refused.returncode == 1
    assert "Say --replace" in refused.stderr and "Traceback" not in refused.stderr
    restored = krug(data, "restore", str(tmp_path / "krug.backup"), "--replace")
    assert restored.returncode == 0, restored.stderr
    assert restored.stdout.startswith(f"Restored {sum(rows.values())} rows of {len(rows)} tables.")
    assert (data / "files" / "contract.pdf").read_bytes() == b"signed"
    assert krug(data, "doctor").returncode == 0


def test_a_file_that_is_no_backup_is_refused_before_anything_is_lost(data, tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8")
    refused = krug(data, "restore", str(tmp_path / "holiday.jpg"), "--replace")
    assert refused.returncode == 1
    assert "is not a backup" in refused.stderr and "Traceback" not in refused.stderr
