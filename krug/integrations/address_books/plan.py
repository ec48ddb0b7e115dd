"""The shipped plans of address books; people are recognised by e-mail and phone, then by name."""

from django.utils.translation import gettext_lazy as _

from krug.exchange.importing.plans import ColumnPlan, OnMatch, SetPlan, TablePlan

KEYS = ("email", "phone", "name")


def book(
    code: str, columns: dict[str, str], leave: dict[str, list[str]] | None = None, *, needs: tuple[str, ...] = ()
) -> TablePlan:
    """An address book: what its columns are; the companies it names are made when they are not known."""
    told = [
        ColumnPlan(column, target, missing="create" if target == "position.party" else "refuse")
        for column, target in columns.items()
    ]
    return TablePlan(
        code, "contact", (*told, *(ColumnPlan(need) for need in needs)), keys=KEYS, on_match=OnMatch.FILL.value,
        system=code, leave=leave or {},
    )  # fmt: skip


GOOGLE = book(
    "google-contacts",
    {
        "Given Name": "given_name", "Additional Name": "patronymic", "Family Name": "surname",
        "E-mail 1 - Value": "email.raw", "Phone 1 - Value": "phone.raw",
        "Organization 1 - Name": "position.party", "Organization 1 - Title": "position.position",
    },
)  # fmt: skip
OUTLOOK = book(
    "outlook-contacts",
    {
        "Name": "full_name", "E-mail Address": "email.raw", "E-mail 2 Address": "email.raw",
        "E-mail 3 Address": "email.raw", "Notes": "note", "Mobile Phone": "phone.raw", "Home Phone": "phone.raw",
        "Home Phone 2": "phone.raw", "Business Phone": "phone.raw", "Business Phone 2": "phone.raw",
        "Other Phone": "phone.raw", "Business Fax": "fax.raw", "Company": "position.party",
        "Job Title": "position.position",
    },
    {"Action": ["delete"]},
    needs=("Action", "ID"),
)  # fmt: skip
LINKEDIN = book(
    "linkedin",
    {
        "First Name": "given_name", "Last Name": "surname", "URL": "site.raw", "Email Address": "email.raw",
        "Company": "position.party", "Position": "position.position",
    },
    needs=("Connected On",),
)  # fmt: skip
ADDRESS_BOOKS = (
    SetPlan("google-contacts", _("Google contacts"), (GOOGLE,)),
    SetPlan("outlook-contacts", _("Outlook contacts"), (OUTLOOK,)),
    SetPlan("linkedin", _("LinkedIn connections"), (LINKEDIN,)),
)
