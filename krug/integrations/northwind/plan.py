"""The shipped plan “northwind”; its orders wait for orders."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from krug.exchange.importing.plans import ColumnPlan, OnMatch, SetPlan, TablePlan

SYSTEM = "northwind"
COMPANY = (
    ColumnPlan("CompanyName", "display_name"),
    ColumnPlan("Address", "address.free_text"),
    ColumnPlan("City", "city"),
    ColumnPlan("Region", "region"),
    ColumnPlan("Country", "country", constant="US", missing="empty"),
    ColumnPlan("Phone", "phone.raw"),
    ColumnPlan("Fax", "fax.raw"),
    ColumnPlan("", "kind", constant="foreign_legal"),
    ColumnPlan("", "language", constant="en"),
    ColumnPlan("ContactName", "note"),
    ColumnPlan("ContactTitle", "note"),
)


def companies(table: str, number: str, role: str) -> TablePlan:
    """Customers and suppliers have the same columns beside their number."""
    prefix = "" if role == "customer" else f"{role}-"
    columns = (
        ColumnPlan("", "source_key", constant=f"{prefix}{{{number}}}"),
        ColumnPlan("", "role.role", constant=role),
        *COMPANY,
    )
    return TablePlan(
        table, "party", (ColumnPlan(number), *columns), keys=("source",), on_match=OnMatch.SKIP.value, system=SYSTEM
    )


EMPLOYEES = TablePlan(
    "employees",
    "user",
    (
        ColumnPlan("EmployeeID"),
        ColumnPlan("LastName", "surname"),
        ColumnPlan("FirstName", "given_name"),
        ColumnPlan("Title", "position"),
        ColumnPlan("ReportsTo"),
        ColumnPlan("", "email", constant="{FirstName}.{LastName}@northwind.invalid"),
        ColumnPlan("", "language", constant="en"),
        ColumnPlan("", "timezone", constant="UTC"),
    ),
    keys=("email",),
    system=SYSTEM,
)
CATEGORIES = TablePlan(
    "categories",
    "product-category",
    (
        ColumnPlan("CategoryID"),
        ColumnPlan("CategoryName", "name_en"),
        ColumnPlan("Description"),
    ),
    keys=("name_en",),
    system=SYSTEM,
)
PRODUCTS = TablePlan(
    "products",
    "product",
    (
        ColumnPlan("ProductID", "source_key"),
        ColumnPlan("", "code", constant="NW-{ProductID}"),
        ColumnPlan("ProductName", "name_en"),
        ColumnPlan("QuantityPerUnit", "series"),
        ColumnPlan("UnitPrice", "price"),
        ColumnPlan("Discontinued"),
        ColumnPlan("", "currency", constant="USD"),
        ColumnPlan("", "uom", constant="pcs"),
        ColumnPlan(
            "CategoryID",
            "category",
            words={
                "1": "Beverages", "2": "Condiments", "3": "Confections", "4": "Dairy Products",
                "5": "Grains/Cereals", "6": "Meat/Poultry", "7": "Produce", "8": "Seafood",
            },
            missing="create",
        ),
    ),
    keys=("source",),
    system=SYSTEM,
    decimal=".",
)  # fmt: skip
WAITING = ("OrderID", "TerritoryID", "RegionID", "ShipperID")
NORTHWIND = SetPlan(
    "northwind",
    _("Northwind"),
    (
        companies("customers", "CustomerID", "customer"),
        companies("suppliers", "SupplierID", "supplier"),
        EMPLOYEES,
        CATEGORIES,
        PRODUCTS,
        *(TablePlan(name, "", (ColumnPlan(name),)) for name in WAITING),
    ),
    note=_("Orders, shippers and territories wait until there are types of records for them."),
)
