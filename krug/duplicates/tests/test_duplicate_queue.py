"""The whole base is searched, the pairs wait in a queue, and what was decided is remembered."""

from datetime import date

import pytest

from krug.access.models import Reach
from krug.duplicates.matching.queue import call_distinct, carry_out, start_search, waiting_for, write_pairs
from krug.duplicates.matching.records import in_words
from krug.duplicates.merging.uniting import merge_at_door
from krug.duplicates.models import DuplicatePair, DuplicateSearch
from krug.kernel.errors import NotAllowed, NotFound, Refusal
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.tokens import issue
from krug.parties.testing import make_contact, make_party, make_point, make_requisites

pytestmark = pytest.mark.django_db
NAMES = (
    *("Василёк", "Берёзка", "Гвоздика", "Жасмин", "Ирис", "Колокольчик", "Ландыш", "Мимоза", "Незабудка", "Орхидея"),
    *("Пион", "Резеда", "Сирень", "Тюльпан", "Фиалка", "Хризантема", "Цикламен", "Шалфей", "Эдельвейс", "Ясень"),
)


def fill(owner):
    """Twenty different companies, and one written in two ways."""
    for name in NAMES:
        make_party(name, owner=owner, city="Казань")
    one = make_party("ООО «Ромашка Плюс»", owner=owner, city="Самара")
    two = make_party("Romashka Plus", owner=owner)
    for party in (one, two):
        make_point("+7 846 123-45-67", party=party, owner=owner)
    return one, two


def test_one_company_written_in_two_ways_waits_in_the_queue_with_its_reasons(anna):
    one, two = fill(anna)
    party = get_entity("party")
    assert write_pairs(party) == 1
    pair = waiting_for(party, anna).get()
    assert (pair.one_id, pair.two_id) == (one.pk, two.pk)
    assert in_words(party, pair.reasons) == ["Phone or e-mail: the same", "Name: almost the same"]
    assert write_pairs(party) == 1
    assert DuplicatePair.objects.count() == 1


def test_two_companies_with_inns_of_their_own_are_not_one_though_all_else_agrees(anna):
    one, two = fill(anna)
    for party in (one, two):
        make_requisites(party, owner=anna)
    assert write_pairs(get_entity("party")) == 0


def test_two_branches_under_one_inn_still_look_alike(anna):
    one, two = fill(anna)
    inn = make_requisites(one, owner=anna).inn
    make_requisites(two, owner=anna, inn=inn, kpp="770102001")
    assert write_pairs(get_entity("party")) == 1


def test_what_is_called_distinct_is_not_shown_again(anna):
    fill(anna)
    party = get_entity("party")
    write_pairs(party)
    call_distinct(party, waiting_for(party, anna).get().pk, by=anna)
    write_pairs(party)
    assert not waiting_for(party, anna).exists()


def test_a_merged_pair_leaves_the_queue(anna):
    one, two = fill(anna)
    party = get_entity("party")
    write_pairs(party)
    merge_at_door(party, one.pk, [two.pk], by=anna)
    assert not waiting_for(party, anna).exists()
    assert DuplicatePair.objects.get().state == "merged"


def test_only_who_sees_both_records_sees_the_pair(anna, boris):
    _one, two = fill(anna)
    party = get_entity("party")
    write_pairs(party)
    type(two).objects.filter(pk=two.pk).update(owner=boris)
    assert not waiting_for(party, anna).exists()
    with pytest.raises(NotFound):
        call_distinct(party, DuplicatePair.objects.get().pk, by=boris)
    assert DuplicatePair.objects.get().state == "open"


def test_people_are_one_by_name_and_birthday(anna):
    for name in NAMES:
        make_contact(f"{name}ов Пётр", owner=anna)
    for name in ("Королёва Алёна Сергеевна", "Koroleva Alyona"):
        make_contact(name, owner=anna, birthday=date(1990, 4, 5))
    assert write_pairs(get_entity("contact")) == 1


def test_one_search_at_a_time_and_none_without_the_right(anna):
    party = get_entity("party")
    reader = make_user(role=make_role("reads", {"*": ("all", [])}))
    with pytest.raises(NotAllowed):
        start_search(party, by=reader)
    start_search(party, by=anna)
    with pytest.raises(Refusal):
        start_search(party, by=anna)
    with pytest.raises(Refusal):
        start_search(get_entity("user"), by=anna)
    assert DuplicateSearch.objects.count() == 1


def test_the_job_tells_how_it_ended_and_stops_when_asked(anna):
    fill(anna)
    search = start_search(get_entity("party"), by=anna)
    carry_out(search)
    search.refresh_from_db()
    assert (search.state, search.found, search.done) == ("done", 1, search.total)
    again = start_search(get_entity("party"), by=anna)
    DuplicateSearch.objects.filter(pk=again.pk).update(is_cancelled=True)
    carry_out(again)
    again.refresh_from_db()
    assert again.state == "cancelled"


def test_the_page_shows_the_pair_and_takes_the_decision(anna, client):
    fill(anna)
    write_pairs(get_entity("party"))
    client.force_login(anna)
    page = client.get("/duplicates/?type=party").content.decode()
    assert "Romashka Plus" in page and "merge/?with=" in page
    pair = DuplicatePair.objects.get()
    assert client.post(f"/duplicates/party/{pair.pk}/").status_code == 303
    assert "Romashka Plus" not in client.get("/duplicates/?type=party").content.decode()


def test_the_same_number_speaks_for_one_though_the_names_differ(anna):
    fill(anna)
    one, two = make_party("Альфа", owner=anna), make_party("Омега Трейд", owner=anna)
    inn = make_requisites(one, owner=anna).inn
    make_requisites(two, owner=anna, inn=inn, kpp="770201001")
    write_pairs(get_entity("party"))
    assert (one.pk, two.pk) in set(DuplicatePair.objects.values_list("one_id", "two_id"))


def test_the_menu_of_the_list_leads_to_the_pairs_and_says_how_many(anna, client):
    fill(anna)
    write_pairs(get_entity("party"))
    client.force_login(anna)
    page = client.get("/parties/").content.decode()
    assert "/duplicates/?type=party" in page
    assert "Дубли · 1" in page


def test_nobody_learns_of_a_closed_field_by_the_reasons_of_a_pair_or_by_how_sure_it_is(anna, client):
    one, two = fill(anna)
    write_pairs(get_entity("party"))
    grants = dict.fromkeys(("party", "contact", "requisites"), (Reach.OWN, ["*"]))
    anna.roles.set([make_role("covered", {**grants, "contact-point": (Reach.OWN, ["change"])})])
    client.force_login(anna)
    page = client.get("/duplicates/?type=party").content.decode()
    assert "Romashka Plus" in page and "Телефон или" not in page and "\N{NO-BREAK SPACE}%" not in page
    answer = client.get("/api/v1/parties/duplicates/", headers={"Authorization": f"Bearer {issue(anna).text}"})
    [pair] = answer.json()["results"]
    assert (pair["records"], pair["score"], len(pair["reasons"])) == ([one.pk, two.pk], None, 1)


def test_a_program_reads_the_queue_and_decides(anna, boris, client):
    one, two = fill(anna)
    write_pairs(get_entity("party"))
    token, other = ({"Authorization": f"Bearer {issue(who).text}"} for who in (anna, boris))
    answer = client.get("/api/v1/parties/duplicates/", headers=token).json()
    [pair] = answer["results"]
    assert (answer["count"], pair["records"], len(pair["reasons"])) == (1, [one.pk, two.pk], 2) and pair["score"] > 0.9
    assert client.get("/api/v1/parties/duplicates/", headers=other).json() == {"results": [], "count": 0}
    address = f"/api/v1/parties/duplicates/{pair['id']}/distinct/"
    send = {"data": "{}", "content_type": "application/json"}
    assert client.post(address, **send, headers=other).status_code == 404
    assert DuplicatePair.objects.get().state == "open"
    assert client.post(address, **send, headers=token).json() == {"id": pair["id"]}
    assert DuplicatePair.objects.get().state == "distinct"
