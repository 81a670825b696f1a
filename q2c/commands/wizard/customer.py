"""The wizard's question about who buys: found by some letters, or written down on the way."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from msgspec import Struct

from q2c.commands.customers.customer import record_of, write_customer
from q2c.commands.customers.likeness import told as likeness_told
from q2c.commands.wizard.asking import Back, chosen, in_turn, searched, tell, typed
from q2c.commands.wizard.searching import Choice
from q2c.commands.wizard.talk import Talk, first_words
from q2c.core.fault import Refused
from q2c.core.likeness import duplicates, named
from q2c.core.money import CURRENCIES
from q2c.core.party import LANGUAGES, Address, Company, Contact, Customer
from q2c.core.tax import EU
from q2c.store.identifiers import customer_number_faults
from q2c.store.master import customer_ids, read_customers

NEW = Choice("+", "+ new customer", "write one down on the way")
NOBODY = "Nobody is called so. Enter once more makes a new customer of that name."
LONGEST = 200
ANOTHER, AGAIN, WRITE = "?another", "?again", "?write"  # no ids
Said = Mapping[str, str]
Keep = Callable[[Said], None]


class Field(Struct, frozen=True):
    """Something to ask about a customer, what is wrong with an answer, and the usual one."""

    key: str
    question: str
    check: Callable[[Said, str], bool | str]
    usual: Callable[[Talk, Said], str] = lambda _, __: ""


def ask_customer(talk: Talk, keep: Keep) -> str:
    """Ask who buys; give the id of a customer, who is new and written down if that is wished."""
    while True:
        customers = read_customers(talk.shop.files)
        choices = [_buyer(customer, talk.shop.company) for customer in customers.values()]
        new, other = (NEW, NOBODY) if talk.customers else (None, "")
        said = searched("Customer", choices, empty=False, more=new, other=other)
        if said in customers:
            return said
        try:
            return new_customer(talk, {"name": "" if said == NEW.id else said}, keep)
        except Back:
            continue


def _buyer(customer: Customer, company: Company) -> Choice:
    due = customer.terms.due_days
    days = company.terms.due_days if due is None else due
    currency = customer.currency or company.currency
    about = f"net {days}, {currency}, {customer.address.country}"
    return Choice(customer.id, customer.name, about)


def new_customer(talk: Talk, said: Said, keep: Keep) -> str:
    """Ask for all that a customer needs, and write the file; give the id of one that is the same.

    Nothing is written before all is answered and looked at once more.
    """
    whose, where = ([partial(_ask, talk, keep, one) for one in some] for some in (WHO, WHERE))
    answered, last = [_answered(said, some) for some in (WHO, WHERE)], False
    while True:
        said = in_turn(said, whose, answered=answered[0], last=last)
        try:
            if same := _same(talk, said):
                return same
            said = in_turn(said, where, answered=answered[1])
            if id_ := _written(talk, said):
                return id_
        except Back:
            last = True
        else:
            last = False
        answered = [0, 0]


def _answered(said: Said, fields: Sequence[Field]) -> int:
    """Count the questions that were answered before a talk was broken off."""
    if len(said) <= 1:  # a name, perhaps: all is to be asked
        return 0
    return next((n for n, field in enumerate(fields) if field.key not in said), len(fields))


def _written(talk: Talk, said: Said) -> str:
    """Show what was answered, and write it if that is right; nothing where it is not."""
    id_ = named(said["name"], customer_ids(talk.shop.files))
    numbers = ", ".join(filter(None, (said.get("org_number"), said.get("vat_id"))))
    place = f"{said['street']}, {said['postal_code']} {said['city']}, {said['country']}"
    shown = "\n".join(filter(None, (said["name"], numbers, place, said.get("email"))))
    ways = [Choice(WRITE, f"Write customers/{id_}.yaml"), Choice(AGAIN, "Answer again")]
    if chosen(f"{shown}\nIs this right?", ways, silent=True) == AGAIN:
        return ""
    try:
        _, told = write_customer(record_of(id_, said), commit=talk.commit, warns=False)
    except Refused as refused:
        tell(f"{first_words(refused.faults)}")
        return ""
    tell(f"{told}")
    return id_


def _same(talk: Talk, said: Said) -> str:
    """Ask whether a customer who is much like the new one is the same; give its id if so."""
    others, fresh = read_customers(talk.shop.files), _candidate(said)
    like = [
        one for one in duplicates([fresh, *others.values()]) if fresh.id in (one.one, one.other)
    ]
    if not like:
        return ""
    same = dict.fromkeys(one.other if one.one == fresh.id else one.one for one in like)
    ways = [Choice(id_, others[id_].name) for id_ in same]
    ways.append(Choice(ANOTHER, f"Another one: {fresh.name}"))
    told = (likeness_told(one).replace(fresh.id, fresh.name) for one in like)
    answer = chosen("\n".join([*told, "Who is it?"]), ways)
    return "" if answer == ANOTHER else answer


def _candidate(said: Said) -> Customer:
    """Give the customer as far as is known, to look at its numbers and at its like."""
    address = Address(street="?", postal_code="?", city="?", country=said.get("country", ""))
    email = said.get("email", "")
    return Customer(
        id="?new",
        name=said["name"],
        org_number=said.get("org_number", ""),
        vat_id=said.get("vat_id", ""),
        address=address,
        contacts=(Contact(name="?", email=email),) if email else (),
    )


def _ask(talk: Talk, keep: Keep, field: Field, said: Said) -> Said | None:
    """Ask for one thing about a customer; what was answered before is the usual answer.

    A VAT number is asked for where nothing can be sold to a business without one.
    """
    if field.key == "vat_id" and not _abroad(talk, said):
        return None
    usual = said.get(field.key) or field.usual(talk, said)
    answer = typed(field.question, usual, partial(field.check, said))
    after = {**said, field.key: answer}
    after["kind"] = "consumer" if _abroad(talk, after) and not after.get("vat_id") else ""
    keep(after)
    return after


def _abroad(talk: Talk, said: Said) -> bool:
    """Say whether a customer is elsewhere in the EU."""
    country = said.get("country", "")
    return country in EU and country != talk.shop.company.address.country


def _needed(_: Said, text: str) -> bool | str:
    return 0 < len(text) <= LONGEST or f"Write from 1 to {LONGEST} characters."


def _is_country(_: Said, text: str) -> bool | str:
    return bool(re.fullmatch("[A-Z]{2}", text)) or "Write SE, FI, DE and the like."


def _is_org_number(said: Said, text: str) -> bool | str:
    return _can_be({**said, "vat_id": "", "org_number": text})


def _is_vat_id(said: Said, text: str) -> bool | str:
    return _can_be({**said, "vat_id": text})


def _can_be(said: Said) -> bool | str:
    faults = list(customer_number_faults(_candidate(said)))
    return first_words(faults) if faults else True


def _is_email(_: Said, text: str) -> bool | str:
    return not text or bool(re.fullmatch(r"[^ @]+@[^ @]+", text)) or "Write name@company.se."


def _is_language(_: Said, text: str) -> bool | str:
    return text in LANGUAGES or f"Write one of {', '.join(LANGUAGES)}."


def _is_currency(_: Said, text: str) -> bool | str:
    return text in CURRENCIES or "Write SEK, EUR and the like."


def _home(talk: Talk, _: Said) -> str:
    return talk.shop.company.address.country


def _language(talk: Talk, said: Said) -> str:
    company = talk.shop.company
    return company.language if said["country"] == company.address.country else "en"


def _currency(talk: Talk, said: Said) -> str:
    """Guess the euro for the rest of the EU, where something is priced in it."""
    products = talk.shop.shelf.catalog.products.values()
    if _abroad(talk, said) and any("EUR" in product.currencies() for product in products):
        return "EUR"
    return talk.shop.company.currency


WHO = (
    Field("name", "Name of the new customer", _needed),
    Field("country", "Country (SE, FI, DE …)", _is_country, _home),
    Field("org_number", "Organisation number (Enter: none)", _is_org_number),
    Field("vat_id", "VAT number (Enter: none, it is a consumer)", _is_vat_id),
    Field("email", "E-mail for quotes (Enter: none)", _is_email),
)
WHERE = (
    Field("street", "Street", _needed),
    Field("postal_code", "Postal code", _needed),
    Field("city", "City", _needed),
    Field("language", "Language of documents (en, sv, de …)", _is_language, _language),
    Field("currency", "Currency", _is_currency, _currency),
)
