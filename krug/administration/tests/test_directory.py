"""Sign-in by a directory: a real slapd judges the password; nothing is smuggled into its questions."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from krug.access.models import Session, User
from krug.administration.actions.directory import describe_directory, directory, join_directory, way_of
from krug.administration.actions.people import deactivate_person
from krug.administration.directory import NoDirectory, look_up, proves
from krug.administration.models import Identity
from krug.kernel.errors import NotAllowed, Refusal
from krug.kernel.journal.models import AuditRecord
from krug.kernel.testing.cast import administrator_role, make_role, make_user, seller_role

SLAPD = shutil.which("slapd") or ("/usr/sbin/slapd" if Path("/usr/sbin/slapd").exists() else "")
pytestmark = pytest.mark.django_db
ROOT, READER = "cn=admin,dc=volna,dc=example", "the reader's own words"
CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
database mdb
maxsize 10485760
suffix "dc=volna,dc=example"
rootdn "cn=admin,dc=volna,dc=example"
rootpw "the reader's own words"
directory {folder}/data
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
{tls}
"""
PEOPLE = """
dn: dc=volna,dc=example
objectClass: dcObject
objectClass: organization
o: Volna
dc: volna

dn: ou=people,dc=volna,dc=example
objectClass: organizationalUnit
ou: people

dn: uid=ivan,ou=people,dc=volna,dc=example
objectClass: inetOrgPerson
uid: ivan
cn: Ivan Novy
sn: Novy
givenName: Ivan
mail: ivan@volna.example
userPassword: mountains of the directory

dn: uid=petr,ou=people,dc=volna,dc=example
objectClass: inetOrgPerson
uid: petr
cn: Petr
sn: Stary
mail: petr@volna.example
userPassword: mountains of the directory

dn: uid=anna,ou=people,dc=volna,dc=example
objectClass: inetOrgPerson
uid: anna
cn: Anna
sn: Sokolova
mail: anna@example.org
userPassword: mountains of the directory

dn: cn=sellers,dc=volna,dc=example
objectClass: groupOfNames
cn: sellers
member: uid=ivan,ou=people,dc=volna,dc=example
member: uid=anna,ou=people,dc=volna,dc=example
"""
QUESTIONS = {"person_filter": "(mail={login})", "group_filter": "(member={dn})"}
PASSWORD = "mountains of the directory"
SELLERS = "cn=sellers,dc=volna,dc=example"


@pytest.fixture(scope="module")
def slapd(tmp_path_factory):
    """A directory that really runs, plain and by TLS."""
    if not SLAPD:
        pytest.fail("There is no slapd on this machine: install the package slapd.", pytrace=False)
    from krug.administration.tests.test_mail import certificate, free_port

    folder = tmp_path_factory.mktemp("slapd")
    (folder / "data").mkdir()
    certificate(folder, "localhost")
    tls = f"TLSCertificateFile {folder}/cert.pem\nTLSCertificateKeyFile {folder}/key.pem"
    config, people = folder / "slapd.conf", folder / "people.ldif"
    text = CONFIG.format(folder=folder, tls="")
    config.write_text(text.replace("database mdb", f"{tls}\ndatabase mdb"))
    people.write_text(PEOPLE)
    subprocess.run([SLAPD, "-Ta", "-f", str(config), "-l", str(people)], check=True, capture_output=True)
    plain, secret = free_port(), free_port()
    running = subprocess.Popen(
        [SLAPD, "-d", "0", "-f", str(config), "-h", f"ldap://localhost:{plain} ldaps://localhost:{secret}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ,
    )  # fmt: skip
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("localhost", plain), 1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield {"none": plain, "starttls": plain, "tls": secret, "ca": folder / "cert.pem"}
    running.terminate()
    running.wait(20)


@pytest.fixture
def connected(slapd, gleb, settings):
    settings.KRUG_OUTGOING_ALLOWED = [f"localhost:{slapd['none']}", f"localhost:{slapd['tls']}"]
    return connect(slapd, gleb)


def connect(slapd, gleb, *, security="none", password=READER, **more):
    values = {
        "is_on": True, "host": "localhost", "port": slapd[security], "security": security, "login": ROOT,
        "base": "dc=volna,dc=example", **QUESTIONS,
    }  # fmt: skip
    return describe_directory(values | more, [(SELLERS, seller_role())], password=password, by=gleb)


def come_in(client, email="ivan@volna.example", password=PASSWORD):
    return client.post("/sign-in/", {"email": email, "password": password})


def is_in(client) -> bool:
    return client.get("/me/").status_code == 200


def test_somebody_of_a_group_comes_in_and_gets_its_role(connected, client):
    assert come_in(client).status_code == 303
    assert is_in(client)
    ivan = User.objects.get(email="ivan@volna.example")
    assert (ivan.given_name, ivan.surname, [role.code for role in ivan.roles.all()]) == (
        "Ivan",
        "Novy",
        ["test-seller"],
    )
    assert not ivan.has_usable_password()
    assert Identity.objects.get().issuer == "directory:dc=volna,dc=example"
    assert come_in(client, "IVAN@volna.example").status_code == 303
    assert Identity.objects.count() == 1


@pytest.mark.parametrize("password", ["", "wrong words here", "\0", PASSWORD + "\0", PASSWORD.upper()])
def test_a_wrong_or_empty_password_opens_nothing(connected, client, password):
    assert come_in(client, password=password).status_code == 422
    assert not is_in(client) and not Identity.objects.exists()


def test_an_empty_password_is_refused_before_the_directory_is_asked(connected):
    found = look_up(way_of(directory()), "ivan@volna.example")
    assert not proves(way_of(directory()), found, "")
    assert proves(way_of(directory()), found, PASSWORD)


@pytest.mark.parametrize(
    "login",
    ["*", "*@volna.example", "ivan@volna.example)(uid=*", "*)(objectClass=*", "ivan@volna.example\\2a", "(", ")", "",
     "ivan@volna.example)(|(uid=*", "\0", "i" * 5000],
)  # fmt: skip
def test_nothing_is_smuggled_into_the_question(connected, client, login):
    assert look_up(way_of(directory()), login) is None
    assert come_in(client, login).status_code == 422
    assert not is_in(client)


def test_whoever_stands_in_no_group_and_is_not_known_stays_outside(connected, client):
    assert come_in(client, "petr@volna.example").status_code == 422
    assert not is_in(client) and not User.objects.filter(email="petr@volna.example").exists()


def test_the_same_e_mail_is_not_yet_the_same_person(connected, anna, client):
    assert come_in(client, "anna@example.org").status_code == 422
    assert not Identity.objects.exists()
    assert come_in(client, "anna@example.org", "krug and nothing else").status_code == 303


def test_both_sides_proved_the_account_is_connected(connected, anna, client):
    client.force_login(anna)
    sent = {"directory_login": "anna@example.org", "directory_password": PASSWORD}
    assert client.post("/me/accounts/directory/", sent)["Location"].startswith("/me/confirm/")
    client.post("/me/confirm/", {"current": "krug and nothing else"})
    assert client.post("/me/accounts/directory/", sent | {"directory_password": "x"}).status_code == 422
    assert client.post("/me/accounts/directory/", sent).status_code == 303
    assert Identity.objects.get().user == anna
    client.post("/sign-out/")
    assert come_in(client, "anna@example.org").status_code == 303


def test_attempts_are_counted_as_at_every_door(connected, client):
    for _number in range(5):
        assert come_in(client, password="wrong words here").status_code == 422
    assert come_in(client).status_code == 429
    assert not is_in(client)


def test_a_role_goes_with_its_group_and_others_stay(connected, gleb, client):
    come_in(client)
    ivan = User.objects.get(email="ivan@volna.example")
    ivan.roles.add(make_role("own", {"deal": ("own", [])}))
    other = [("cn=nobody,dc=volna,dc=example", seller_role())]
    describe_directory({}, other, password="", by=gleb)
    assert come_in(client).status_code == 303
    assert [role.code for role in ivan.roles.all()] == ["own"]
    assert AuditRecord.objects.filter(kind="role.withdrawn", object=f"user:{ivan.pk}").count() == 1


def test_half_an_answer_about_groups_takes_no_role_away(connected, gleb, client, monkeypatch):
    come_in(client)
    ivan = User.objects.get(email="ivan@volna.example")
    client.post("/sign-out/")
    describe_directory({"group_filter": "(objectClass=*)"}, [(SELLERS, seller_role())], password="", by=gleb)
    monkeypatch.setattr("krug.administration.directory.MOST_GROUPS", 1)
    assert come_in(client).status_code == 422 and not is_in(client)
    assert [role.code for role in ivan.roles.all()] == ["test-seller"]


def test_whoever_was_sent_away_stays_outside_whatever_the_directory_says(connected, gleb, client):
    come_in(client)
    ivan = User.objects.get(email="ivan@volna.example")
    deactivate_person(ivan, by=gleb)
    assert not Session.objects.filter(user=ivan).exists()
    assert come_in(client).status_code == 422 and not is_in(client)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_talk_is_encrypted_and_the_certificate_looked_at(connected, slapd, gleb, client, monkeypatch, security):
    connect(slapd, gleb, security=security)
    assert come_in(client).status_code == 422
    with pytest.raises(NoDirectory):
        look_up(way_of(directory()), "ivan@volna.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(slapd["ca"]))
    assert come_in(client).status_code == 303
    assert is_in(client)


def test_a_directory_that_is_off_not_allowed_or_not_to_be_read_opens_nothing(connected, slapd, gleb, client, settings):
    settings.KRUG_OUTGOING_ALLOWED = []
    assert come_in(client).status_code == 422
    assert AuditRecord.objects.filter(kind="directory.unreachable").count() == 1
    settings.KRUG_OUTGOING_ALLOWED = [f"localhost:{slapd['none']}"]
    connect(slapd, gleb, password="not its words")
    assert come_in(client).status_code == 422
    connect(slapd, gleb, is_on=False)
    assert come_in(client).status_code == 422
    assert not is_in(client) and not Identity.objects.exists()


def test_the_page_keeps_the_password_to_itself_and_tries_the_directory(connected, gleb, client):
    client.force_login(gleb)
    page = client.get("/settings/directory/").content.decode()
    assert READER not in page and f"{SELLERS} -&gt; test-seller" in page
    tried = client.post("/settings/directory/try/", {"who": "ivan@volna.example"}).content.decode()
    assert "uid=ivan,ou=people,dc=volna,dc=example" in tried and SELLERS in tried
    sent = {"host": "localhost", "port": "389", "security": "tls", "groups": "", **QUESTIONS}
    assert client.post("/settings/directory/", sent).status_code == 303
    assert way_of(directory()).password == READER and READER not in directory().secret
    assert client.post("/settings/directory/", sent | {"groups": "cn=x -> nobody"}).status_code == 422
    assert client.post("/settings/directory/", sent | {"person_filter": "(mail=x)"}).status_code == 422


def test_the_password_goes_to_no_other_directory(connected, gleb):
    with pytest.raises(Refusal) as no:
        describe_directory({"host": "other.example.org"}, [], password="", by=gleb)
    assert (no.value.field, directory().host) == ("password", "localhost")


def test_nobody_lets_groups_give_more_than_he_may(connected, gleb):
    lesser = make_user(role=make_role("company-keeper", {"company": ("all", ["change"])}))
    with pytest.raises(NotAllowed):
        describe_directory({}, [(SELLERS, administrator_role())], password="", by=lesser)


def test_an_account_of_another_is_not_taken_over(connected, anna, boris):
    join_directory(boris, "anna@example.org", PASSWORD)
    with pytest.raises(Refusal):
        join_directory(anna, "anna@example.org", PASSWORD)
    assert Identity.objects.get().user == boris
