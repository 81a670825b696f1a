"""Rules of XRechnung 3.0 that an invoice of q2c can break (BR-DE-…, by KoSIT's release 2.6.0).

Peppol has taken most of them up where both parties are German, under names of its own (DE-R-…).
"""

import re
from collections import Counter
from typing import Final

from msgspec.structs import replace

from q2c.core.einvoice.formats import SPECIFICATIONS
from q2c.core.einvoice.group import Group
from q2c.core.einvoice.rules.rule import ANEW, About, Breaks, Rule, lacks, taxed_as, unless, where
from q2c.core.einvoice.saying import groups, text
from q2c.core.identifier import iban

_TYPES: Final = frozenset("326 380 381 384 389 875 876 877".split())
_ATOM: Final = r"[a-zA-Z0-9!#$%&\"*+/=?^_`{|}~-]+"
_LABEL: Final = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_MAIL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")
_BUYER: Final = "customers/{customer}.yaml"


def _delivered(term: str) -> Breaks:
    return where(lambda found: "BT-80" in found, lacks(term))


def _matches(term: str, form: re.Pattern[str]) -> Breaks:
    return lambda found: [
        value for value in (text(found, term),) if value and not form.search(value)
    ]


def _bad_mail(found: Group) -> list[str]:
    mail = text(found, "BT-43")
    return [mail] if mail and not _MAIL.fullmatch(mail) else []


def _bad_iban(found: Group) -> list[str]:
    accounts = [text(one, "BT-84") for one in groups(found, "BG-17")]
    return [number for number in accounts if text(found, "BT-81") == "58" and not iban(number)]


def _same_names(found: Group) -> list[str]:
    names = Counter(text(one, "BT-125-2") for one in groups(found, "BG-24") if "BT-125" in one)
    return [name for name, count in names.items() if count > 1]


def _marked(found: Group) -> bool:
    """Say whether a line of the terms begins with #, as only terms of cash discounts do."""
    return any(line.lstrip().startswith("#") for line in text(found, "BT-20").splitlines())


def _needs(id_: str, term: str, what: str, about: About, field: str) -> Rule:
    """Make a rule of a term that must be there."""
    file = "company.yaml" if about == "company" else _BUYER
    remedy = f"Write {field} into {file}."
    say = f"{what} is missing ({term})."
    return Rule(id=id_, breaks=lacks(term), say=say, remedy=remedy, about=about, field=field)


RULES: Final = (
    Rule(
        id="BR-DE-1",
        breaks=lacks("BT-81"),
        say="It is not said how to pay (BG-16).",
        remedy="Write bank.iban into company.yaml.",
        about="company",
        field="bank",
    ),
    Rule(
        id="BR-DE-2",
        breaks=lacks("BT-41", "BT-42", "BT-43"),
        say="Nobody at the seller's can be asked (BG-6).",
        remedy="Write contact, phone and email into company.yaml.",
        about="company",
    ),
    _needs("BR-DE-3", "BT-37", "The seller's town", "company", "address.city"),
    _needs("BR-DE-4", "BT-38", "The seller's post code", "company", "address.postal_code"),
    _needs("BR-DE-5", "BT-41", "The seller's contact", "company", "contact"),
    _needs("BR-DE-6", "BT-42", "The seller's telephone number", "company", "phone"),
    _needs("BR-DE-7", "BT-43", "The seller's mail address", "company", "email"),
    _needs("BR-DE-8", "BT-52", "The buyer's town", "customer", "address.city"),
    _needs("BR-DE-9", "BT-53", "The buyer's post code", "customer", "address.postal_code"),
    Rule(
        id="BR-DE-10",
        breaks=_delivered("BT-77"),
        say="The town of delivery is missing (BT-77).",
        remedy=f"Write delivery_address.city into {_BUYER}.",
        about="customer",
        field="delivery_address",
    ),
    Rule(
        id="BR-DE-11",
        breaks=_delivered("BT-78"),
        say="The post code of delivery is missing (BT-78).",
        remedy=f"Write delivery_address.postal_code into {_BUYER}.",
        about="customer",
        field="delivery_address",
    ),
    Rule(
        id="BR-DE-14",
        breaks=unless(lambda found: all("BT-119" in row for row in groups(found, "BG-23"))),
        say="The rate of a VAT category is missing (BT-119).",
        remedy=ANEW,
    ),
    Rule(
        id="BR-DE-15",
        breaks=lacks("BT-10"),
        say="The buyer's reference is missing (BT-10), to the public sector the Leitweg-ID.",
        remedy=f"Write reference into {_BUYER}.",
        about="customer",
        field="reference",
    ),
    Rule(
        id="BR-DE-16",
        breaks=where(taxed_as("S", "Z", "E", "AE", "K", "G"), lacks("BT-31", "BT-32")),
        say="The seller has no VAT number and no tax registration (BT-31, BT-32).",
        remedy="Write vat_id into company.yaml.",
        about="company",
        field="vat_id",
    ),
    Rule(
        id="BR-DE-17",
        breaks=lambda found: [code for code in (text(found, "BT-3"),) if code not in _TYPES],
        say="A document of type {what} is none of XRechnung.",
        remedy=ANEW,
    ),
    Rule(
        id="BR-DE-18",
        breaks=unless(lambda found: not _marked(found)),
        say="A line of the terms of payment begins with # (BT-20).",
        remedy=ANEW,
    ),
    Rule(
        id="BR-DE-19",
        breaks=_bad_iban,
        say="{what} is no IBAN, and payment is by SEPA credit transfer.",
        remedy="Correct bank.iban in company.yaml.",
        about="company",
        field="bank.iban",
    ),
    Rule(
        id="BR-DE-21",
        breaks=unless(lambda found: found.get("BT-24") == SPECIFICATIONS["xrechnung"]),
        say="The specification is not that of XRechnung 3.0 (BT-24).",
        remedy=ANEW,
    ),
    Rule(
        id="BR-DE-22",
        breaks=_same_names,
        say="Two attachments are named {what}.",
        remedy=ANEW,
    ),
    Rule(
        id="BR-DE-23-a",
        breaks=where(lambda found: text(found, "BT-81") in {"30", "58"}, lacks("BG-17")),
        say="It is to be paid by transfer, and no account is said (BG-17).",
        remedy="Write bank.iban into company.yaml.",
        about="company",
        field="bank",
    ),
    Rule(
        id="BR-DE-27",
        breaks=_matches("BT-42", re.compile(r"(?:[0-9].*){3}")),
        say="The telephone number {what} has not three digits.",
        remedy="Correct phone in company.yaml.",
        about="company",
        field="phone",
    ),
    Rule(
        id="BR-DE-28",
        breaks=_bad_mail,
        say="{what} is no mail address.",
        remedy="Correct email in company.yaml.",
        about="company",
        field="email",
    ),
)

# What Peppol calls them.
NAMES: Final = {
    **{f"BR-DE-{n}": f"DE-R-{n:03}" for n in (*range(1, 12), 14, 15, 16, 17, 18, 19, 22, 27, 28)},
    "BR-DE-23-a": "DE-R-023-1",
}


def both_german(terms: Group) -> bool:
    """Say whether seller and buyer are in Germany."""
    return text(terms, "BT-40") == text(terms, "BT-55") == "DE"


IN_PEPPOL: Final = tuple(
    replace(rule, id=NAMES[rule.id], breaks=where(both_german, rule.breaks))
    for rule in RULES
    if rule.id in NAMES
)
