"""Files in fields that the company adds: uploaded within limits, open to whoever sees the record, never run."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from krug.access.models import Grant, Reach
from krug.administration.testing import make_attribute
from krug.documents.actions.stored import clean_name, path_of, store_file
from krug.documents.models import StoredFile
from krug.documents.testing import make_file
from krug.kernel import doors
from krug.kernel.attributes.serving import served
from krug.kernel.errors import Invalid, Refusal
from krug.kernel.fields import Reading
from krug.kernel.registry import get_entity
from krug.kernel.screens.history import history_of
from krug.kernel.testing.cast import make_role, make_user
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
