"""Files that are made while the product runs: a new bundle is served at once, and translations are written whole."""

import json
import shutil
import subprocess
import sys
from gettext import GNUTranslations
from pathlib import Path

from krug.config.serving.static import with_static_files

PROJECT = Path(__file__).resolve().parents[3]
COMPILE = "import sys; from pathlib import Path; from krug.config.serving.translations import compile_file\n"
MANY = "for _time in range(8): compile_file(Path(sys.argv[1]))"


def build(folder, name, text):
    """A bundle as the builder leaves it: the folder emptied, the files, and the list of them last."""
    place = folder / "ui"
    shutil.rmtree(place, ignore_errors=True)
    (place / "assets").mkdir(parents=True)
    (place / "assets" / name).write_text(text)
    (place / "manifest.json").write_text(json.dumps({"css/core.css": {"file": f"assets/{name}"}}))


def fetched(application, path):
    said = []
    answer = application({"REQUEST_METHOD": "GET", "PATH_INFO": path}, lambda status, headers: said.append(status))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return said[0][:3], body.decode()


def nothing(environ, start_response):
    start_response("404 Not Found", [])
    return [b""]


def test_a_style_sheet_built_while_the_server_runs_is_served_without_a_restart(tmp_path, settings):
    settings.BUNDLE = tmp_path
    build(tmp_path, "core-AAAAAAAA.css", "old")
    application = with_static_files(nothing)
    assert fetched(application, "/static/ui/assets/core-AAAAAAAA.css") == ("200", "old")
    assert fetched(application, "/static/ui/assets/core-BBBBBBBB.css")[0] == "404"
    build(tmp_path, "core-BBBBBBBB.css", "new")
    assert fetched(application, "/static/ui/assets/core-BBBBBBBB.css") == ("200", "new")


def test_a_server_started_before_the_first_build_serves_it_when_it_is_there(tmp_path, settings):
    settings.BUNDLE = tmp_path / "not-yet"
    application = with_static_files(nothing)
    assert fetched(application, "/static/ui/assets/core-AAAAAAAA.css")[0] == "404"
    build(settings.BUNDLE, "core-AAAAAAAA.css", "first")
    assert fetched(application, "/static/ui/assets/core-AAAAAAAA.css") == ("200", "first")


def test_two_starts_at_once_write_the_same_translations_and_leave_nothing_behind(tmp_path):
    source = tmp_path / "ru" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    shutil.copy(PROJECT / "locale" / "ru" / "LC_MESSAGES" / "django.po", source)
    both = [
        subprocess.Popen([sys.executable, "-c", COMPILE + MANY, str(source)], cwd=PROJECT, stderr=subprocess.PIPE)
        for _start in range(2)
    ]
    said = [process.communicate(timeout=240)[1].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]
    with source.with_suffix(".mo").open("rb") as compiled:
        assert GNUTranslations(compiled).gettext("Customers") == "Клиенты"
