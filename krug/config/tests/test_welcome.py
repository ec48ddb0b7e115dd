"""The first page of an empty installation works for exactly one person."""

from __future__ import annotations

import pytest

from krug.access.models import User
from krug.administration.models import Company
from krug.config.serving import first_run
from krug.sales.models import Deal, LossReason

pytestmark = pytest.mark.django_db
SENT = {
    "name": "Северный ветер",
    "currency": "RUB",
    "timezone": "Europe/Moscow",
    "language": "ru",
    "person": "Громов Глеб Андреевич",
    "email": "gleb@example.org",
    "password": "восемь синих слонов",
    "beginning": "import",
}


@pytest.fixture
def link(settings, tmp_path) -> str:
    settings.DATA = tmp_path
    return first_run.make_link(tmp_path, "")


def people() -> list[str]:
    return list(User.objects.filter(is_system=False).values_list("email", flat=True))


def test_the_first_administrator_describes_the_company_and_is_in(link, client):
    asked = client.get(link).content.decode()
    assert "Выберите язык" in asked and "Choose a language" in asked and 'name="password"' not in asked
    client.cookies["language"] = "ru"
    assert "Добро пожаловать" in client.get(link).content.decode()
    answer = client.post(link, SENT)
    assert (answer.status_code, answer["Location"]) == (303, "/settings/invite/?then=import")
    assert Company.objects.get().name == "Северный ветер"
    first = User.objects.get(email="gleb@example.org")
    assert (first.surname, first.given_name, first.language) == ("Громов", "Глеб", "ru")
    assert [role.code for role in first.roles.all()] == ["administrator"]
    assert client.get("/settings/audit/").status_code == 200


def test_a_new_company_sells_at_once_in_its_own_currency(link, client):
    client.post(link, SENT | {"currency": "USD"})
    answer = client.post("/deals/new/", {"name": "Первая сделка"})
    assert answer.status_code == 303, answer.content.decode()
    deal = Deal.objects.get()
    assert (deal.stage.name_ru, deal.owner.email) == ("Интерес", "gleb@example.org")
    assert deal.pipeline_version.pipeline.currency == "USD"
    assert LossReason.objects.filter(requires_competitor=True).exists()


def test_the_link_works_once(link, client):
    client.post(link, SENT)
    assert client.get(link).status_code == 404
    assert client.post(link, SENT | {"email": "second@example.org"}).status_code == 404
    assert people() == ["gleb@example.org"]


@pytest.mark.parametrize(
    "wrong",
    [{"password": "short"}, {"email": "nonsense"}, {"name": ""}, {"timezone": "Mars/Base"}, {"currency": "XXX"}],
)
def test_a_fault_costs_neither_the_link_nor_what_was_typed(link, client, wrong):
    answer = client.post(link, SENT | wrong)
    assert answer.status_code == 422
    assert "Громов Глеб Андреевич" in answer.content.decode()
    assert "восемь синих слонов" not in answer.content.decode()
    assert people() == []
    assert not Company.objects.exists()
    assert client.post(link, SENT).status_code == 303


def test_a_made_up_link_opens_nothing(link, client):
    assert client.get("/welcome/anything/").status_code == 404
    assert client.post("/welcome/anything/", SENT).status_code == 404
    assert people() == []


def test_a_house_with_people_is_not_founded_again(link, client, anna):
    assert client.post(link, SENT).status_code == 422
    assert people() == [anna.email]
