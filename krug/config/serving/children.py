"""Child processes are kept alive: one that dies is started again, ever more slowly; all stop together."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
LONG_ENOUGH = 60.0
GRACE = 30.0


@dataclass
class Child:
    """One process that should always run."""

    name: str
    command: list[str]
    environment: dict[str, str]
    handles: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    pause: float = SHORTEST_PAUSE
    started_at: float = 0.0
    due_at: float = 0.0

    def launch(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the one who watches."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=self.handles,
        )

    def has_died(self) -> bool:
        """It was started and is no more."""
        return self.process is not None and self.process.poll() is not None


@dataclass
class Children:
    """All processes of one installation."""

    children: list[Child] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def launch(self) -> None:
        """Start all of them."""
        for child in self.children:
            child.launch()

    def watch(self) -> None:
        """Start again whatever dies, until told to stop."""
        while not self.stopping.wait(0.2):
            for child in self.children:
                self._look_after(child)

    def stop(self) -> None:
        """Ask all to finish what they do, and end those that do not."""
        self.stopping.set()
        alive = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in alive:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for process in alive:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _look_after(self, child: Child) -> None:
        if not child.has_died():
            return
        now = time.monotonic()
        if not child.due_at:
            if now - child.started_at > LONG_ENOUGH:
                child.pause = SHORTEST_PAUSE
            child.due_at = now + child.pause
            child.pause = min(child.pause * 2, LONGEST_PAUSE)
            code = child.process.returncode if child.process else None
            print(f"{child.name} ended ({code}) and is started again.", file=sys.stderr, flush=True)
        elif now >= child.due_at:
            child.due_at = 0.0
            child.launch()


def end_with_parent() -> None:
    """A child whose parent was killed ends itself, so that nothing is left behind."""
    parent = os.getppid()

    def wait() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True, name="end-with-parent").start()
