"""View as: what another sees is read and never written, never upwards, and both ends are written down."""

from datetime import timedelta

import pytest
from django.utils import timezone

from krug.access.models import Reach
from krug.administration.actions.looking import RIGHT
from krug.kernel.desk import looked_at
from krug.kernel.journal.models import AuditRecord
from krug.kernel.testing.cast import make_role, make_user
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def gleb(gleb):
    """Gleb reads English."""
    gleb.language = "en"
    gleb.save(update_fields=["language"])
    return gleb


BANNER = 'id="looking"'


@pytest.fixture
def theirs(anna, boris):
    return make_party("Насосы Анны", owner=anna), make_party("Фильтры Бориса", owner=boris)


@pytest.fixture
def looking(gleb, anna, client):
    """Gleb sees what Anna sees."""
    client.force_login(gleb)
    assert client.post(f"/users/{anna.pk}/look-as/").status_code == 302
    return client


def audited(kind):
    return [(line.actor.email, line.object) for line in AuditRecord.objects.filter(kind=kind).order_by("id")]


def test_the_button_leads_into_what_the_person_sees(gleb, anna, client, theirs):
    client.force_login(gleb)
    assert f'action="/users/{anna.pk}/look-as/"' in client.get(f"/users/{anna.pk}/").content.decode()
    client.post(f"/users/{anna.pk}/look-as/")
    page = client.get("/parties/").content.decode()
    assert (BANNER in page, "Насосы Анны" in page, "Фильтры Бориса" in page) == (True, True, False)
    assert [client.get(f"/parties/{party.pk}/").status_code for party in theirs] == [200, 404]
    found = client.get("/search/?q=Фильтры").content.decode()
    assert f"/parties/{theirs[1].pk}/" not in found
    assert audited("look.begun") == [(gleb.email, f"user:{anna.pk}")]


def test_a_role_is_seen_with_its_rights_alone(gleb, client, theirs):
    role = make_role("reader", {"party": (Reach.NONE, []), "user": (Reach.ALL, [])})
    client.force_login(gleb)
    client.post(f"/roles/{role.pk}/look-as/")
    assert client.get(f"/parties/{theirs[0].pk}/").status_code == 404
    assert client.get(f"/users/{gleb.pk}/").status_code == 200
    assert client.get("/settings/audit/").status_code == 403


def test_nothing_is_written_meanwhile_and_it_is_said(looking, gleb, anna, theirs, happened):
    for address in (
        "/parties/new/",
        f"/parties/{theirs[0].pk}/edit/",
        "/me/preferences/",
        f"/users/{anna.pk}/look-as/",
    ):
        answer = looking.post(address, {"name": "x"})
        assert (answer.status_code, "can change nothing" in answer.content.decode()) == (403, True), address
    assert looking.delete(f"/parties/{theirs[0].pk}/").status_code == 403
    assert happened() == []
    looking.get(f"/parties/{theirs[0].pk}/")
    assert looked_at(anna, 5) == []
    assert {actor for actor, _object in audited("refused")} == {gleb.email}


@pytest.mark.parametrize(
    "address", ["/me/", "/me/tokens/", "/me/sessions/", "/me/second-step/", "/drafts/deal.new/", "/journal/",
                "/parties/export/?format=csv"]
)  # fmt: skip
def test_what_is_personal_is_not_shown(looking, address):
    answer = looking.get(address)
    assert (answer.status_code, "This page is personal" in answer.content.decode()) == (403, True)


def test_it_ends_by_the_button_and_is_written_down(looking, gleb, anna, theirs):
    answer = looking.post("/looking/end/")
    assert answer["Location"] == f"/users/{anna.pk}/"
    page = looking.get(f"/parties/{theirs[1].pk}/")
    assert (page.status_code, BANNER in page.content.decode()) == (200, False)
    assert audited("look.ended") == [(gleb.email, f"user:{anna.pk}")]


def test_it_ends_with_the_session(looking, gleb, anna):
    looking.post("/sign-out/")
    assert audited("look.ended") == audited("look.begun") == [(gleb.email, f"user:{anna.pk}")]
    assert audited("sign-out") == [(gleb.email, "")]


def test_it_ends_after_half_an_hour_and_no_form_is_done_in_the_own_name(looking, theirs, happened):
    kept = looking.session
    kept["looking"] = {**kept["looking"], "until": (timezone.now() - timedelta(seconds=1)).timestamp()}
    kept.save()
    assert looking.post(f"/parties/{theirs[1].pk}/archive/").status_code == 403
    assert happened() == []
    assert looking.get(f"/parties/{theirs[1].pk}/").status_code == 200
    assert len(audited("look.ended")) == 1


def test_whoever_loses_the_right_looks_no_more(looking, gleb, theirs):
    gleb.roles.set([make_role("lower", {"party": (Reach.OWN, []), "user": (Reach.ALL, [])})])
    assert looking.get("/parties/")["Location"] == "/"
    assert len(audited("look.ended")) == 1


def test_nobody_looks_upwards_or_without_the_right(gleb, anna, client):
    helper = make_user(role=make_role("helper", {"user": (Reach.ALL, [RIGHT[1]]), "role": (Reach.ALL, [])}))
    client.force_login(helper)
    assert client.post(f"/users/{gleb.pk}/look-as/").status_code == 403
    assert client.post(f"/roles/{gleb.roles.get().pk}/look-as/").status_code == 403
    assert "look-as" not in client.get(f"/users/{gleb.pk}/").content.decode()
    client.force_login(anna)
    make_role("test-seller", {"*": (Reach.OWN, ["create"])})
    assert client.post(f"/users/{helper.pk}/look-as/").status_code == 403
    assert audited("look.begun") == []


def test_nobody_looks_as_who_was_sent_away_or_as_himself(gleb, anna, client):
    client.force_login(gleb)
    anna.is_active = False
    anna.save()
    assert client.post(f"/users/{anna.pk}/look-as/").status_code == 422
    assert client.post(f"/users/{gleb.pk}/look-as/").status_code == 422
    assert audited("look.begun") == []
