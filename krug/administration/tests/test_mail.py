"""Letters of the house: a real server takes them, each goes out once, nothing is smuggled into a heading."""

from __future__ import annotations

import email
import re
import socket
import ssl
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.core import signing
from procrastinate.contrib.django.models import ProcrastinateJob

from krug.access.models import User
from krug.administration.actions.invitations import AGAIN, FIRST_TIME, SALT, forgot_password, invite_person
from krug.administration.actions.mail import (
    claim_letter,
    describe_mail_server,
    give_up_lost,
    mail_server,
    owe_letter,
    way_out,
)
from krug.administration.actions.people import deactivate_person
from krug.administration.jobs import TRIES, send_letter
from krug.administration.models import Letter
from krug.administration.smtp import NotTaken, Words, hand_over, letter
from krug.administration.testing import make_invited
from krug.kernel.errors import Invalid, Refusal, TooMany
from krug.kernel.journal.models import AuditRecord

pytestmark = pytest.mark.django_db


class Box:
    """What a real mail server has taken."""

    def __init__(self) -> None:
        self.taken, self.answer = [], "250 OK"

    async def handle_DATA(self, server, session, envelope):  # the library's name
        if self.answer.startswith("250"):
            self.taken.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=default)))
        return self.answer


class Context:
    """What the queue tells a job of itself."""

    def __init__(self, attempts: int = 0) -> None:
        self.job = self
        self.attempts = attempts


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def server(box, settings):
    """A mail server on this machine, which whoever runs Krug has allowed by name."""
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.KRUG_OUTGOING_ALLOWED = [f"127.0.0.1:{controller.port}"]
    yield controller
    controller.stop()


def connect(server, gleb, **more):
    values = {"host": "127.0.0.1", "port": server.port, "security": "none", "sender": "crm@volna.example"}
    return describe_mail_server(
        values | {"login": "", "sender_name": "Волна"} | more, password="", forget_password=False, by=gleb
    )


@pytest.fixture
def connected(server, gleb):
    return connect(server, gleb)


def send_owed(attempts: int = 0) -> None:
    for pk in Letter.objects.filter(state="waiting").values_list("pk", flat=True):
        send_letter.func(Context(attempts), pk)


def link_in(message) -> str:
    return re.search(r"http://\S+/join/(\S+)/", message.get_body(("plain",)).get_content())[1]


@pytest.mark.parametrize(("language", "subject"), [("ru", "Вас приглашают в Krug"), ("en", "You are invited to Krug")])
def test_an_invitation_goes_out_in_the_language_of_the_invited(connected, gleb, box, client, language, subject):
    person = make_invited("new@volna.example", given_name="Ольга", surname="Новая", language=language)
    invite_person(person, by=gleb)
    assert box.taken == []
    send_owed()
    [(to, message)] = box.taken
    assert (to, message["Subject"]) == (["new@volna.example"], subject)
    assert (message["From"], message["To"]) == ("Волна <crm@volna.example>", "Новая Ольга <new@volna.example>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    secret = link_in(message)
    assert f"/join/{secret}/" in message.get_body(("html",)).get_content()
    assert client.post(f"/join/{secret}/", {"password": "mountains without echo"}).status_code == 303
    assert client.get("/me/").status_code == 200
    assert client.get(f"/join/{secret}/").status_code == 404
    assert Letter.objects.get().state == "sent"


def test_a_letter_goes_out_once_however_often_its_job_runs(connected, gleb, box):
    invite_person(make_invited("new@volna.example"), by=gleb)
    pk = Letter.objects.get().pk
    assert ProcrastinateJob.objects.filter(task_name="send_letter", args={"letter": pk}).count() == 1
    for _number in range(3):
        send_letter.func(Context(), pk)
    assert len(box.taken) == 1


def test_nothing_is_owed_when_the_transaction_is_taken_back(connected, gleb, box):
    from django.db import transaction

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        invite_person(make_invited("new@volna.example"), by=gleb)
        raise ZeroDivisionError
    assert not Letter.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name="send_letter").exists()


def test_without_a_server_the_link_is_shown_and_no_letter_is_owed(gleb, client):
    person = make_invited("new@volna.example")
    client.force_login(gleb)
    page = client.post(f"/users/{person.pk}/invite/").content.decode()
    assert "/join/" in page and "Письмо со ссылкой" not in page
    assert not Letter.objects.exists()
    assert "Почта не подключена." in client.get("/settings/mail/").content.decode()


def test_an_invitation_lives_72_hours_and_a_reset_60_minutes(gleb, anna):
    assert (FIRST_TIME.total_seconds(), AGAIN.total_seconds()) == (72 * 3600, 60 * 60)


def test_a_forgotten_password_is_answered_alike_and_only_who_is_known_gets_a_letter(connected, anna, box, client):
    answers = [
        client.post("/sign-in/forgot/", {"email": each}).content.decode()
        for each in ("anna@example.org", "nobody@example.org")
    ]
    blank = [re.sub(r'nonce="[^"]+"|[A-Za-z0-9]{64}|value="[^"]*"', "", answer) for answer in answers]
    assert blank[0] == blank[1] and "an e-mail with a link is on its way" in blank[0]
    send_owed()
    [(to, message)] = box.taken
    assert (to, message["Subject"]) == (["anna@example.org"], "Новый пароль для Krug")
    answer = client.post(f"/join/{link_in(message)}/", {"password": "mountains without echo"})
    assert answer.status_code == 303
    anna.refresh_from_db()
    assert anna.check_password("mountains without echo")
    assert client.get(f"/join/{link_in(message)}/").status_code == 404


def test_whoever_was_sent_away_gets_no_letter(connected, anna, gleb, box):
    forgot_password("anna@example.org", address=None)
    deactivate_person(anna, by=gleb)
    forgot_password("anna@example.org", address=None)
    send_owed()
    assert box.taken == []
    assert [each.state for each in Letter.objects.all()] == ["failed"]


def test_asking_for_links_is_counted_and_does_not_shut_the_door_of_the_person(connected, anna, client):
    for _number in range(5):
        forgot_password("anna@example.org", address="203.0.113.9")
    with pytest.raises(TooMany):
        forgot_password("ANNA@example.org", address="203.0.113.9")
    assert Letter.objects.count() == 5
    answer = client.post("/sign-in/", {"email": "anna@example.org", "password": "krug and nothing else"})
    assert answer.status_code == 303


@pytest.mark.parametrize("mark", ["\r\nBcc: evil@example.org", "\nX: y", "\0"])
def test_no_line_break_gets_into_a_heading(connected, gleb, mark, box):
    way, words = way_out(), Words("Subject", "text", "<p>text</p>")
    for to, name, said in (
        (f"a@example.org{mark}", "Anna", words),
        ("a@example.org", f"Anna{mark}", words),
        ("a@example.org", "Anna", Words(f"Subject{mark}", "text", "")),
    ):
        with pytest.raises(Refusal):
            letter(way, to, name, said)
    for name in ("host", "login", "sender", "sender_name"):
        with pytest.raises(Invalid):
            describe_mail_server({name: f"x{mark}"}, password="", forget_password=False, by=gleb)
    assert mail_server().sender_name == "Волна"


def test_the_text_of_a_letter_is_escaped_on_its_page(connected, gleb, box):
    person = make_invited("new@volna.example", given_name='<img src="x">', language="en")
    invite_person(person, by=gleb)
    send_owed()
    assert "<img" not in box.taken[0][1].get_body(("html",)).get_content()


def test_a_server_that_is_busy_is_asked_again_and_one_that_says_no_is_not(connected, gleb, box):
    box.answer = "451 later"
    owe_letter("test", gleb)
    with pytest.raises(NotTaken):
        send_owed()
    assert Letter.objects.get().state == "waiting"
    with pytest.raises(NotTaken):
        send_owed(attempts=TRIES - 2)
    send_owed(attempts=TRIES - 1)
    assert (Letter.objects.get().state, Letter.objects.get().trouble) == (
        "failed",
        "The mail server refused the letter.",
    )
    box.answer = "550 no"
    owe_letter("test", gleb)
    send_owed()
    assert Letter.objects.order_by("-pk").first().state == "failed"
    assert box.taken == []


def test_a_letter_whose_worker_died_is_not_sent_again(connected, gleb, box):
    from datetime import timedelta

    from django.utils import timezone

    owe_letter("test", gleb)
    claim_letter(Letter.objects.get().pk)
    assert give_up_lost(timezone.now()) == 0
    assert give_up_lost(timezone.now() + timedelta(minutes=11)) == 1
    send_owed()
    assert box.taken == [] and Letter.objects.get().state == "failed"


def test_a_server_inside_that_was_not_allowed_is_not_reached(connected, gleb, box, settings):
    settings.KRUG_OUTGOING_ALLOWED = []
    owe_letter("test", gleb)
    send_owed(attempts=TRIES - 1)
    assert box.taken == []
    assert "can not be reached from here" in Letter.objects.get().trouble


def test_the_password_is_locked_never_shown_and_left_alone_by_an_empty_field(connected, gleb, client):
    client.force_login(gleb)
    sent = {
        "host": "smtp.example.org",
        "port": "587",
        "security": "starttls",
        "login": "crm",
        "sender": "a@example.org",
    }
    client.post("/settings/mail/", sent | {"password": "pa55 of the server"})
    kept = mail_server().secret
    assert way_out().password == "pa55 of the server" and "pa55" not in kept
    assert "pa55" not in client.get("/settings/mail/").content.decode() + str(list(AuditRecord.objects.values()))
    client.post("/settings/mail/", sent | {"port": "465"})
    assert (way_out().password, way_out().port) == ("pa55 of the server", 465)
    client.post("/settings/mail/", sent | {"forget_password": "true"})
    assert way_out().password == ""
    assert client.post("/settings/mail/", sent | {"port": "x"}).status_code == 422


@pytest.mark.parametrize("elsewhere", [{"host": "other.example.org"}, {"security": "none"}])
def test_the_password_goes_to_no_other_server_and_not_in_the_open(connected, gleb, elsewhere):
    told = {"host": "smtp.example.org", "security": "starttls", "login": "crm"}
    describe_mail_server(told, password="of the server", forget_password=False, by=gleb)
    with pytest.raises(Refusal) as no:
        describe_mail_server(elsewhere, password="", forget_password=False, by=gleb)
    assert no.value.field == "password"
    assert (way_out().host, way_out().security) == ("smtp.example.org", "starttls")
    describe_mail_server(elsewhere, password="", forget_password=True, by=gleb)
    assert way_out().password == ""


def test_only_who_may_change_the_company_sees_the_page(anna, client):
    from krug.kernel.testing.cast import make_role, make_user

    client.force_login(make_user(role=make_role("nobody", {"deal": ("all", ["*"])})))
    assert client.get("/settings/mail/").status_code == 403
    assert client.post("/settings/mail/test/").status_code == 403


def test_the_test_button_sends_a_letter_to_oneself(connected, gleb, client, box):
    client.force_login(gleb)
    assert client.post("/settings/mail/test/").status_code == 303
    send_owed()
    assert box.taken[0][0] == ["gleb@example.org"]
    assert "Проверочное письмо" in client.get("/settings/mail/").content.decode()


def certificate(folder, name):
    """A certificate that this test signs for itself."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, named = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]),
    )
    made = (
        x509.CertificateBuilder().subject_name(named).issuer_name(named).public_key(key.public_key())
        .serial_number(1).not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.mark.parametrize(
    ("security", "is_trusted"), [("starttls", True), ("tls", True), ("starttls", False), ("tls", False)]
)
def test_the_connection_is_encrypted_and_the_certificate_looked_at(
    security, is_trusted, gleb, box, tmp_path, settings, monkeypatch
):
    context = certificate(tmp_path, "localhost")
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    seen = []

    def login(server, session, envelope, mechanism, data):
        seen.append((session.ssl is not None, data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)

    kind = {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    controller = Controller(
        box, hostname="localhost", port=free_port(), authenticator=login, auth_require_tls=security != "tls", **kind
    )
    controller.start()
    settings.KRUG_OUTGOING_ALLOWED = [f"localhost:{controller.port}"]
    try:
        connect(controller, gleb, host="localhost", security=security, login="crm")
        describe_mail_server({}, password="right", forget_password=False, by=gleb)
        message = letter(way_out(), "a@example.org", "Anna", Words("Hello", "text", "<p>text</p>"))
        if not is_trusted:
            with pytest.raises(NotTaken):
                hand_over(way_out(), message)
            assert seen == [] and box.taken == []
            return
        hand_over(way_out(), message)
        assert seen[0][1:] == (b"crm", b"right") and len(box.taken) == 1
        describe_mail_server({}, password="wrong", forget_password=False, by=gleb)
        with pytest.raises(NotTaken) as no:
            hand_over(way_out(), message)
        assert not no.value.again
    finally:
        controller.stop()


def test_a_link_holds_the_number_of_the_person_and_dies_with_another_e_mail(connected, gleb, anna, box, client):
    forgot_password("anna@example.org", address=None)
    send_owed()
    secret = link_in(box.taken[0][1])
    assert signing.loads(secret, salt=SALT)[0] == anna.pk
    User.objects.filter(pk=anna.pk).update(email="other@example.org")
    assert client.get(f"/join/{secret}/").status_code == 404


def test_the_page_tells_who_changed_it_last_and_offers_no_way_back_for_what_is_locked(connected, gleb, client):
    client.force_login(gleb)
    page = client.get("/settings/mail/").content.decode()
    assert "Громов" in page.partition('id="letters"')[2]
    assert "/undo/" not in page
