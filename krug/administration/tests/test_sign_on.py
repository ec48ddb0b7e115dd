"""Single sign-on against running providers: an honest one from a library, and one of our own that lies when told to."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey

from krug.access.models import Role, Session, User
from krug.administration.actions.invitations import invite_person
from krug.administration.actions.people import deactivate_person
from krug.administration.actions.second_step import steps_of
from krug.administration.actions.sign_on import describe_provider, part_identity, secret_of
from krug.administration.models import Identity, Provider
from krug.administration.openid import forget_services
from krug.administration.testing import make_invited
from krug.kernel.errors import NotAllowed, Refusal
from krug.kernel.journal.models import AuditRecord
from krug.kernel.testing.cast import administrator_role, make_role, make_user, seller_role

PASSWORD = "krug and nothing else"
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture(scope="module")
def service():
    """A provider from a library, running on this machine."""
    users = [
        oidc_provider_mock.User(
            sub="ivan-17",
            claims={
                "email": "ivan@volna.example",
                "email_verified": True,
                "given_name": "Иван",
                "family_name": "Новый",
            },
        ),
        oidc_provider_mock.User(sub="unproved", claims={"email": "un@volna.example", "email_verified": False}),
        oidc_provider_mock.User(sub="stranger", claims={"email": "x@elsewhere.example", "email_verified": True}),
        oidc_provider_mock.User(sub="twin", claims={"email": "anna@example.org", "email_verified": True}),
    ]
    with oidc_provider_mock.run_server_in_thread(require_nonce=True, user_claims=users) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture(autouse=True)
def asked_anew():
    """No test knows what a provider told the one before."""
    forget_services()
    yield
    forget_services()


@pytest.fixture
def provider(service, gleb, settings):
    settings.KRUG_OUTGOING_ALLOWED = [urlsplit(service).netloc]
    return give(service, gleb)


def give(issuer, gleb, **more) -> Provider:
    values = {"name": "Keycloak", "issuer": issuer, "client": "krug", "role": seller_role(), "domains": "volna.example"}
    return describe_provider(Provider(), values | more, secret="a secret of ours", by=gleb)


def through(client, provider, sub, start="") -> object:
    """To the provider, say there who one is, and back."""
    away = client.get(start or f"/sign-in/with/{provider.pk}/?next=/deals/")
    assert away.status_code == 302 and away["Location"].startswith(provider.issuer), away.content.decode()[:2000]
    back = httpx.post(away["Location"], data={"sub": sub}).headers["Location"]
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")


def is_in(client) -> bool:
    return client.get("/me/").status_code == 200


def test_somebody_new_of_the_company_comes_in_with_the_role_of_new_people(provider, client):
    answer = through(client, provider, "ivan-17")
    assert (answer.status_code, answer["Location"]) == (303, "/deals/")
    assert is_in(client)
    ivan = User.objects.get(email="ivan@volna.example")
    assert (ivan.given_name, ivan.surname, [role.code for role in ivan.roles.all()]) == (
        "Иван",
        "Новый",
        ["test-seller"],
    )
    assert not ivan.has_usable_password()
    identity = Identity.objects.get()
    assert (identity.user, identity.issuer, identity.subject) == (ivan, provider.issuer, "ivan-17")
    assert AuditRecord.objects.get(kind="sign-in").object == "sign-on"
    client.post("/sign-out/")
    page = client.get("/sign-in/").content.decode()
    assert f"{provider.issuer}/oauth2/end_session?client_id=krug" in page
    assert (
        through(client, provider, "ivan-17").status_code == 303 and User.objects.filter(source="sign-on").count() == 1
    )


@pytest.mark.parametrize("sub", ["unproved", "stranger"])
def test_without_a_proved_e_mail_of_the_company_nobody_new_comes_in(provider, client, sub):
    before = User.objects.count()
    assert through(client, provider, sub).status_code == 422
    assert not is_in(client) and User.objects.count() == before and not Identity.objects.exists()


def test_where_only_invited_people_come_in_nobody_new_does(service, gleb, client, settings):
    settings.KRUG_OUTGOING_ALLOWED = [urlsplit(service).netloc]
    assert through(client, give(service, gleb, role=None), "ivan-17").status_code == 422
    assert not is_in(client) and not Identity.objects.exists()


def test_the_same_e_mail_is_not_yet_the_same_person(provider, anna, client):
    answer = through(client, provider, "twin")
    assert answer.status_code == 422 and "works here already" in answer.content.decode()
    assert not is_in(client) and not Identity.objects.exists()


def test_both_sides_proved_the_account_is_connected_and_then_opens_the_door(provider, anna, client):
    client.force_login(anna)
    assert client.get(f"/me/accounts/{provider.pk}/connect/")["Location"].startswith("/me/confirm/")
    client.post("/me/confirm/", {"current": PASSWORD})
    assert through(client, provider, "twin", f"/me/accounts/{provider.pk}/connect/").status_code == 303
    assert Identity.objects.get().user == anna
    client.post("/sign-out/")
    assert through(client, provider, "twin").status_code == 303
    assert is_in(client)
    client.post(f"/me/accounts/{Identity.objects.get().pk}/part/")
    assert not Identity.objects.exists()


def test_an_invitation_is_the_proof_of_this_side(provider, gleb, client):
    person = make_invited("twin@other.example")
    secret = invite_person(person, by=gleb)
    assert "/sign-in/with/" in client.get(f"/join/{secret}/").content.decode()
    through(client, provider, "stranger", f"/sign-in/with/{provider.pk}/?join={secret}")
    assert Identity.objects.get().user == person and is_in(client)


def test_an_invitation_that_connected_an_account_is_over(provider, gleb, client):
    secret = invite_person(make_invited("twin@other.example"), by=gleb)
    through(client, provider, "stranger", f"/sign-in/with/{provider.pk}/?join={secret}")
    assert client.get(f"/join/{secret}/").status_code == 404


def test_the_secret_goes_to_no_other_service(provider, gleb):
    with pytest.raises(Refusal) as no:
        describe_provider(provider, {"issuer": "https://other.example"}, secret="", by=gleb)
    provider.refresh_from_db()
    assert (no.value.field, provider.issuer == "https://other.example") == ("secret", False)
    describe_provider(provider, {"issuer": "https://other.example"}, secret="another", by=gleb)
    assert secret_of(provider) == "another"


def test_an_invitation_that_is_over_connects_nothing(provider, gleb, client):
    away = client.get(f"/sign-in/with/{provider.pk}/?join=nonsense")
    back = urlsplit(httpx.post(away["Location"], data={"sub": "stranger"}).headers["Location"])
    assert client.get(f"{back.path}?{back.query}").status_code == 404
    assert not Identity.objects.exists() and not is_in(client)


def test_an_account_of_another_is_not_taken_over(provider, anna, boris, client):
    Identity.objects.create(user=boris, issuer=provider.issuer, subject="twin")
    client.force_login(anna)
    client.post("/me/confirm/", {"current": PASSWORD})
    assert through(client, provider, "twin", f"/me/accounts/{provider.pk}/connect/").status_code == 422
    assert Identity.objects.get().user == boris


def test_the_second_step_is_asked_after_single_sign_on_too(provider, anna, client):
    import pyotp

    from krug.administration.actions.second_step import begin_app, confirm_app

    secret = begin_app(anna)
    confirm_app(anna, pyotp.TOTP(secret).now())
    assert steps_of(anna)
    Identity.objects.create(user=anna, issuer=provider.issuer, subject="twin")
    assert through(client, provider, "twin")["Location"] == "/sign-in/code/"
    assert not is_in(client) and not Session.objects.filter(user=anna).exists()


def test_whoever_was_sent_away_does_not_come_in_by_an_account_elsewhere(provider, anna, gleb, client):
    Identity.objects.create(user=anna, issuer=provider.issuer, subject="twin")
    deactivate_person(anna, by=gleb)
    assert through(client, provider, "twin").status_code == 422
    assert not is_in(client)


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(provider, client):

    away = client.get(f"/sign-in/with/{provider.pk}/")
    back = urlsplit(httpx.post(away["Location"], data={"sub": "ivan-17"}).headers["Location"])
    stranger = Client()
    assert stranger.get(f"{back.path}?{back.query}").status_code == 422
    assert client.get(f"{back.path}?{back.query.replace('state=', 'state=x')}").status_code == 422
    assert client.get(f"{back.path}?{back.query}").status_code == 422
    assert not is_in(client) and not is_in(stranger) and not Identity.objects.exists()


def test_a_provider_that_is_off_or_not_allowed_or_not_there_opens_nothing(provider, client, settings, gleb):
    settings.KRUG_OUTGOING_ALLOWED = []
    assert client.get(f"/sign-in/with/{provider.pk}/").status_code == 422
    describe_provider(provider, {"is_on": False}, secret="", by=gleb)
    assert client.get(f"/sign-in/with/{provider.pk}/").status_code == 404
    assert "Keycloak" not in client.get("/sign-in/").content.decode()


def test_the_secret_is_locked_never_shown_and_left_alone_by_an_empty_field(provider, gleb, client):
    client.force_login(gleb)
    assert "a secret of ours" not in provider.secret
    assert "a secret of ours" not in client.get(f"/settings/sign-on/{provider.pk}/").content.decode()
    sent = {"name": "SSO", "issuer": provider.issuer, "client": "krug", "domains": "volna.example", "is_on": "true"}
    assert client.post(f"/settings/sign-on/{provider.pk}/", sent).status_code == 303
    provider.refresh_from_db()
    assert (provider.name, provider.role, secret_of(provider)) == ("SSO", None, "a secret of ours")
    assert "secret of ours" not in str(list(AuditRecord.objects.values()))


def test_nobody_brings_people_in_with_more_rights_than_his_own(gleb, db):
    lesser = make_user(role=make_role("company-keeper", {"company": ("all", ["change"]), "role": ("all", [])}))
    with pytest.raises(NotAllowed):
        give("https://login.example.org", lesser, role=administrator_role())
    with pytest.raises(Refusal):
        give("http://login.example.org", gleb)
    with pytest.raises(Refusal):
        give("https://login.example.org", gleb, domains="")
    assert not Provider.objects.exists()


def test_the_only_way_in_is_not_cut(provider, client):
    through(client, provider, "ivan-17")
    ivan = User.objects.get(email="ivan@volna.example")
    with pytest.raises(Refusal):
        part_identity(ivan, Identity.objects.get().pk)
    assert Identity.objects.count() == 1


@cache
def key() -> RSAKey:
    """The provider's key, made once for all tests."""
    return RSAKey.generate_key(2048, parameters={"kid": "1"})


class Liar:
    """A provider that checks what it is sent as the standard says, and answers what it is told to."""

    def __init__(self) -> None:
        self.key, self.shown = key(), {}
        self.claims, self.header, self.issuer_told = {}, {"alg": "RS256", "kid": "1"}, ""
        self.signed_by, self.checked, self.asked = self.key, [], 0
        liar = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):  # the library's name
                self.tell(liar.config() if "well-known" in self.path else {"keys": [liar.key.as_dict(private=False)]})

            def do_POST(self):  # the library's name
                sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.tell(liar.token(sent, self.headers.get("Authorization", "")))

            def tell(self, what):
                body = json.dumps(what).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *given):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def config(self):
        self.asked += 1
        doors = {name: f"{self.url}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        return {"issuer": self.issuer_told or self.url, **doors}

    def token(self, sent, authorization):
        proof = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"][0].encode()).digest()).rstrip(b"=")
        assert proof.decode() == self.shown["code_challenge"]
        assert base64.b64decode(authorization.removeprefix("Basic ")) == b"krug:a+secret+of+ours"
        now = int(time.time())
        right = {
            "iss": self.url,
            "aud": "krug",
            "sub": "ivan-17",
            "iat": now,
            "exp": now + 60,
            "nonce": self.shown["nonce"],
        }
        claims = right | {"email": "ivan@volna.example", "email_verified": True} | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        return {"id_token": jwt.encode(self.header, claims, self.signed_by, algorithms=["RS256", "HS256", "none"])}


@pytest.fixture
def liar(settings):
    liar = Liar()
    settings.KRUG_OUTGOING_ALLOWED = [urlsplit(liar.url).netloc]
    yield liar
    liar.server.shutdown()
    liar.server.server_close()


def answer_of(liar, client, gleb):
    provider = give(liar.url, gleb)
    away = client.get(f"/sign-in/with/{provider.pk}/")
    liar.shown = {name: values[0] for name, values in parse_qs(urlsplit(away["Location"]).query).items()}
    return client.get("/sign-in/with/answer/", {"state": liar.shown["state"], "code": "c"})


def test_the_truth_is_believed(liar, client, gleb):
    assert answer_of(liar, client, gleb).status_code == 303
    assert is_in(client)
    assert liar.shown["code_challenge_method"] == "S256" and len(liar.shown["nonce"]) >= 43


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["krug", "another"]},
        {"azp": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"sub": None},
        {"sub": 17},
        {"sub": ""},
        {"iat": None},
    ],
)
def test_a_lie_in_the_statement_is_not_believed(liar, client, gleb, lie):
    liar.claims = lie
    assert answer_of(liar, client, gleb).status_code == 422
    assert not is_in(client) and not Identity.objects.exists() and not User.objects.filter(source="sign-on").exists()
    assert AuditRecord.objects.filter(kind="sign-in.failed", object="sign-on", is_refused=True).count() == 1


def test_a_statement_signed_by_somebody_else_is_not_believed(liar, client, gleb):
    liar.signed_by = RSAKey.generate_key(2048, parameters={"kid": "1"})
    assert answer_of(liar, client, gleb).status_code == 422
    assert not is_in(client)


def test_a_statement_that_is_not_signed_or_signed_with_what_everybody_knows_is_not_believed(liar, client, gleb):
    from joserfc.jwk import OctKey

    liar.header, liar.signed_by = (
        {"alg": "HS256", "kid": "1"},
        OctKey.import_key("a secret that everybody knows by now, as long as need be"),
    )
    assert answer_of(liar, client, gleb).status_code == 422
    assert not is_in(client)


def test_a_provider_under_another_name_is_not_believed(liar, client, gleb):
    liar.issuer_told = "https://login.example.org"
    provider = give(liar.url, gleb)
    assert client.get(f"/sign-in/with/{provider.pk}/").status_code == 422


def test_the_role_of_new_people_is_not_deleted_under_them(provider):
    assert Role.objects.filter(pk=provider.role_id).exists()
