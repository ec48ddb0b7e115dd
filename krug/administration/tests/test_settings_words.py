"""Settings speak of people, roles and objects by their names, and are found by them."""

from django.utils.translation import override

from krug.access.models import Grant, Reach, Role
from krug.administration.screens.audit import objects_in
from krug.administration.settings_search import find_settings
from krug.kernel.journal.auditing import audit


def test_the_audit_page_names_people_and_roles_and_leads_to_them(gleb, boris, client):
    role = Role.objects.create(code="night-watch", name_ru="Ночная смена", name_en="Night watch")
    audit("role.given", actor=gleb, object=f"user:{boris.pk}", data={"role": role.code})
    client.force_login(gleb)
    page = client.get("/settings/audit/?kind=role.given").content.decode()
    assert f'<a href="/users/{boris.pk}/">' in page
    assert f"user:{boris.pk}" not in page
    assert role.name in page
    assert "night-watch" not in page


def test_an_object_that_is_gone_or_no_record_keeps_its_written_form(gleb):
    assert objects_in(["user:999999999", "company:1", "/deals/", ""], gleb) == {}


def test_roles_stand_under_the_settings_in_the_menu(gleb, client):
    client.force_login(gleb)
    page = client.get("/roles/").content.decode()
    line = next(part for part in page.split("<a ") if 'href="/settings/"' in part and "nav-link" in part)
    assert 'aria-current="page"' in line.split(">")[0]


def test_the_settings_find_the_roles_by_one_role(gleb):
    assert "/roles/" in [place.url for place in find_settings("роль", gleb).places]
    assert "/roles/" in [place.url for place in find_settings("role", gleb).places]


def test_a_role_that_grants_everything_does_not_say_that_it_grants_nothing(gleb, client):
    client.force_login(gleb)
    all_granted = Role.objects.create(code="all", name_ru="Всё", name_en="All")
    Grant.objects.create(role=all_granted, entity="*", reach=Reach.ALL, verbs=["*"])
    empty = Role.objects.create(code="empty", name_ru="Пусто", name_en="Empty")
    with override("ru"):
        pages = [
            client.get(f"/roles/{role.pk}/grants/", headers={"Accept-Language": "ru"}).content.decode()
            for role in (all_granted, empty)
        ]
    assert ["как указано в строке «Всё»" in page for page in pages] == [True, False]
