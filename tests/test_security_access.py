"""Nobody reads, finds, counts or infers a record beyond his rights, on whichever surface (ACL-02 to ACL-06)."""

from __future__ import annotations

import base64
import itertools
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from krug.access.models import Grant, Reach, User
from krug.activities.testing import make_interaction, make_task
from krug.documents.testing import make_document
from krug.exchange.importing.running import work_on
from krug.exchange.models import ImportRun
from krug.kernel.errors import BadRequest
from krug.kernel.journal.models import AuditRecord
from krug.kernel.models import Draft, SavedView
from krug.kernel.registry import get_entity
from krug.kernel.search.indexing import index_records
from krug.kernel.testing.cast import make_role, make_team, make_user, seller_role
from krug.kernel.testing.contract import routes
from krug.kernel.tokens import issue
from krug.parties.testing import make_contact, make_party, make_point, make_position, make_requisites
from krug.sales.models import StageVisit
from krug.sales.testing import make_deal, make_deal_contact

pytestmark = pytest.mark.django_db
CANARY = "Канарейка"
POINTING = ("deal", "task", "contact-position", "deal-contact", "document", "interaction", "stage-visit", "contact")
INN = "7707083893"
PHONE = "+7 812 555-66-77"


@dataclass
class Nest:
    """What Boris has, and what of it reaches Anna's own records."""

    party: Any
    contact: Any
    deal: Any
    task: Any
    own_contact: Any
    own_deal: Any
    handed: Any


@pytest.fixture(scope="module")
def anna(kept: None) -> User:
    """Anna sells."""
    return make_user("anna@example.org", role=seller_role(), team=make_team(), surname="Соколова", given_name="Анна")


@pytest.fixture(scope="module")
def boris(kept: None) -> User:
    """Boris sells in another team."""
    return make_user("boris@example.org", role=seller_role(), team=make_team(), surname="Орлов", given_name="Борис")


@pytest.fixture(scope="module")
def nest(anna: User, boris: User) -> Nest:
    """Boris's customer, person and deal carry the word; Anna has records of her own that point to them."""
    party = make_party(f"{CANARY} Пром", owner=boris, city=f"{CANARY}-град")
    make_requisites(party, by=boris, inn=INN, short_name=f"ООО «{CANARY}»")
    contact = make_contact(f"{CANARY}ева Мария Ивановна", owner=boris)
    make_point(PHONE, contact=contact, by=boris)
    make_position(contact, party, by=boris, position=f"{CANARY}-директор")
    deal = make_deal(f"{CANARY}-сделка", owner=boris, party=party)
    make_deal_contact(deal=deal, contact=contact, by=boris)
    make_interaction(by=boris, party=party, about=deal, text=f"{CANARY} сказала: да")
    task = make_task(f"{CANARY}: перезвонить", by=boris, assignee=boris, party=party, due_on=date(2026, 11, 21))
    make_document(f"{CANARY}-договор", by=boris, about=deal)
    own_contact = make_contact("Чистов Пётр Петрович", owner=anna)
    make_position(own_contact, party, by=boris, position="Инженер")
    own_deal = make_deal("Чистая сделка", owner=anna, by=boris, party=party)
    make_deal_contact(deal=own_deal, contact=contact, by=boris)
    handed = make_task("Чистая задача", by=boris, assignee=anna, party=party, due_on=date(2026, 11, 21))
    make_interaction(by=boris, party=party, about=own_deal, text=f"{CANARY} о чистой сделке")
    StageVisit.objects.filter(deal=own_deal).update(responsible=anna)
    for code, kept in (("party", [party]), ("contact", [contact, own_contact]), ("deal", [deal, own_deal])):
        index_records(get_entity(code), [each.pk for each in kept])
    return Nest(party, contact, deal, task, own_contact, own_deal, handed)


def addresses(nest: Nest) -> list[str]:
    """Every address that can be read: those without a number, and those of Anna's own records."""
    own = {"contacts": nest.own_contact, "deals": nest.own_deal, "tasks": nest.handed}
    own["contact-positions"] = nest.own_contact.positions.get()
    own["pipelines"], own["pipeline-versions"] = nest.own_deal.pipeline_version.pipeline, nest.own_deal.pipeline_version
    found = []
    for route, _view in routes():
        record = own.get(route.partition("/")[0])
        if "<" not in route and not route.endswith("count/"):
            found.append(f"/{route}")
        elif "<int:pk>" in route and record is not None:
            found.append(f"/{route.replace('<int:pk>', str(record.pk)).replace('<slug:name>', 'party')}")
    return list(dict.fromkeys(found))


def questions(code: str) -> list[str]:
    """The ways to ask a list for more than it shows at first."""
    entity = get_entity(code)
    links = [name for name, field in entity.fields.items() if field.kind == "reference"]
    wide = [f"{name}__{inner}" for name in links for inner in ("display_name", "full_name", "name", "city", "owner")]
    known = []
    for name in (*entity.columns, *wide):
        try:
            known.append(entity.field(name).name)
        except BadRequest:
            continue
    return [
        "",
        "?view=board",
        "?view=calendar",
        f"?columns={','.join(known[:30])}",
        *(f"?sort={name}" for name in links),
    ]


def leaks(client: Client, url: str) -> bool:
    """Whether the answer holds the word, the tax number or the phone."""
    answer = client.get(url)
    assert answer.status_code < 500, f"{url}: {answer.status_code}"
    body = answer.getvalue().decode()
    return CANARY.casefold() in body.casefold() or INN in body or "5556677" in body


def test_the_word_of_a_stranger_stands_on_no_page(nest, anna, client):
    client.force_login(anna)
    assert [url for url in addresses(nest) if leaks(client, url)] == []


@pytest.mark.parametrize("code", POINTING)
def test_the_word_of_a_stranger_stands_in_no_list_and_no_file_whatever_is_asked(code, nest, anna, client):
    client.force_login(anna)
    url = get_entity(code).url()
    assert [ask for ask in questions(code) if leaks(client, url + ask) or leaks(client, f"{url}export/{ask}")] == []


@pytest.mark.parametrize("code", POINTING)
def test_programs_are_told_no_more_than_pages(code, nest, anna):
    client = Client(headers={"Authorization": f"Bearer {issue(anna).text}"})
    entity, url = get_entity(code), f"/api/v1/{get_entity(code).plural_url}/"
    links = [name for name, field in entity.fields.items() if field.kind == "reference"]
    columns = next(ask for ask in questions(code) if "columns=" in ask).replace("columns", "fields")
    asks = [
        url,
        url + columns,
        *(f"{url}totals?by={name}" for name in links),
        *(f"{url}?sort={name}" for name in links),
    ]
    asks += [f"{url}?expand={name}" for name in links]
    for record in entity.rows_for(anna)[:3]:
        asks += [f"{url}{record.pk}/", f"{url}{record.pk}/{columns}", f"{url}{record.pk}/history/"]
    assert [ask for ask in asks if leaks(client, ask)] == []


def test_the_place_in_a_sorted_list_does_not_tell_the_hidden_name(nest, anna, boris, client):
    make_deal("Чистая сделка 2", owner=anna, by=boris, party=nest.party)
    client.force_login(anna)
    answer = client.get("/deals/?sort=party&view=table&limit=1").content.decode()
    assert "Чистая сделка" in answer and "after=" in answer
    for word in re.findall(r"after=([A-Za-z0-9_-]+)", answer):
        assert CANARY not in base64.urlsafe_b64decode(word + "==").decode()


@pytest.mark.parametrize(
    ("url", "own"), [("/deals/", "Чистая сделка"), ("/contacts/", "Чистов"), ("/documents/", "договор")]
)
def test_words_of_hidden_records_find_nothing(url, own, nest, anna, boris, client):
    client.force_login(anna)
    assert own not in client.get(url, {"q": CANARY}).content.decode()
    assert own not in client.get("/search/", {"q": CANARY}).content.decode()
    client.force_login(boris)
    assert "Канарейка" in client.get("/search/", {"q": "канарейка пром"}).content.decode()


def test_own_records_are_found_by_their_own_words(nest, anna, client):
    client.force_login(anna)
    assert f"/deals/{nest.own_deal.pk}/" in client.get("/search/", {"q": "чистая сделка"}).content.decode()
    assert f"/contacts/{nest.own_contact.pk}/" in client.get("/search/", {"q": "чистов"}).content.decode()
    assert "Чистая сделка" in client.get("/deals/", {"q": "чистая"}).content.decode()


@pytest.mark.parametrize(
    ("condition", "left_out"),
    [
        ({"field": "party__inn", "operator": "eq", "value": INN}, 1),
        ({"field": "party__display_name", "operator": "contains", "value": CANARY}, 0),
        ({"field": "party__city", "operator": "starts", "value": CANARY}, 0),
    ],
)
def test_a_filter_through_a_hidden_record_finds_nothing(condition, left_out, nest, anna, gleb, client):
    for reader, tree in itertools.product((anna, gleb), (condition, {"any": [condition]}, {"not": {"not": condition}})):
        client.force_login(reader)
        answer = client.get("/deals/", {"filter": json.dumps(tree), "view": "table"})
        assert answer.status_code == 200
        page = answer.content.decode()
        assert (page.count('class="chip left-out"'), "Чистая сделка" in page) == (
            left_out,
            reader == gleb or left_out == 1,
        )


def test_hidden_and_missing_numbers_are_answered_alike(nest, anna, client):
    client.force_login(anna)
    missing = 987654321
    changing = r'nonce="[^"]+"|[A-Za-z0-9]{64}|\d+|value="[0-9a-f-]{36}"'
    for hidden, url in ((nest.party, "/parties/%s/"), (nest.deal, "/deals/%s/edit/"), (nest.task, "/tasks/%s/")):
        answers = [client.get(url % pk) for pk in (hidden.pk, missing)]
        bodies = [re.sub(changing, "", answer.content.decode()) for answer in answers]
        assert (answers[0].status_code, bodies[0]) == (404, bodies[1])
    for field in ("party", "owner"):
        texts = [
            client.get("/deals/", {"filter": json.dumps({"field": field, "operator": "eq", "value": pk})})
            for pk in (nest.party.pk if field == "party" else 0, missing)
        ]
        assert all("chip left-out" in answer.content.decode() for answer in texts)


@pytest.mark.parametrize("url", ["/deals/new/", "/tasks/new/", "/contact-positions/new/", "/documents/new/", "/log/"])
def test_a_form_takes_no_record_that_its_sender_does_not_see(url, nest, anna, happened, client):
    client.force_login(anna)
    before = happened()
    sent = {"name": "x", "title": "x", "text": "x", "party": nest.party.pk, "contact": nest.contact.pk, "kind": "other"}
    sent |= {
        "position": "x",
        "role": "buyer",
        "due_on": "01.12.2026",
        "pipeline": nest.own_deal.pipeline_version.pipeline_id,
    }
    assert client.post(url, sent).status_code == 422
    assert happened() == before


def test_the_api_takes_no_record_that_its_caller_does_not_see(nest, anna, happened):
    client = Client(headers={"Authorization": f"Bearer {issue(anna).text}"})
    before = happened()
    given = {"name": "x", "party": nest.party.pk, "pipeline": nest.own_deal.pipeline_version.pipeline_id}
    assert client.post("/api/v1/deals/", given, content_type="application/json").status_code == 422
    own = f"/api/v1/deals/{nest.own_deal.pk}/"
    nested = {"party": {"id": nest.party.pk}}
    assert client.patch(own, nested, content_type="application/json").status_code == 422
    assert (
        client.patch(f"/api/v1/deals/{nest.deal.pk}/", {"name": "x"}, content_type="application/json").status_code
        == 404
    )
    assert client.post(f"/api/v1/deals/{nest.deal.pk}/win/", {}, content_type="application/json").status_code == 404
    assert happened() == before


def test_drafts_views_and_runs_of_others_do_not_exist(nest, anna, boris, client):
    client.force_login(boris)
    client.post("/drafts/deal.new/", {"name": CANARY})
    client.post("/deals/views/?view=table", {"name": CANARY})
    view = SavedView.objects.get(owner=boris)
    run = ImportRun.objects.create(preset="maven-crm", created_by=boris)
    client.force_login(anna)
    assert client.get("/drafts/deal.new/").status_code == 204
    theirs, none = (client.get(f"/deals/?saved={key}").content.decode() for key in (view.pk, view.pk + 1))
    assert "chip left-out" in theirs and CANARY not in theirs
    assert theirs.count("data-row=") == none.count("data-row=") and theirs.count("left-out") == none.count("left-out")
    assert client.post(f"/deals/views/{view.pk}/", {"deed": "delete"}).status_code == 404
    assert client.get(f"/import/{run.pk}/").status_code == 404
    assert client.get(f"/import/{run.pk}/refused.csv").status_code == 404
    assert client.post(f"/import/{run.pk}/write/").status_code == 404
    assert client.delete("/drafts/deal.new/").status_code == 204
    assert Draft.objects.filter(user=boris).count() == SavedView.objects.count() == 1


def test_whoever_knows_no_colleague_sees_nobody_and_nothing(nest, client):
    outsider = make_user(role=make_role("outsider", {"deal": (Reach.OWN, ["*"])}))
    client.force_login(outsider)
    assert [url for url in addresses(nest) if leaks(client, url)] == []
    for url in ("/users/", "/teams/", "/people/options/?q=a", "/search/?q=boris", "/stages/", "/products/"):
        body = client.get(url).content.decode()
        assert "Орлов" not in body and "boris@" not in body, url


def test_nothing_but_the_public_pages_opens_without_signing_in(nest, client):
    public = {"/sign-in/", "/sign-in/forgot/", "/healthz", "/readyz"}
    for url in addresses(nest):
        answer = client.get(url)
        if url in public:
            assert answer.status_code == 200, url
        else:
            refused_words = (
                (422,) if url == "/sign-in/with/answer/" else ()
            )  # a provider's answer that nobody asked for
            assert answer.status_code in (302, 401, 404, 405, *refused_words), url
            assert not leaks(client, url)


def test_the_gallery_of_components_is_open_to_administrators_alone(nest, gleb, client):
    role = make_role("worker", {"deal": (Reach.ALL, ["create", "change"])})
    worker = make_user(role=role)
    client.force_login(worker)
    for url in ("/ui/", "/ui/form/", "/ui/options/", "/ui/layer/", "/ui/cell/", "/ui/move/"):
        assert client.get(url).status_code == 403
    assert AuditRecord.objects.filter(kind="refused", actor=worker, is_refused=True).count() == 6
    client.force_login(gleb)
    assert client.get("/ui/").status_code == 200


@pytest.mark.parametrize("lost", ["role", "account"])
def test_an_import_begun_by_somebody_who_lost_the_right_meanwhile_is_not_written(lost, kept, db, happened):
    person = make_user(role=make_role("importer", {"*": (Reach.ALL, ["*"])}))
    run = ImportRun.objects.create(preset="maven-crm", created_by=person, state=ImportRun.State.WRITING)
    if lost == "role":
        Grant.objects.filter(role__users=person).update(verbs=["create", "change"])
    else:
        User.objects.filter(pk=person.pk).update(is_active=False)
    work_on(ImportRun.objects.select_related("created_by").get(pk=run.pk), write=True)
    run.refresh_from_db()
    assert (run.state, happened()) == ("failed", [])
    assert "нет права" in run.trouble
