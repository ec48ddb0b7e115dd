"""The directory of banks: loaded from the file of the Bank of Russia, closed where a bank is missing."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from krug.administration.actions.people import setup_actor
from krug.config.commands import CommandFailed
from krug.config.commands.banks import take_over
from krug.kernel.errors import Invalid, Refusal
from krug.kernel.journal.models import JournalEntry, RowChange
from krug.parties.actions.banks import load_bank_directory
from krug.parties.belongings import belongings_of
from krug.parties.models import Bank
from krug.parties.testing import make_bank, make_bank_account, make_party

ENTRY = (
    '<BICDirectoryEntry BIC="{bic}"><ParticipantInfo NameP="{name}" Nnp="Москва" ParticipantStatus="PSAC"/>'
    '<Accounts Account="{account}" RegulationAccountType="CRSA" AccountStatus="ACAC"/></BICDirectoryEntry>'
)
SBER = ENTRY.format(bic="044525225", name="ПАО Сбербанк", account="30101810400000000225")
OTHER = ENTRY.format(bic="049805746", name="Отделение", account="")


def directory(day, *entries):
    head = f'<?xml version="1.0" encoding="WINDOWS-1251"?><ED807 xmlns="urn:cbr-ru:ed:v2.0" EDDate="{day}">'
    text = f"{head}{''.join(entries)}</ED807>"
    return BytesIO(text.encode("windows-1251"))


def test_a_directory_in_its_old_encoding_is_taken_over(gleb, happened):
    loaded = load_bank_directory(directory("2026-11-20", SBER, OTHER), by=gleb)
    assert (loaded.of, loaded.banks, loaded.closed) == (date(2026, 11, 20), 2, 0)
    bank = Bank.objects.get(bic="044525225")
    assert (bank.name, bank.city, bank.corr_account) == ("ПАО Сбербанк", "Москва", "30101810400000000225")
    assert happened() == ["BankDirectoryLoaded"]


def test_a_bank_missing_in_the_new_directory_is_closed_and_its_accounts_are_marked(gleb):
    load_bank_directory(directory("2026-11-20", SBER, OTHER), by=gleb)
    party = make_party(owner=gleb)
    make_bank_account(party, owner=gleb, bank=Bank.objects.get(bic="044525225"))
    assert load_bank_directory(directory("2026-11-21", OTHER), by=gleb).closed == 1
    assert [account.is_bank_active for account in belongings_of(party.pk).accounts] == [False]
    with pytest.raises(Invalid) as no:
        make_bank_account(make_party(owner=gleb), owner=gleb, bank=Bank.objects.get(bic="044525225"))
    assert no.value.faults[0].code == "BIC_UNKNOWN"
    load_bank_directory(directory("2026-11-22", SBER, OTHER), by=gleb)
    assert belongings_of(party.pk).accounts[0].is_bank_active


def test_a_foreign_bank_is_not_in_the_directory_and_stays(gleb):
    make_bank(bic="DEUTDEFF", by=gleb)
    load_bank_directory(directory("2026-11-20", SBER), by=gleb)
    assert Bank.objects.get(bic="DEUTDEFF").is_active


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE ED807 [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">
<!ENTITY f SYSTEM "file:///etc/passwd">]><ED807 EDDate="2026-11-20"><BICDirectoryEntry BIC="044525974">
<ParticipantInfo NameP="&b;&f;"/></BICDirectoryEntry></ED807>"""


@pytest.mark.parametrize(
    "file", [b"", b"<html></html>", b"BIC;NAME\n044525225;X", b'<ED807 EDDate="2026-11-20"/>', ENTITIES]
)
def test_another_file_is_refused_and_nothing_changes(gleb, happened, file):
    make_bank(bic="044525225", by=gleb)
    before = happened()
    with pytest.raises(Refusal) as no:
        load_bank_directory(BytesIO(file), by=gleb)
    assert no.value.code == "BIC_DIRECTORY"
    assert (Bank.objects.get().is_active, happened()) == (True, before)


def test_an_older_directory_does_not_undo_a_newer_one(gleb):
    load_bank_directory(directory("2026-11-20", SBER, OTHER), by=gleb)
    with pytest.raises(Refusal) as no:
        load_bank_directory(directory("2026-11-19", SBER), by=gleb)
    assert no.value.code == "BIC_DIRECTORY_OLD"
    assert Bank.objects.filter(is_active=True).count() == 2


@pytest.mark.parametrize("is_zipped", [False, True])
def test_the_command_takes_the_published_file_over_and_says_what_it_changed(db, tmp_path, is_zipped):
    file = tmp_path / "20261120_ED807_full.xml"
    file.write_bytes(directory("2026-11-20", SBER, OTHER).getvalue())
    if is_zipped:
        with ZipFile(tmp_path / "bik.zip", "w") as archive:
            archive.write(file, file.name)
        file = tmp_path / "bik.zip"
    assert take_over(file) == "The directory of 2026-11-20: 2 banks, 0 closed since the last one."
    entry = JournalEntry.objects.get(event="BankDirectoryLoaded")
    assert (entry.actor, entry.data["banks"]) == (setup_actor(), 2)
    assert set(RowChange.objects.filter(table_name="bank").values_list("act", flat=True)) == {entry.act}


def test_a_file_that_is_no_directory_is_refused_by_the_command(db, tmp_path):
    file = tmp_path / "given.zip"
    with ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(CommandFailed, match="holds 0 XML files"):
        take_over(file)
    with pytest.raises(FileNotFoundError):
        take_over(tmp_path / "absent")
    assert not Bank.objects.exists()
