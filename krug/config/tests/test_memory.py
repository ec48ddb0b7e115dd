"""The collector of garbage does not stand between a person and a page."""

import subprocess
import sys

LOOKED_THROUGH = "import gc; print(gc.get_freeze_count() > 10_000, len(gc.get_objects()) < 20_000)"


def test_what_a_web_process_loaded_at_its_start_is_not_looked_through_again():
    asked = [sys.executable, "-c", f"import krug.config.asgi; {LOOKED_THROUGH}"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=240)
    assert said.stdout.split() == ["True", "True"]
