"""Banks and accounts: an account belongs to its bank by the key, and one of them is the main one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from krug.access.models import User
from krug.kernel import writing
from krug.kernel.errors import Fault, Invalid
from krug.kernel.journal.recording import record
from krug.kernel.registry import get_entity
from krug.parties.events import BankAccountAdded
from krug.parties.models import Bank, BankAccount
from krug.parties.rules.accounts import (
    account_fault,
    bic_fault,
    bic_unknown,
    clean_account,
    correspondent_account_fault,
    iban_fault,
    swift_fault,
)
from krug.parties.rules.russian_ids import clean

RUSSIAN_BIC = 9


@transaction.atomic
def add_bank_account(*, by: User, **values: Any) -> BankAccount:
    """Write down an account of a party; its first account is the main one."""
    account = BankAccount(**values, created_by=by, updated_by=by)
    _must_be_right(account)
    others = BankAccount.objects.filter(party=account.party, is_archived=False)
    account.is_main = account.is_main or not others.filter(is_main=True).exists()
    if account.is_main:
        others.filter(is_main=True).update(is_main=False)
    writing.check(account)
    account.save(force_insert=True)
    record(BankAccountAdded(party=account.party, account=account, by=by))
    return account


@transaction.atomic
def change_bank_account(account: BankAccount, values: dict[str, Any], *, by: User) -> BankAccount:
    """Mend an account; when it becomes the main one, the former main one steps back."""
    tried = BankAccount.objects.get(pk=account.pk)
    for name, value in values.items():
        setattr(tried, name, value)
    _must_be_right(tried)
    if tried.is_main and not account.is_main:
        BankAccount.objects.filter(party=tried.party, is_main=True).exclude(pk=account.pk).update(is_main=False)
    cleaned = {name: getattr(tried, name) for name in values}
    changed: BankAccount = writing.change(get_entity("bank-account"), account, cleaned, by=by)
    return changed


@transaction.atomic
def register_bank(*, by: User, **values: Any) -> Bank:
    """Take a bank into the directory by hand."""
    bank = Bank(**values)
    _bank_must_be_right(bank)
    cleaned = {name: getattr(bank, name) for name in values}
    made: Bank = writing.create(get_entity("bank"), cleaned, by=by)
    return made


@transaction.atomic
def change_bank(bank: Bank, values: dict[str, Any], *, by: User) -> Bank:
    """Mend what the directory says of a bank."""
    tried = Bank.objects.get(pk=bank.pk)
    for name, value in values.items():
        setattr(tried, name, value)
    _bank_must_be_right(tried)
    cleaned = {name: getattr(tried, name) for name in values}
    changed: Bank = writing.change(get_entity("bank"), bank, cleaned, by=by)
    return changed


def _must_be_right(account: BankAccount) -> None:
    bank = account.bank
    account.currency = clean(account.currency) or "RUB"
    if len(bank.bic) == RUSSIAN_BIC:
        account.number = clean_account(account.number)
        fault = account_fault(account.number, bank.bic, currency=account.currency)
        if fault is None and not bank.is_active:
            unknown = bic_unknown(bank.source_date or date.today())  # noqa: DTZ011  (a day of the directory, not a moment)
            fault = Fault("bank", unknown.message, unknown.code)
    else:
        account.number = clean(account.number)
        fault = iban_fault(account.number) if account.number[:2].isalpha() else None
    if fault is not None:
        raise Invalid([fault])


def _bank_must_be_right(bank: Bank) -> None:
    bank.bic, bank.corr_account = clean(bank.bic), clean_account(bank.corr_account)
    fault = bic_fault(bank.bic) if bank.bic.isdigit() else swift_fault(bank.bic)
    if fault is None and bank.corr_account and len(bank.bic) == RUSSIAN_BIC:
        fault = correspondent_account_fault(bank.corr_account, bank.bic)
    if fault is not None:
        raise Invalid([fault])
