"""The audit record speaks of people and roles by their names, as far as whoever looks may know them."""

from krug.access.models import Role
from krug.administration.screens.audit import objects_in
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
