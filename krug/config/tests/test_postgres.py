"""The PostgreSQL of our own survives what happens to processes."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from krug.config.serving import doctor, roles
from krug.config.serving.binaries import find_binaries
from krug.config.serving.installation import Installation, Unfit, refuse_unfit
from krug.config.serving.postgres import Cluster


def one(address: str, question: str) -> object:
    with psycopg.connect(address) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[call-overload]  # the question is no literal
    return row and row[0]


def killed(cluster: Cluster) -> None:
    pid = cluster.running_pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while cluster.running_pid() and time.monotonic() < deadline:
        time.sleep(0.01)


def test_the_server_folds_cyrillic_and_keeps_checksums(cluster):
    assert one(cluster.address(), "SELECT lower('ЁЖИК')") == "ёжик"
    assert one(cluster.address(), "SHOW data_checksums") == "on"


def test_a_second_start_finds_the_running_server(cluster):
    pid = cluster.running_pid()
    again = Cluster(cluster.data)
    again.start()
    assert again.running_pid() == pid
    again.release()
    assert cluster.running_pid() == pid


def test_after_a_kill_the_server_starts_again_with_everything_committed(cluster):
    with psycopg.connect(cluster.address()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    killed(cluster)
    assert cluster.running_pid() is None
    cluster.start()
    assert one(cluster.address(), "SELECT count(*) FROM kept") == 1000


def test_a_recycled_pid_is_not_taken_for_the_server(cluster):
    killed(cluster)
    note = cluster.folder / "postmaster.pid"
    lines = note.read_text().split("\n")
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        note.write_text("\n".join([str(stranger.pid), *lines[1:]]))
        assert cluster.running_pid() is None
        cluster.start()
        assert one(cluster.address(), "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


def test_a_zombie_is_not_taken_for_the_server(cluster):
    killed(cluster)
    zombie = subprocess.Popen([sys.executable, "-c", ""])
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and " Z " not in Path(f"/proc/{zombie.pid}/stat").read_text():
        time.sleep(0.01)
    (cluster.folder / "postmaster.pid").write_text(f"{zombie.pid}\n{cluster.folder}\n")
    assert cluster.running_pid() is None
    cluster.start()
    assert one(cluster.address(), "SELECT 1") == 1
    zombie.wait()


def test_only_the_one_with_the_password_gets_in(cluster):
    wrong = cluster.address().replace(cluster.password("postgres"), "guess")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(wrong)
    assert (cluster.secrets / "postgres").stat().st_mode & 0o777 == 0o600


def test_the_last_one_to_leave_stops_the_server(cluster):
    other = Cluster(cluster.data)
    other.start()
    cluster.release()
    assert other.running_pid()
    other.release()
    assert other.running_pid() is None
    cluster.start()


def test_the_doctor_finds_nothing_wrong_with_our_own_server(cluster):
    roles.prepare_own(cluster)
    findings = doctor.examine(cluster.address("krug_owner", "krug"))
    assert doctor.failures(findings) == []
    assert [finding.name for finding in doctor.warnings(findings)] == ["fsync"]
    assert {finding.name for finding in findings if finding.is_well} >= {"version", "cyrillic", "trigrams", "encoding"}


def test_the_doctor_tells_which_jobs_have_failed(cluster):
    address = roles.prepare_own(cluster).owner
    assert doctor.examine_work(address) == []
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE procrastinate_jobs (task_name text, status text)")
    assert [finding.is_well for finding in doctor.examine_work(address)] == [True]
    with psycopg.connect(address) as connection:
        connection.execute("INSERT INTO procrastinate_jobs VALUES ('import', 'failed'), ('import', 'todo')")
    assert [(one.name, one.is_well, one.detail) for one in doctor.examine_work(address)] == [
        ("failed jobs", False, "import 1")
    ]


def test_the_doctor_refuses_a_database_that_cannot_fold_cyrillic(cluster):
    with psycopg.connect(cluster.address(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE deaf TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'")
    failures = doctor.failures(doctor.examine(cluster.address(database="deaf")))
    assert "cyrillic" in [finding.name for finding in failures]


def test_the_application_works_in_tables_but_cannot_change_them_or_the_journal(cluster):
    addresses = roles.prepare_own(cluster)
    with psycopg.connect(addresses.owner) as connection:
        connection.execute("CREATE TABLE django_migrations (id int)")
        connection.execute("CREATE TABLE deal (id int)")
        connection.execute("CREATE TABLE journal_entry (id int, at date) PARTITION BY RANGE (at)")
        connection.execute(
            "CREATE TABLE journal_entry_2026 PARTITION OF journal_entry"
            " FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
        )
    roles.grant(addresses.owner)
    with psycopg.connect(addresses.app, autocommit=True) as application:
        application.execute("INSERT INTO deal VALUES (1)")
        application.execute("UPDATE deal SET id = 2")
        application.execute("INSERT INTO journal_entry VALUES (1, '2026-11-22')")
        for refused in (
            "UPDATE journal_entry SET id = 2",
            "UPDATE journal_entry_2026 SET id = 2",
            "DELETE FROM journal_entry",
            "DELETE FROM journal_entry_2026",
            "TRUNCATE journal_entry",
            "DROP TABLE journal_entry",
            "ALTER TABLE deal ADD COLUMN extra int",
            "CREATE TABLE mine (id int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(refused)
        assert application.execute("SELECT id FROM journal_entry").fetchall() == [(1,)]
    with psycopg.connect(addresses.report) as reports:
        assert reports.execute("SELECT id FROM deal").fetchall() == [(2,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reports.execute("INSERT INTO deal VALUES (3)")


def test_what_an_older_version_gave_too_widely_is_taken_back(cluster):
    addresses = roles.prepare_own(cluster)
    with psycopg.connect(addresses.owner) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS person (id int, password text)")
        connection.execute("CREATE SEQUENCE IF NOT EXISTS counter")
        connection.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO krug_app, krug_report")
        connection.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO krug_app, krug_report")
        connection.execute("GRANT SELECT (password) ON person TO krug_report")
        connection.execute("GRANT CREATE ON SCHEMA public TO krug_app")
    roles.grant(addresses.owner)
    roles.grant(addresses.owner)
    refused = {
        addresses.app: ("DELETE FROM journal_entry_2026", "TRUNCATE deal", "CREATE TABLE mine (id int)"),
        addresses.report: ("INSERT INTO deal VALUES (3)", "SELECT password FROM person", "SELECT nextval('counter')"),
    }
    for address, acts in refused.items():
        with psycopg.connect(address, autocommit=True) as somebody:
            for act in acts:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    somebody.execute(act)
            assert somebody.execute("SELECT count(id) FROM person").fetchone() == (0,)


def test_a_superuser_is_refused_as_the_application(cluster):
    with psycopg.connect(cluster.address(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM RESET ALL")
    address = cluster.address()
    here = Installation(cluster.data, roles.Addresses(address, address, address), None)
    with pytest.raises(Unfit):
        refuse_unfit(here)


def test_on_a_given_server_the_application_signs_in_as_somebody_who_can_become_nobody_else(cluster, tmp_path):
    addresses = roles.prepare_given(cluster.address(database="krug"), tmp_path / "secrets")
    roles.grant(addresses.owner)
    assert addresses.warning == "" and not roles.is_superuser(addresses.app)
    assert (tmp_path / "secrets" / "given-krug_app").stat().st_mode & 0o777 == 0o600
    with psycopg.connect(addresses.app, autocommit=True) as application:
        name = application.execute("SELECT session_user").fetchone()[0]
        assert re.fullmatch(r"krug_app_[0-9a-f]{10}", name)
        application.execute("RESET ROLE")
        application.execute("RESET SESSION AUTHORIZATION")
        assert application.execute("SELECT current_user").fetchone() == (name,)
        assert application.execute("SELECT count(*) FROM journal_entry").fetchone() == (1,)
        for refused in (
            "SET ROLE postgres",
            "SET ROLE krug_owner",
            "SET SESSION AUTHORIZATION postgres",
            f"ALTER ROLE {name} SUPERUSER",
            "GRANT krug_owner TO krug_app",
            "UPDATE journal_entry SET id = 2",
            "COPY deal TO PROGRAM 'true'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(refused)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(make_conninfo(addresses.app, password="guess"))
    with psycopg.connect(addresses.report) as reports, pytest.raises(psycopg.errors.InsufficientPrivilege):
        reports.execute("INSERT INTO deal VALUES (3)")


def test_each_installation_on_a_given_server_has_a_password_of_its_own_and_keeps_it(cluster, tmp_path):
    first = roles.prepare_given(cluster.address(database="krug"), tmp_path / "one")
    other = roles.prepare_given(cluster.address(database="krug"), tmp_path / "two")
    assert roles.prepare_given(cluster.address(database="krug"), tmp_path / "one") == first
    assert one(first.app, "SELECT current_user") != one(other.app, "SELECT current_user")


def test_a_role_that_may_make_roles_but_is_no_superuser_is_enough(cluster, tmp_path):
    with psycopg.connect(cluster.address(), autocommit=True) as connection:
        connection.execute("CREATE ROLE maker LOGIN CREATEROLE PASSWORD 'made-for-this-test'")
        connection.execute("CREATE DATABASE made OWNER maker")
        connection.execute("GRANT krug_app, krug_report TO maker WITH ADMIN OPTION")
    address = make_conninfo(cluster.address(database="made"), user="maker", password="made-for-this-test")
    addresses = roles.prepare_given(address, tmp_path / "secrets")
    assert addresses.warning == ""
    assert str(one(addresses.app, "SELECT session_user")).startswith("krug_app_")


def test_a_given_server_that_lets_no_new_role_in_works_by_set_role_and_says_what_is_weaker(cluster, tmp_path):
    known = roles.prepare_given(cluster.address(), tmp_path / "secrets")
    names = [conninfo_to_dict(address)["user"] for address in (known.app, known.report)]
    rules = cluster.folder / "pg_hba.conf"
    before = rules.read_text()
    try:
        rules.write_text("".join(f"local all {name} reject\n" for name in names) + before)
        one(cluster.address(), "SELECT pg_reload_conf()")
        time.sleep(0.2)
        addresses = roles.prepare_given(cluster.address(), tmp_path / "secrets")
        assert "could leave" in addresses.warning
        assert not roles.is_superuser(addresses.app)
        assert one(addresses.app, "SELECT current_user") == "krug_app"
    finally:
        rules.write_text(before)
        one(cluster.address(), "SELECT pg_reload_conf()")


def test_a_given_server_without_the_right_to_make_roles_works_with_a_warning(cluster, tmp_path):
    addresses = roles.prepare_given(cluster.address("krug_owner", "krug"), tmp_path / "secrets")
    assert "may not create roles" in addresses.warning
    assert addresses.app == addresses.owner


def test_a_named_folder_of_binaries_comes_first(monkeypatch, tmp_path):
    fake = tmp_path / "postgres"
    fake.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 17.3'\n")
    fake.chmod(0o755)
    monkeypatch.setenv("KRUG_POSTGRES_BIN", str(tmp_path))
    found = find_binaries()
    assert (found.folder, found.major, found.version) == (tmp_path, 17, "17.3")
