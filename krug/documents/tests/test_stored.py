"""Files in fields that the company adds: uploaded within limits, open to whoever sees the record, never run."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from krug.access.models import Grant, Reach
from krug.administration.actions.people import clock_actor
from krug.administration.testing import make_attribute
from krug.documents.actions.loose import clear_loose_files
from krug.documents.actions.stored import clean_name, path_of, store_file
from krug.documents.models import StoredFile
from krug.documents.testing import make_file
from krug.kernel import doors
from krug.kernel.attributes.serving import served
from krug.kernel.errors import Invalid, Refusal
from krug.kernel.fields import Reading
from krug.kernel.journal.models import AuditRecord
from krug.kernel.journal.recording import last_act
from krug.kernel.journal.runs import undo_one
from krug.kernel.registry import get_entity
from krug.kernel.screens.history import history_of
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.tests.test_api import Program
from krug.kernel.writing import read_values
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def plan():
    return make_attribute("Floor plan", kind="file")


def filled(record, name, number, user):
    reading = Reading(user=user, today=__import__("datetime").date(2026, 11, 30), language="en")
    values = read_values(get_entity("party"), {name: str(number)}, reading, whole=False)
    return doors.change_record(get_entity("party"), record.pk, values, by=user)


def test_a_file_is_chosen_in_the_form_and_comes_back_to_it(anna, client, plan, place):
    party = make_party("Ромашка", owner=anna)
    client.force_login(anna)
    edit = f"/parties/{party.pk}/edit/"
    assert f'value="{plan.key}"' in client.get(edit).content.decode()
    away = client.post(edit, {"display_name": "Ромашка и Ко", "made_at": plan.key})["Location"]
    assert away.startswith("/files/new/?next=")
    sent = {"file": SimpleUploadedFile("план.txt", b"One"), "next": edit, "into": plan.key}
    back = client.post("/files/new/", sent)["Location"]
    made = StoredFile.objects.get()
    assert back == f"{edit}?{plan.key}={made.pk}"
    page = client.get(back).content.decode()
    assert "Ромашка и Ко" in page and "план.txt" in page
    assert (path_of(made.key).read_bytes(), made.size) == (b"One", 3)
    filled(party, plan.key, made.pk, anna)
    assert "план.txt" in client.get(f"/parties/?columns={plan.key}").content.decode()
    assert f'<a href="/files/{made.pk}/bytes/">план.txt</a>' in client.get(f"/parties/{party.pk}/").content.decode()
    told = history_of(get_entity("party"), party, anna).changes[0].differences
    assert [(each.label, each.new) for each in told] == [("Floor plan", "план.txt")]


def test_a_file_opens_with_its_record_and_closes_with_it(anna, boris, client, plan):
    party, made = make_party(owner=anna), make_file(owner=anna)
    url = f"/files/{made.pk}/bytes/"
    client.force_login(boris)
    assert client.get(url).status_code == 404
    filled(party, plan.key, made.pk, anna)
    assert client.get(url).status_code == 404
    type(party).objects.filter(pk=party.pk).update(owner=boris)
    answer = client.get(url)
    assert b"".join(answer.streaming_content) == b"One, two"
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    client.force_login(anna)
    assert client.get(url).status_code == 404, "who uploaded it sees the record no longer"


def test_nobody_puts_the_file_of_another_into_a_record_of_his_own(anna, boris, plan):
    theirs = make_party(owner=boris)
    with pytest.raises(Invalid):
        filled(theirs, plan.key, make_file(owner=anna).pk, boris)
    theirs.refresh_from_db()
    assert theirs.custom == {}


def test_what_is_empty_or_too_large_is_refused_and_nothing_stays(anna, place):
    large = SimpleUploadedFile("x.bin", b"1")
    large.size = 26 * 1024 * 1024
    for wrong in (None, SimpleUploadedFile("x.txt", b""), large):
        with pytest.raises(Refusal):
            store_file(wrong, by=anna)
    assert not StoredFile.objects.exists() and not list(place.rglob("*/*"))


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\work\\plan.txt", "plan.txt"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("line\nbreak\u200b.txt", "linebreak.txt"),
        (" .. ", "file"),
        ("я" * 200 + ".txt", "я" * 146 + ".txt"),
    ],
)
def test_names_are_cleaned_and_never_lead_anywhere(name, clean):
    assert clean_name(name) == clean


def test_a_file_is_not_made_from_fields(gleb):
    with pytest.raises(Refusal):
        doors.create_record(get_entity("file"), {"name": "x"}, by=gleb)
    assert not StoredFile.objects.exists()


def test_a_file_in_a_hidden_field_does_not_exist_beside_it_either(anna, client, plan):
    party, made = make_party(owner=anna), make_file(owner=anna)
    filled(party, plan.key, made.pk, anna)
    role = make_role("reader", {"party": (Reach.ALL, []), "file": (Reach.ALL, [])})
    client.force_login(make_user(role=role))
    assert client.get(f"/files/{made.pk}/bytes/").status_code == 200
    group = served(get_entity("party")).groups[plan.key]
    Grant.objects.filter(role=role, entity="party").update(fields={"*": "edit", group: "hidden"})
    assert client.get(f"/files/{made.pk}/bytes/").status_code == 404
    assert client.get(f"/files/{made.pk}/").status_code == 404
    assert "plan.txt" not in client.get("/files/").content.decode()


def sent(program, *files, **more):
    return program.client.post("/api/v1/files/upload/", {"files": list(files), **more}, headers=program.head)


def test_a_program_sends_a_file_and_writes_its_number_into_a_field(anna, plan, place):
    program, party = Program(anna), make_party(owner=anna)
    answer = sent(program, SimpleUploadedFile("../план.txt", b"One"))
    assert answer.status_code == 201, answer.content
    told = answer.json()
    made = StoredFile.objects.get(pk=told["id"])
    assert (told["name"], told["size"], made.created_by) == ("план.txt", 3, anna)
    assert path_of(made.key).read_bytes() == b"One"
    assert program.call("PATCH", f"/parties/{party.pk}/", {plan.key: made.pk}).status_code == 200
    got = program.call("GET", f"/files/{made.pk}/bytes/")
    assert b"".join(got.streaming_content) == b"One"
    assert (got["Content-Type"], got["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")


def test_what_the_browser_refuses_programs_may_not_send_either(anna, boris, plan, place, monkeypatch):
    from krug.documents.actions import stored

    program = Program(anna)
    monkeypatch.setattr(stored, "MOST_MB", 0)
    refused = sent(program, SimpleUploadedFile("x.txt", b"1"))
    assert (refused.status_code, refused.json()["code"]) == (422, "FILE_TOO_LARGE")
    monkeypatch.undo()
    assert sent(program).json()["code"] == "FILE_MISSING"
    assert sent(program, SimpleUploadedFile("x.txt", b"")).json()["code"] == "FILE_MISSING"
    assert sent(program, SimpleUploadedFile("a", b"1"), SimpleUploadedFile("b", b"2")).json()["code"] == "ONE_FILE"
    assert sent(program, SimpleUploadedFile("a", b"1"), name="x").json()["code"] == "UNKNOWN_FIELD"
    weak = Program(make_user(role=make_role("reads", {"party": (Reach.ALL, [])})))
    assert sent(weak, SimpleUploadedFile("a", b"1")).status_code == 403
    made = make_file(owner=anna)
    assert Program(boris).call("GET", f"/files/{made.pk}/bytes/").status_code == 404
    assert StoredFile.objects.count() == 1


def aged(*files):
    StoredFile.objects.filter(pk__in=[each.pk for each in files]).update(created_at=timezone.now() - timedelta(days=40))
    return [StoredFile.objects.get(pk=each.pk) for each in files]


@pytest.fixture
def a_month_later(monkeypatch):
    now = timezone.now

    def moved() -> None:
        monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(days=31))

    return moved


def test_bytes_that_nothing_holds_leave_the_disk_after_the_days_of_undoing(anna, plan, place, a_month_later):
    party, other = make_party(owner=anna), make_party(owner=anna)
    held, dropped, loose, fresh = (make_file(owner=anna) for _each in range(4))
    filled(party, plan.key, held.pk, anna)
    filled(other, plan.key, dropped.pk, anna)
    doors.change_record(get_entity("party"), other.pk, {plan.key: None}, by=anna)
    held, dropped, loose = aged(held, dropped, loose)
    unwritten = path_of("ab" + "0" * 30)
    unwritten.parent.mkdir(parents=True, exist_ok=True)
    unwritten.write_bytes(b"lost")
    os.utime(unwritten, (0, 0))
    assert clear_loose_files(by=clock_actor()) == 2
    assert not unwritten.exists() and path_of(loose.key).is_file(), "put away first, with its bytes"
    assert list(StoredFile.objects.filter(is_archived=True)) == [loose]
    assert clear_loose_files(by=clock_actor()) == 0
    a_month_later()
    assert clear_loose_files(by=clock_actor()) == 3, "one leaves the disk, two are put away"
    assert [path_of(each.key).is_file() for each in (held, dropped, loose, fresh)] == [True, True, False, True]
    lines = AuditRecord.objects.filter(kind="file.cleared").values_list("object", "data")
    assert set(lines.values_list("object", flat=True)) == {f"file:{loose.pk}", "file"}


def test_what_was_taken_out_of_a_record_comes_back_with_its_bytes_by_undoing(anna, plan):
    clock, party, made = clock_actor(), make_party(owner=anna), make_file(owner=anna)
    filled(party, plan.key, made.pk, anna)
    doors.change_record(get_entity("party"), party.pk, {plan.key: None}, by=anna)
    act = last_act()
    aged(made)
    assert clear_loose_files(by=clock) == 0
    undo_one(act, by=anna)
    party.refresh_from_db()
    assert party.custom == {plan.key: made.pk} and path_of(made.key).is_file()


def test_a_file_that_was_put_away_goes_into_no_record_and_keeps_its_bytes_where_it_stands_in_one(
    anna, plan, a_month_later
):
    party, made = make_party(owner=anna), make_file(owner=anna)
    StoredFile.objects.filter(pk=made.pk).update(is_archived=True)
    with pytest.raises(Invalid):
        filled(party, plan.key, made.pk, anna)
    party.refresh_from_db()
    assert party.custom == {}
    StoredFile.objects.filter(pk=made.pk).update(is_archived=False)
    filled(party, plan.key, made.pk, anna)
    aged(made)
    StoredFile.objects.filter(pk=made.pk).update(is_archived=True)
    a_month_later()
    assert clear_loose_files(by=clock_actor()) == 0
    assert path_of(made.key).is_file()


def test_the_history_is_read_once_however_many_files_and_folders_there_are(anna, plan, a_month_later, monkeypatch):
    party = make_party(owner=anna)
    filled(party, plan.key, make_file(owner=anna).pk, anna)
    for how_many in (1, 5):
        monkeypatch.undo()
        aged(*(make_file(owner=anna) for _each in range(how_many)))
        with CaptureQueriesContext(connection) as asked:
            assert clear_loose_files(by=clock_actor()) == how_many
        history = [each for each in asked if each["sql"].startswith("SELECT") and '"row_change"' in each["sql"]]
        assert len(history) == 1, history
        a_month_later()
        with CaptureQueriesContext(connection) as asked:
            assert clear_loose_files(by=clock_actor()) == how_many
        history = [each for each in asked if each["sql"].startswith("SELECT") and '"row_change"' in each["sql"]]
        assert len(history) == 1, history
