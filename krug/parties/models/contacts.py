"""The people at a party and the ways to reach them."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import Extensible, Owned, Sourced, Stamped, trigram
from krug.kernel.ui.formats import phone
from krug.parties.models.parties import Party

NBSP = "\N{NO-BREAK SPACE}"


class Contact(Stamped, Owned, Extensible, Sourced):
    """A person we talk to; the same person may hold positions at several parties."""

    full_name = models.CharField(
        _("full name"),
        max_length=190,
        blank=True,
        help_text=_("Surname, given name and patronymic in one line; they are put into their fields."),
    )
    surname = models.CharField(_("surname"), max_length=60, blank=True)
    given_name = models.CharField(_("given name"), max_length=60, blank=True)
    patronymic = models.CharField(_("patronymic"), max_length=60, blank=True)
    name_key = models.CharField(max_length=190, editable=False, default="")
    sort_key = models.CharField(_("alphabetical order"), max_length=190, editable=False, default="", db_collation="C")
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    language = models.CharField(
        _("language"), max_length=2, default="ru", choices=[("ru", _("Russian")), ("en", _("English"))]
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        db_table = "contact"
        constraints = [
            models.CheckConstraint(
                condition=~Q(surname="", given_name=""),
                name="contact_has_name",
                violation_error_message=_("Enter at least the surname or the given name."),
            )
        ]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="contact_sort_key"),
            models.Index(fields=["owner", "sort_key"], name="contact_owner_order"),
            trigram("contact_name_key_trgm", "name_key"),
            trigram("contact_text_part", "full_name"),
            models.Index(
                fields=["source_system", "source_key"], condition=~Q(source_system=""), name="contact_source_key"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def short_name(self) -> str:
        """Surname with initials, as lists show a person."""
        if not self.surname:
            return self.full_name
        initials = "".join(f"{NBSP}{part[0]}." for part in (self.given_name, self.patronymic) if part)
        return f"{self.surname}{initials}"


class ContactPosition(Stamped, Extensible):
    """What a person is at a party, and how much it matters to us."""

    class Role(models.TextChoices):
        DECISION_MAKER = "decision_maker", _("Decides")
        BUYER = "buyer", _("Buys")
        USER = "user", _("Uses")
        INFLUENCER = "influencer", _("Advises")
        BLOCKER = "blocker", _("Opposes")
        OTHER = "other", _("Other")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="positions", verbose_name=_("person"))
    party = models.ForeignKey(Party, models.CASCADE, related_name="positions", verbose_name=_("party"))
    position = models.CharField(_("position"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=14, choices=Role.choices, default=Role.OTHER)
    priority = models.PositiveSmallIntegerField(_("priority"), default=1, help_text=_("1 is called first, 9 last."))
    is_current = models.BooleanField(_("holds it now"), default=True)

    class Meta:
        db_table = "contact_position"
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "party"],
                condition=Q(is_current=True, is_archived=False),
                name="contact_position_once",
                violation_error_message=_("This person is recorded at this party already."),
            ),
            models.CheckConstraint(
                condition=Q(priority__range=(1, 9)),
                name="contact_position_priority",
                violation_error_message=_("Priority is a number from 1 to 9."),
            ),
        ]
        indexes = [models.Index(fields=["party", "priority"], name="contact_position_order")]

    def __str__(self) -> str:
        return self.position or self.get_role_display()


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    """Ways to reach somebody."""

    def usable(self) -> ContactPointQuerySet:
        """Neither put away nor known to be wrong, of people who do not mind."""
        return self.filter(is_archived=False, is_valid=True, do_not_contact=False)

    def by_digits(self, digits: str) -> ContactPointQuerySet:
        """Phones that end in these digits, as the telephone exchange or the search box asks."""
        return self.filter(digits__endswith=digits[-10:]) if len(digits) < 10 else self.filter(digits=digits[-10:])


class ContactPoint(Stamped, Extensible, Sourced):
    """A phone, address or page where a party or a person is reached; kept as typed and as compared."""

    class Type(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        MESSENGER = "messenger", _("Messenger")
        SITE = "site", _("Site")
        FAX = "fax", _("Fax")

    party = models.ForeignKey(
        Party, models.CASCADE, null=True, blank=True, related_name="points", verbose_name=_("party")
    )
    contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, blank=True, related_name="points", verbose_name=_("person")
    )
    type = models.CharField(_("type"), max_length=9, choices=Type.choices, default=Type.PHONE)
    raw = models.CharField(_("number or address"), max_length=320)
    normalised = models.CharField(_("one form"), max_length=320, blank=True)
    comparison_key = models.CharField(max_length=320, blank=True, editable=False)
    extension = models.CharField(_("extension"), max_length=15, blank=True)
    digits = models.CharField(_("last digits"), max_length=10, blank=True, editable=False)
    is_main = models.BooleanField(_("main"), default=False)
    is_valid = models.BooleanField(_("works"), default=True)
    do_not_contact = models.BooleanField(_("do not contact"), default=False)

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        db_table = "contact_point"
        constraints = [
            models.CheckConstraint(
                condition=Q(party=None, contact__isnull=False) | Q(party__isnull=False, contact=None),
                name="contact_point_of_one",
                violation_error_message=_("A phone or address belongs either to a party or to a person."),
                violation_error_code="POINT_OF_ONE",
            ),
            models.UniqueConstraint(
                fields=["party", "contact", "type", "comparison_key", "extension"],
                condition=Q(is_archived=False) & ~Q(comparison_key=""),
                nulls_distinct=False,
                name="contact_point_once",
                violation_error_message=_("This number or address is recorded here already."),
            ),
        ]
        indexes = [
            models.Index(fields=["comparison_key"], condition=~Q(comparison_key=""), name="contact_point_key"),
            models.Index(fields=["digits"], condition=~Q(digits=""), name="contact_point_digits"),
            GinIndex(
                fields=["digits"], opclasses=["gin_trgm_ops"], condition=~Q(digits=""), name="contact_point_digits_trgm"
            ),
        ]

    def __str__(self) -> str:
        is_called = self.type in (self.Type.PHONE, self.Type.FAX) and self.is_valid
        return phone(self.normalised, self.extension) if is_called else self.normalised or self.raw
