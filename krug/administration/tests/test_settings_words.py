"""Settings speak of people, roles and objects by their names, and are found by them."""

from django.utils.translation import override

from krug.access.models import Grant, Reach, Role
from krug.administration.screens.audit import objects_in
from krug.administration.settings_search import find_settings
from krug.administration.testing import make_attribute
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


def test_a_list_of_the_settings_and_its_records_begin_their_trail_with_the_settings(gleb, boris, client):
    client.force_login(gleb)
    attribute = make_attribute("Этажность", kind="number", by=gleb)
    for address, last in (
        ("/users/", "Сотрудники"),
        (f"/users/{boris.pk}/edit/", "Править"),
        ("/loss-reasons/new/", "Новая причина проигрыша"),
        (f"/attributes/{attribute.pk}/edit/", "Править"),
        ("/webhook-deliveries/", "Сообщения вебхукам"),
        ("/pipeline-versions/", "Версии воронок"),
    ):
        page = client.get(address, headers={"Accept-Language": "ru"}).content.decode()
        trail = page.split('<nav class="breadcrumbs"')[1].split("</nav>")[0]
        assert '<li><a href="/settings/">Настройки</a></li>' in trail.partition("</li>")[0] + "</li>", address
        assert f'aria-current="page">{last}</span>' in trail, address


def test_a_refused_form_keeps_the_whole_trail(gleb, client):
    client.force_login(gleb)
    asked = {"HX-Request": "true", "HX-Target": "form", "Accept-Language": "ru"}
    answer = client.post("/opened-hosts/new/", {"host": "*.local"}, headers=asked)
    assert answer.status_code == 422
    assert '<li><a href="/settings/">Настройки</a></li>' in answer.content.decode()


def test_the_fields_of_a_type_are_listed_with_what_is_personal_among_them(gleb, client):
    make_attribute("Этажность", kind="number", by=gleb)
    client.force_login(gleb)
    page = client.get("/settings/attributes/party/", headers={"Accept-Language": "ru"})
    assert page.status_code == 200
    assert ">Этажность</a>" in page.content.decode()
    assert "Персональные данные" not in page.content.decode()


def test_the_details_of_a_field_open_though_nothing_was_said_of_personal_data(gleb, client):
    attribute = make_attribute("Этажность", kind="number", by=gleb)
    made_before = {name: value for name, value in attribute.settings.items() if name != "personal"}
    type(attribute).objects.filter(pk=attribute.pk).update(settings={"unit": "", "places": 0, **made_before})
    client.force_login(gleb)
    page = client.get(f"/settings/attributes/fields/{attribute.pk}/details/")
    assert page.status_code == 200
    assert 'name="personal" value="true"' in page.content.decode()


def test_a_list_that_stands_in_the_menu_itself_has_no_trail(gleb, client):
    client.force_login(gleb)
    assert 'class="breadcrumbs"' not in client.get("/parties/").content.decode()


def test_the_audit_tells_which_settings_were_changed_by_the_labels_of_their_fields(gleb, client):
    audit("mail.described", actor=gleb, data={"fields": ["host", "sender_name"]})
    audit("key.issued", actor=gleb, object=f"user:{gleb.pk}", data={"prefix": "krug_abc", "scopes": ["deal:view"]})
    audit("export", actor=gleb, object="deal", data={"q": "", "format": "csv"})
    client.force_login(gleb)
    page = client.get("/settings/audit/", headers={"Accept-Language": "ru"}).content.decode()
    assert "поля: сервер, имя отправителя" in page
    assert "области: deal:view" in page
    assert ">Сделки</td>" in page and "формат: csv" in page
    assert "sender_name" not in page and "scopes" not in page and "поиск:" not in page


def test_the_form_of_an_added_field_offers_objects_by_their_names(gleb, client):
    attribute = make_attribute("Этажность", kind="number", by=gleb)
    client.force_login(gleb)
    page = client.get(f"/attributes/{attribute.pk}/edit/", headers={"Accept-Language": "ru"}).content.decode()
    assert '<option value="party" selected>Клиенты</option>' in page


def test_the_form_of_a_new_field_with_a_list_begins_with_an_empty_list(gleb, client):
    client.force_login(gleb)
    page = client.get("/settings/attributes/party/new/?kind=choice").content.decode()
    values = page.split('name="values"')[1].split("</textarea>")[0]
    assert values.endswith(">")


def test_sending_somebody_away_says_what_follows(gleb, boris, client):
    client.force_login(gleb)
    page = client.get(f"/users/{boris.pk}/deactivate/", headers={"Accept-Language": "ru"}).content.decode()
    assert "Сотрудник сразу выйдет на всех устройствах, его ключи для программ перестанут действовать." in page
