"""Passkeys: made after a fresh proof, shown as the second step or alone, good once, bound to person and house."""

from __future__ import annotations

import base64
import hashlib
import json
import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from django.utils import timezone
from fido2 import cbor
from fido2.cose import ES256

from krug.access.models import Passkey, Role
from krug.administration.actions.passkeys import add_passkey, ask_for_new, house_at
from krug.administration.actions.second_step import steps_of
from krug.kernel.errors import Refusal
from krug.kernel.journal.models import AuditRecord

PASSWORD = "krug and nothing else"
HOST = "testserver"
pytestmark = pytest.mark.django_db


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Device:
    """A phone that makes one passkey and signs with it, as the standard says."""

    def __init__(self, host: str = HOST) -> None:
        self.host, self.origin, self.count, self.handle = host, f"http://{host}", 0, b""
        self.key, self.number = ec.generate_private_key(ec.SECP256R1()), os.urandom(32)

    def make(self, asked: dict) -> str:
        public = self.key.public_key().public_numbers()
        cose = {1: 2, 3: ES256.ALGORITHM, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        self.handle = base64.urlsafe_b64decode(asked["user"]["id"] + "==")
        known = bytes(16) + len(self.number).to_bytes(2, "big") + self.number + cbor.encode(cose)
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": self._data(0x45) + known})
        return self._answer(clientDataJSON=self._client(asked, "create"), attestationObject=attested)

    def show(self, asked: dict, *, verified: bool = True, handle: bytes | None = None) -> str:
        self.count += 1
        data, client = self._data(0x05 if verified else 0x01), self._client(asked, "get")
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=client, authenticatorData=data, signature=signed, userHandle=handle or self.handle
        )

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, asked: dict, kind: str) -> bytes:
        told = {"type": f"webauthn.{kind}", "challenge": asked["challenge"], "origin": self.origin}
        return json.dumps(told | {"crossOrigin": False}).encode()

    def _answer(self, **response: bytes) -> str:
        number = text(self.number)
        given = {name: text(value) for name, value in response.items()}
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": given})


@pytest.fixture
def house():
    return house_at(f"http://{HOST}", "https://crm.example.org")


def give(person, house, device=None) -> Device:
    device = device or Device()
    asked, state = ask_for_new(person, house)
    device.recovery = add_passkey(person, house, state, device.make(asked), name="Phone")
    return device


@pytest.fixture
def device(anna, house):
    return give(anna, house)


def come_in(client):
    return client.post("/sign-in/", {"email": "anna@example.org", "password": PASSWORD})


def is_in(client) -> bool:
    return client.get("/me/").status_code == 200


def ask(client, **sent) -> dict:
    return client.post("/sign-in/passkey/ask/", sent).json()


def test_a_passkey_is_added_after_a_fresh_proof_and_brings_recovery_codes(anna, client):
    client.force_login(anna)
    assert client.post("/me/second-step/passkeys/ask/")["Location"].startswith("/me/confirm/")
    client.post("/me/confirm/", {"current": PASSWORD})
    device = Device()
    asked = client.post("/me/second-step/passkeys/ask/").json()
    assert (asked["rp"]["id"], asked["user"]["name"]) == (HOST, "anna@example.org")
    page = client.post("/me/second-step/passkeys/", {"answer": device.make(asked), "name": "Phone"})
    assert page.content.decode().count("<li><code>") == 10
    key = Passkey.objects.get()
    assert (key.user, key.name, steps_of(anna).passkeys) == (anna, "Phone", 1)
    again = client.post("/me/second-step/passkeys/", {"answer": device.make(asked)})
    assert again.status_code == 422 and Passkey.objects.count() == 1


def test_the_passkey_is_the_second_step(anna, device, client):
    assert come_in(client)["Location"] == "/sign-in/code/"
    assert not is_in(client)
    asked = ask(client, second="1")
    assert [each["id"] for each in asked["allowCredentials"]] == [text(device.number)]
    answer = client.post("/sign-in/code/passkey/", {"answer": device.show(asked, verified=False)})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert is_in(client)
    key = Passkey.objects.get()
    assert (key.sign_count, key.last_used_at is not None) == (1, True)


def test_a_recovery_code_stands_in_for_it(anna, device, client):
    come_in(client)
    assert client.post("/sign-in/code/", {"code": device.recovery[0]}).status_code == 303
    assert is_in(client)


def test_the_passkey_alone_opens_the_door_when_the_device_has_asked_for_finger_or_number(anna, device, client):
    asked = ask(client)
    assert asked["userVerification"] == "required" and "allowCredentials" not in asked
    answer = client.post("/sign-in/passkey/", {"answer": device.show(asked), "next": "/deals/"})
    assert (answer.status_code, answer["Location"]) == (303, "/deals/")
    assert is_in(client)
    assert AuditRecord.objects.get(kind="sign-in").object == "passkey"


def test_alone_it_opens_nothing_without_finger_or_number(anna, device, client):
    answer = client.post("/sign-in/passkey/", {"answer": device.show(ask(client), verified=False)})
    assert answer.status_code == 422 and not is_in(client)


def test_a_question_is_answered_once(anna, device, client):
    asked = ask(client)
    shown = device.show(asked)
    assert client.post("/sign-in/passkey/", {"answer": shown}).status_code == 303
    stranger = Client()
    ask(stranger)
    assert stranger.post("/sign-in/passkey/", {"answer": shown}).status_code == 422
    assert stranger.post("/sign-in/passkey/", {"answer": shown}).status_code == 422
    assert not is_in(stranger)


def test_a_question_of_one_kind_is_no_answer_to_the_other(anna, device, client):
    come_in(client)
    asked = ask(client)
    assert client.post("/sign-in/code/passkey/", {"answer": device.show(asked)}).status_code == 422
    asked = ask(client, second="1")
    assert client.post("/sign-in/passkey/", {"answer": device.show(asked)}).status_code == 422
    assert not is_in(client)


def test_the_passkey_of_somebody_else_is_no_second_step(anna, boris, device, house, client):
    theirs = give(boris, house)
    come_in(client)
    answer = client.post("/sign-in/code/passkey/", {"answer": theirs.show(ask(client, second="1"))})
    assert answer.status_code == 422 and not is_in(client)


def test_a_passkey_that_names_another_holder_is_refused(anna, device, client):
    answer = client.post("/sign-in/passkey/", {"answer": device.show(ask(client), handle=b"x" * 32)})
    assert answer.status_code == 422 and not is_in(client)


def test_a_page_elsewhere_can_not_use_it(anna, device, client):
    for origin in ("http://evil.example", "http://testserver:81", "https://testserver.evil.example"):
        device.origin = origin
        assert client.post("/sign-in/passkey/", {"answer": device.show(ask(client))}).status_code == 422
    device.origin, device.host = f"http://{HOST}", "evil.example"
    assert client.post("/sign-in/passkey/", {"answer": device.show(ask(client))}).status_code == 422
    assert not is_in(client)


def test_a_copied_passkey_is_refused_and_written_down(anna, device, client):
    Passkey.objects.update(sign_count=9)
    assert client.post("/sign-in/passkey/", {"answer": device.show(ask(client))}).status_code == 422
    assert AuditRecord.objects.get(kind="passkey.copied").actor == anna
    assert not is_in(client)


def test_a_passkey_that_counts_no_more_is_refused_like_a_copied_one(anna, device, client):
    Passkey.objects.update(sign_count=9)
    device.count = -1
    assert client.post("/sign-in/passkey/", {"answer": device.show(ask(client))}).status_code == 422
    assert AuditRecord.objects.get(kind="passkey.copied").actor == anna
    Passkey.objects.update(sign_count=0)
    device.count = -1
    assert client.post("/sign-in/passkey/", {"answer": device.show(ask(client))}).status_code == 303


def test_whoever_was_sent_away_comes_in_by_no_passkey(anna, gleb, device, client):
    from krug.administration.actions.people import deactivate_person

    deactivate_person(anna, by=gleb)
    assert client.post("/sign-in/passkey/", {"answer": device.show(ask(client))}).status_code == 422
    assert not is_in(client)


def test_wrong_passkeys_are_counted_for_their_address(client):
    asked = ask(client)
    for _number in range(20):
        assert client.post("/sign-in/passkey/", {"answer": Device().show(asked)}).status_code == 422
    assert client.post("/sign-in/passkey/", {"answer": Device().show(asked)}).status_code == 429


@pytest.mark.parametrize("nonsense", ["", "{}", "[]", "null", "\0", '{"id": "x"}', "x" * 30_000, '{"rawId": 1}'])
def test_nonsense_is_just_refused(anna, device, client, nonsense):
    ask(client)
    assert client.post("/sign-in/passkey/", {"answer": nonsense}).status_code in (400, 422)
    client.force_login(anna)
    client.post("/me/confirm/", {"current": PASSWORD})
    client.post("/me/second-step/passkeys/ask/")
    assert client.post("/me/second-step/passkeys/", {"answer": nonsense}).status_code in (400, 422)
    assert Passkey.objects.count() == 1


def test_a_passkey_is_removed_and_then_opens_nothing(anna, device, client):
    client.force_login(anna)
    client.post("/me/confirm/", {"current": PASSWORD})
    assert client.post(f"/me/second-step/passkeys/{Passkey.objects.get().pk}/remove/").status_code == 303
    assert not steps_of(anna)
    client.logout()
    assert client.post("/sign-in/passkey/", {"answer": device.show(ask(client))}).status_code == 422


def test_nobody_removes_the_passkey_of_another(anna, boris, device, client):
    client.force_login(boris)
    client.post("/me/confirm/", {"current": PASSWORD})
    assert client.post(f"/me/second-step/passkeys/{Passkey.objects.get().pk}/remove/").status_code in (404, 422)
    assert Passkey.objects.count() == 1


def test_under_a_bare_address_there_are_none(anna):
    with pytest.raises(Refusal):
        ask_for_new(anna, house_at("http://10.0.0.5:8000", "http://10.0.0.5:8000"))


def must_set_up(client) -> None:
    """Anna's role asks for the step by now, and she waits between the password and the house."""
    Role.objects.filter(code="test-seller").update(factor_from=timezone.localdate())
    assert come_in(client)["Location"] == "/sign-in/second-step/"


def test_whoever_must_set_up_a_step_may_take_a_passkey_for_it(anna, client):
    must_set_up(client)
    page = client.get("/sign-in/second-step/").content.decode()
    assert 'data-ask="/sign-in/second-step/passkey/ask/"' in page and "<svg" in page
    device = Device()
    asked = client.post("/sign-in/second-step/passkey/ask/").json()
    assert (asked["rp"]["id"], asked["user"]["name"]) == (HOST, "anna@example.org")
    assert not is_in(client)
    wrong = client.post("/sign-in/second-step/passkey/", {"answer": "{}"})
    assert (wrong.status_code, Passkey.objects.count(), is_in(client)) == (422, 0, False)
    asked = client.post("/sign-in/second-step/passkey/ask/").json()
    page = client.post("/sign-in/second-step/passkey/", {"answer": device.make(asked)}).content.decode()
    assert page.count("<li><code>") == 10
    assert is_in(client) and steps_of(anna).passkeys == 1
    other = Client()
    assert come_in(other)["Location"] == "/sign-in/code/"


def test_nobody_takes_a_passkey_who_has_not_shown_the_password_or_has_a_step_already(anna, device, client):
    Role.objects.filter(code="test-seller").update(factor_from=timezone.localdate())
    for browser in (Client(), client):
        if browser is client:
            come_in(browser)
        for url in ("/sign-in/second-step/passkey/ask/", "/sign-in/second-step/passkey/"):
            answer = browser.post(url, {"answer": "{}"})
            assert (answer.status_code in (302, 303), answer["Location"]) == (True, "/sign-in/")
    assert Passkey.objects.count() == 1 and not is_in(client)


def test_at_a_bare_address_the_page_offers_the_app_alone(anna, client, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    client.defaults["SERVER_NAME"] = "127.0.0.1"
    must_set_up(client)
    page = client.get("/sign-in/second-step/").content.decode()
    assert "<svg" in page and "second-step/passkey" not in page
    assert client.post("/sign-in/second-step/passkey/ask/").status_code == 422
    assert not Passkey.objects.exists()
