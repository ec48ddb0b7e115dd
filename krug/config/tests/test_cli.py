"""The command line says what is wrong on standard error and fails."""

import stat

import pytest

from krug.config.cli import main
from krug.config.serving import first_run
from krug.config.settings.database import database_from
from krug.config.settings.secrets import kept_secret


def test_an_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["dance"])
    assert ended.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", ["serve", "doctor", "user", "token", "import", "export", "banks", "bench", "backup", "restore"]
)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "usage: krug" in capsys.readouterr().out


def test_a_database_that_is_not_there_is_said_plainly(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/krug")
    assert main(["--data", str(tmp_path), "doctor"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("krug: ") and "Traceback" not in said.err


def test_the_first_link_works_once(tmp_path):
    link = first_run.make_link(tmp_path, "http://127.0.0.1:8000")
    token = link.split("/")[-2]
    assert link == f"http://127.0.0.1:8000/welcome/{token}/"
    assert token not in (tmp_path / "first-run").read_text()
    assert not first_run.is_valid(tmp_path, "guess")
    assert first_run.is_valid(tmp_path, token)
    assert [first_run.use(tmp_path, token), first_run.use(tmp_path, token)] == [True, False]
    assert not first_run.is_valid(tmp_path, token)


def test_the_first_link_dies_after_three_days(tmp_path, monkeypatch):
    token = first_run.make_link(tmp_path, "").split("/")[-2]
    later = first_run.time.time() + 72 * 3600
    monkeypatch.setattr(first_run.time, "time", lambda: later)
    assert not first_run.use(tmp_path, token)


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    made = kept_secret(tmp_path / "secret-key")
    assert len(made) >= 50
    assert kept_secret(tmp_path / "secret-key") == made
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_web_connections_are_limited_in_time_and_commands_are_not():
    address = "postgresql://anna:se%40cret@db.example:6543/crm?sslmode=verify-full&options=-c%20role%3Dkrug_app"
    web = database_from(address, "web")
    assert (web["HOST"], web["PORT"], web["USER"], web["PASSWORD"], web["NAME"]) == (
        "db.example",
        "6543",
        "anna",
        "se@cret",
        "crm",
    )
    assert web["OPTIONS"]["sslmode"] == "verify-full"
    assert web["OPTIONS"]["options"] == (
        "-c role=krug_app -c statement_timeout=10s -c lock_timeout=3s -c idle_in_transaction_session_timeout=30s"
        " -c max_parallel_workers_per_gather=0"
    )
    assert database_from(address)["OPTIONS"]["options"] == "-c role=krug_app"
