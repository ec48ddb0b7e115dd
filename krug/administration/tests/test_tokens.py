"""Keys for programs: shown once, kept as a hash, never stronger than their owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from krug.access.models import ApiToken, Reach, User
from krug.administration.actions.people import setup_actor
from krug.administration.actions.tokens import issue_token, revoke_token
from krug.kernel import tokens
from krug.kernel.errors import NotAllowed, NotFound, NotSignedIn, Refusal, TooMany
from krug.kernel.journal.models import AuditRecord
from krug.kernel.testing.cast import make_user
from krug.kernel.visibility import rights_of

pytestmark = pytest.mark.django_db
HERE = "198.51.100.7"


def test_a_token_is_long_recognisable_and_not_kept(anna, happened):
    issued = issue_token(anna, by=anna, name="Reports")
    assert issued.text.startswith("krug_") and len(issued.text) == 48
    row = ApiToken.objects.get()
    assert issued.text not in str(ApiToken.objects.values().get())
    assert (row.digest, row.prefix, row.scopes) == (tokens.digest_of(issued.text), issued.text[:12], ["*:*"])
    assert timedelta(days=89) < row.expires_at - timezone.now() < timedelta(days=91)
    assert happened() == ["TokenIssued"]
    assert AuditRecord.objects.get(kind="key.issued").data == {"prefix": issued.text[:12], "scopes": ["*:*"]}


def test_the_token_lets_its_owner_in_with_its_scopes_only(anna):
    issued = issue_token(anna, ["deal:view", "task:create"], by=anna)
    user = tokens.authenticate_token(f"Bearer {issued.text}", HERE)
    assert user == anna
    rights = rights_of(user)
    assert rights.reach("deal") == Reach.OWN
    assert rights.reach("party") == Reach.NONE
    assert (rights.may("task", "create"), rights.may("deal", "win")) == (True, False)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer krug_x", "Basic krug_abc", "Bearer " + "x" * 500, "krug_abc", "Bearer \0"]
)
def test_anything_else_lets_nobody_in(anna, header):
    with pytest.raises(NotSignedIn):
        tokens.authenticate_token(header, HERE)


def test_a_dead_token_lets_nobody_in(anna):
    for change in ({"revoked_at": timezone.now()}, {"expires_at": timezone.now()}):
        issued = issue_token(anna, by=anna)
        ApiToken.objects.filter(pk=issued.token.pk).update(**change)
        with pytest.raises(NotSignedIn):
            tokens.authenticate_token(f"Bearer {issued.text}", HERE)


def test_the_token_of_somebody_sent_away_is_dead(anna):
    text = issue_token(anna, by=anna).text
    User.objects.filter(pk=anna.pk).update(is_active=False)
    with pytest.raises(NotSignedIn):
        tokens.authenticate_token(f"Bearer {text}", HERE)


def test_wrong_tokens_from_one_address_slow_it_down(anna):
    for _number in range(20):
        with pytest.raises(NotSignedIn):
            tokens.authenticate_token("Bearer krug_wrong", HERE)
    with pytest.raises(TooMany) as no:
        tokens.authenticate_token("Bearer krug_wrong", HERE)
    assert no.value.retry_after > 800


def test_use_is_noted_at_most_once_a_minute(anna):
    issued = issue_token(anna, by=anna)
    header = f"Bearer {issued.text}"
    tokens.authenticate_token(header, HERE)
    first = ApiToken.objects.get().last_used_at
    tokens.authenticate_token(header, HERE)
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(seconds=61))
    tokens.authenticate_token(header, HERE)
    assert ApiToken.objects.get().last_used_at > first


@pytest.mark.parametrize("scope", ["Deal:view", "deal:view:all", "deal view", "'; drop", ":", "*:*:*"])
def test_what_is_not_a_scope_is_refused(anna, scope):
    with pytest.raises(Refusal) as no:
        issue_token(anna, [scope], by=anna)
    assert no.value.field == "scopes"
    assert not ApiToken.objects.exists()


def test_short_forms_of_scopes_are_written_out(anna):
    assert issue_token(anna, ["deal", "*", "party:view"], by=anna).token.scopes == ["*:*", "deal:*", "party:view"]


@pytest.mark.parametrize("days", [0, -1, 400])
def test_a_token_lives_between_a_day_and_a_year(anna, days):
    with pytest.raises(Refusal):
        issue_token(anna, by=anna, days=days)


def test_nobody_makes_a_token_for_somebody_who_may_more(anna, gleb):
    with pytest.raises(NotAllowed):
        issue_token(gleb, by=anna)
    assert issue_token(gleb, by=setup_actor()).token.user == gleb


def test_nobody_revokes_the_token_of_another(anna, boris):
    token = issue_token(anna, by=anna).token
    with pytest.raises(NotFound):
        revoke_token(boris, token.pk, by=boris)
    assert ApiToken.objects.get().is_valid


def test_revoking_twice_is_one_deed(anna, happened):
    token = issue_token(anna, by=anna).token
    revoke_token(anna, token.pk, by=anna)
    revoke_token(anna, token.pk, by=anna)
    assert happened() == ["TokenIssued", "TokenRevoked"]


def test_the_page_shows_the_token_once_and_asks_for_the_password(anna, client):
    client.force_login(anna)
    refused = client.post("/me/tokens/", {"name": "Reports", "days": "90"})
    assert refused.status_code == 422
    assert not ApiToken.objects.exists()
    sent = {"name": "Reports", "days": "30", "scopes": "deal:view", "current": "krug and nothing else"}
    shown = client.post("/me/tokens/", sent).content.decode()
    token = ApiToken.objects.get()
    assert token.prefix in shown and shown.count("krug_") >= 2
    again = client.get("/me/tokens/").content.decode()
    assert again.count(token.prefix) == 1
    assert client.post(f"/me/tokens/{token.pk}/revoke/").status_code == 303
    assert not ApiToken.objects.get().is_valid


def test_somebody_without_the_right_makes_no_token(client):
    nobody = make_user()
    client.force_login(nobody)
    assert client.post("/me/tokens/", {"current": "krug and nothing else", "days": "90"}).status_code == 403
    assert not ApiToken.objects.exists()


def test_a_token_opens_no_page(anna, client):
    text = issue_token(anna, by=anna).text
    assert client.get("/me/", headers={"Authorization": f"Bearer {text}"}).status_code == 302


def test_a_token_that_only_reads_reads_no_more_than_was_typed(anna, client):
    client.force_login(anna)
    sent = {"name": "Reports", "days": "30", "reach": "read", "current": "krug and nothing else"}
    for scopes, kept in (("deal:view", ["deal:view"]), ("", ["*:view"])):
        assert client.post("/me/tokens/", {**sent, "scopes": scopes}).status_code == 200
        assert ApiToken.objects.latest("pk").scopes == kept
    for scopes in ("deal:view deal:win", "nonsense:all"):
        assert client.post("/me/tokens/", {**sent, "scopes": scopes}).status_code == 422
    assert ApiToken.objects.count() == 2
