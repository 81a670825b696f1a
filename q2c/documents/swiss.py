"""The Swiss QR-bill: what its code holds, and what its payment part and receipt say.

Swiss Implementation Guidelines QR-bill, version 2.3; the headings are those of its annex D.
"""

import re
from typing import Final
from unicodedata import normalize

from q2c.core.identifier import digits, qr_iban, qr_reference, swiss_iban
from q2c.core.money import Money
from q2c.core.party import Party, compact
from q2c.documents.parts import in_fours
from q2c.documents.payment_codes import Owed, takes_sepa
from q2c.documents.sheet import Bill, BillWords

LARGEST: Final = 99_999_999_999
NAME, STREET, HOUSE, POSTAL_CODE, TOWN, MESSAGE = 70, 70, 16, 16, 35, 140
HOME: Final = ("CH", "LI")
# A name of a street and the number of a house behind it.
_HOUSED: Final = re.compile(r"(\S.*?)[ ,]+([0-9]+(?: ?[A-Za-z])?)")
# Basic Latin, Latin-1, Latin Extended-A, and five signs more: all that a code may hold.
_WRITABLE: Final = re.compile("[ -~\u00a0-\u017f\u0218-\u021b\u20ac]*")

WORDS: Final = {
    "en": BillWords(
        payment_part="Payment part",
        account="Account / Payable to",
        reference="Reference",
        information="Additional information",
        currency="Currency",
        amount="Amount",
        receipt="Receipt",
        acceptance="Acceptance point",
        separate="Separate before paying in",
        payer="Payable by",
        payer_open="Payable by (name/address)",
    ),
    "de": BillWords(
        payment_part="Zahlteil",
        account="Konto / Zahlbar an",
        reference="Referenz",
        information="Zusätzliche Informationen",
        currency="Währung",
        amount="Betrag",
        receipt="Empfangsschein",
        acceptance="Annahmestelle",
        separate="Vor der Einzahlung abzutrennen",
        payer="Zahlbar durch",
        payer_open="Zahlbar durch (Name/Adresse)",
    ),
    "fr": BillWords(
        payment_part="Section paiement",
        account="Compte / Payable à",
        reference="Référence",
        information="Informations supplémentaires",
        currency="Monnaie",
        amount="Montant",
        receipt="Récépissé",
        acceptance="Point de dépôt",
        separate="A détacher avant le versement",
        payer="Payable par",
        payer_open="Payable par (nom/adresse)",
    ),
    "it": BillWords(
        payment_part="Sezione pagamento",
        account="Conto / Pagabile a",
        reference="Riferimento",
        information="Informazioni supplementari",
        currency="Valuta",
        amount="Importo",
        receipt="Ricevuta",
        acceptance="Punto di accettazione",
        separate="Da staccare prima del versamento",
        payer="Pagabile da",
        payer_open="Pagabile da (nome/indirizzo)",
    ),
}


def swiss_bill(owed: Owed, language: str) -> Bill | None:
    """Make the QR-bill of what is to be paid, where its rules allow one.

    The account is Swiss and the currency CHF or EUR. EUR from outside Switzerland is paid by a
    SEPA transfer instead, where the account takes one. A name of the seller in letters that a
    code may not hold makes none; a payer in such letters is left open.
    """
    iban = compact(owed.seller.bank.iban)
    abroad = owed.buyer.address.country not in HOME and takes_sepa(owed.seller)
    fits = owed.amount.currency == "CHF" or (owed.amount.currency == "EUR" and not abroad)
    if not (swiss_iban(iban) and fits and 0 < owed.amount.minor <= LARGEST):
        return None
    payee, payer = structured(owed.seller), structured(owed.buyer)
    if payee is None:
        return None
    kind, reference = reference_of(owed)
    message = _writable(owed.number, MESSAGE) or ""
    return Bill(
        words=WORDS.get(language, WORDS["en"]),
        account=in_fours(iban),
        payee=_shown(payee),
        reference=_grouped(kind, reference),
        message=message,
        payer=_shown(payer) if payer else (),
        currency=owed.amount.currency,
        amount=_spaced(owed.amount),
        code=payload(owed, payee, payer, message),
    )


def payload(owed: Owed, payee: tuple[str, ...], payer: tuple[str, ...] | None, message: str) -> str:
    """Write what the code holds, line by line, the last lines left out that would be empty."""
    kind, reference = reference_of(owed)
    lines = (
        *("SPC", "0200", "1", compact(owed.seller.bank.iban)),
        *payee,
        *[""] * 7,  # an ultimate creditor, for future use
        *(f"{owed.amount.amount:f}", owed.amount.currency),
        *(payer or [""] * 7),
        *(kind, reference, message, "EPD"),
    )
    return "\r\n".join(lines)


def reference_of(owed: Owed) -> tuple[str, str]:
    """Say how a payment is known again: a QR reference, a creditor reference, or by its text.

    A QR-IBAN takes a QR reference and nothing else; its digits are those of the number.
    """
    if qr_iban(owed.seller.bank.iban):
        return "QRR", qr_reference((digits(owed.number) or "0")[-26:])
    return ("SCOR", owed.rf) if owed.rf else ("NON", "")


def structured(party: Party) -> tuple[str, ...] | None:
    """Write a party with a structured address (type S), or nothing if its letters do not fit."""
    place = party.address
    housed = _HOUSED.fullmatch(place.street)
    street, house = housed.groups() if housed else (place.street, "")
    parts = (
        _writable(party.name, NAME),
        _writable(street, STREET),
        _writable(house, HOUSE),
        _writable(place.postal_code, POSTAL_CODE),
        _writable(place.city, TOWN),
    )
    told = [part for part in parts if part is not None]
    return ("S", *told, place.country) if len(told) == len(parts) else None


def _writable(text: str, longest: int) -> str | None:
    plain = normalize("NFC", text).strip()
    return plain[:longest].rstrip() if _WRITABLE.fullmatch(plain) else None


def _shown(address: tuple[str, ...]) -> tuple[str, ...]:
    """Write an address as on an envelope; the country stands before a foreign postal code."""
    _, name, street, house, code, town, country = address
    place = f"{code} {town}" if country in HOME else f"{country}-{code} {town}"
    return tuple(filter(None, (name, f"{street} {house}".strip(), place)))


def _grouped(kind: str, reference: str) -> str:
    """Write a QR reference in fives behind its first two digits, any other in fours."""
    if kind != "QRR":
        return in_fours(reference)
    return " ".join([reference[:2], *(reference[at : at + 5] for at in range(2, 27, 5))])


def _spaced(amount: Money) -> str:
    """Write an amount as the bill wants it in every language: `1 949.75`."""
    return f"{amount.amount:,f}".replace(",", " ")
