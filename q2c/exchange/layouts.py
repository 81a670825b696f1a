"""Layouts: which columns other programs' lists of customers have, and what we call them."""

from collections.abc import Mapping, Sequence

from q2c.core.fault import Fault, Invalid, Misused, nearest
from q2c.exchange.sheet import Row, Sheet

# What can be read of a company, then of a person there.
COMPANY = (
    *("id", "name", "kind", "org_number", "vat_id", "street", "house", "line2", "postal_code"),
    *("city", "region", "country", "language", "currency", "due_days", "price_list", "segment"),
    *("domain", "note"),
)
PERSON = ("contact", "first_name", "last_name", "title", "email", "phone")
FIELDS = (*COMPANY, *PERSON)
Layout = Mapping[str, tuple[str, ...]]
# Headers in small letters by field; of several the first that is filled counts. HubSpot and
# Salesforce head their exports with the labels of their fields, Data Loader with the names.
HUBSPOT: Layout = {
    "name": ("associated company", "company name", "name"),
    "domain": ("company domain name", "website url"),
    "street": ("street address", "address"),
    "line2": ("street address 2", "address 2"),
    "postal_code": ("postal code", "zip"),
    "city": ("city",),
    "region": ("state/region",),
    "country": ("country/region", "country"),
    "first_name": ("first name",),
    "last_name": ("last name",),
    "title": ("job title",),
    "email": ("email", "work email"),
    "phone": ("phone number", "mobile phone number"),
}
SALESFORCE: Layout = {
    "name": ("account name", "account: account name", "company / account", "account.name", "name"),
    "domain": ("website",),
    "street": ("billing street", "billingstreet", "mailing street", "mailingstreet"),
    "postal_code": (
        *("billing zip/postal code", "billingpostalcode"),
        *("mailing zip/postal code", "mailingpostalcode"),
    ),
    "city": ("billing city", "billingcity", "mailing city", "mailingcity"),
    "region": (
        *("billing state/province", "billingstate"),
        *("mailing state/province", "mailingstate"),
    ),
    "country": ("billing country", "billingcountry", "mailing country", "mailingcountry"),
    "first_name": ("first name", "firstname"),
    "last_name": ("last name", "lastname"),
    "title": ("title",),
    "email": ("email",),
    "phone": ("phone", "mobile", "mobilephone"),
}
_PIPEDRIVE_ADDRESS = {
    "street": "street/road name of address",
    "house": "house number of address",
    "postal_code": "zip/postal code of address",
    "city": "city/town/village/locality of address",
    "region": "state/county of address",
    "country": "country of address",
}
PIPEDRIVE: Layout = {
    "name": ("organization - name", "person - organization", "organization"),
    "domain": ("organization - website",),
    **{
        field: (f"organization - {part}", f"organization - address - {part}")
        for field, part in _PIPEDRIVE_ADDRESS.items()
    },
    "contact": ("person - name",),
    "first_name": ("person - first name",),
    "last_name": ("person - last name",),
    "title": ("person - job title",),
    "email": ("person - email", "person - email - work", "person - email (work)"),
    "phone": ("person - phone", "person - phone - work", "person - phone (work)"),
}
PIPEDRIVE_ORGANIZATIONS: Layout = {
    "name": ("name",),
    "domain": ("website",),
    **{field: (part,) for field, part in _PIPEDRIVE_ADDRESS.items()},
}
PIPEDRIVE_PEOPLE: Layout = {
    "name": ("organization",),
    "contact": ("name",),
    "first_name": ("first name",),
    "last_name": ("last name",),
    "title": ("job title",),
    "email": ("email", "email - work"),
    "phone": ("phone", "phone - work"),
}
LAYOUTS: Mapping[str, Layout] = {
    "q2c": {field: tuple({field: 1, field.replace("_", " "): 1}) for field in FIELDS},
    "HubSpot": HUBSPOT,
    "Salesforce": SALESFORCE,
    "Pipedrive": PIPEDRIVE,
    "Pipedrive organizations": PIPEDRIVE_ORGANIZATIONS,
    "Pipedrive people": PIPEDRIVE_PEOPLE,
}


def laid(sheet: Sheet, stated: Mapping[str, str]) -> tuple[str, list[Row], list[str]]:
    """Give the name of a sheet's layout, its rows by our fields, and the columns not read.

    The layout is the one that knows most of the columns. `stated` says for fields which
    column they are in, and counts before it.
    """
    headers = {_plain(column): column for column in sheet.columns}
    name, layout = max(LAYOUTS.items(), key=lambda one: len(_known(one[1], headers)))
    columns = {
        field: [headers[header] for header in layout.get(field, ()) if header in headers]
        for field in FIELDS
    }
    taken = {column: field for field, column in _stated(stated, sheet, headers).items()}
    for field, known in columns.items():
        columns[field] = [column for column in known if column not in taken]
    for column, field in taken.items():
        columns[field] = [column]
    _refuse_nameless(columns, sheet)
    read = {column for known in columns.values() for column in known}
    rows = [Row(row.place, _cells(row, columns)) for row in sheet.rows]
    return name, rows, [column for column in sheet.columns if column not in read]


def _plain(header: str) -> str:
    """Give a header as it is compared; a star marks a needed column in some templates."""
    return " ".join(header.rstrip("* ").lower().split())


def _known(layout: Layout, headers: Mapping[str, str]) -> set[str]:
    return {header for known in layout.values() for header in known if header in headers}


def _stated(stated: Mapping[str, str], sheet: Sheet, headers: Mapping[str, str]) -> dict[str, str]:
    """Find the columns that were named for fields; refuse what there is not."""
    for field in stated:
        if field not in FIELDS:
            message = f"There is no field '{field}'."
            raise Misused(Fault("unknown-field", message, remedy=nearest(field, FIELDS)))
    for column in stated.values():
        if _plain(column) not in headers:
            message = f"There is no column '{column}'."
            remedy = nearest(column, sheet.columns)
            raise Invalid(Fault("unknown-column", message, sheet.place, remedy))
    return {field: headers[_plain(column)] for field, column in stated.items()}


def _refuse_nameless(columns: Mapping[str, Sequence[str]], sheet: Sheet) -> None:
    """Refuse a sheet in which neither companies nor people can be told apart."""
    if not any(columns[field] for field in ("name", "id", "email")):
        message = "No column is known to name companies."
        remedy = "Say which does:  --map name=COLUMN  and so on for street, city, country …"
        raise Invalid(Fault("unknown-layout", message, sheet.place, remedy))


def _cells(row: Row, columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Give what a row says, by our fields."""
    first = (
        (field, next((row[column] for column in known if row[column]), ""))
        for field, known in columns.items()
    )
    return {field: value for field, value in first if value}
