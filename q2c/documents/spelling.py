"""Amounts in words, as some countries want them below the sum of an invoice."""

from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from q2c.core.invoice import Invoice
from q2c.core.money import Money, decimals
from q2c.documents.language import Language

# Languages that the library knows by another code.
_CODES: Final = {"nb": "no"}


def spelled(invoice: Invoice, lang: Language) -> Invoice:
    """Write what is to be paid in words too, where the language asks for it.

    The words are kept with the invoice: what it says does not change with the library.
    """
    if not lang.formats.in_words:
        return invoice
    return replace(invoice, in_words=in_words(lang, invoice.payable))


def in_words(lang: Language, money: Money) -> str:
    """Write an amount in words: `dwa złote, pięć groszy`.

    Where nobody has words for the currency, its code and the fraction stand behind the number,
    as on a cheque: `dwa SEK 05/100`.
    """
    from num2words import num2words

    code = _CODES.get(lang.code, lang.code)
    try:
        said = num2words(money.amount, lang=code, to="currency", currency=money.currency)
    except (NotImplementedError, TypeError):  # the second where a language has one currency only
        whole, rest = divmod(money.minor, 10 ** decimals(money.currency))
        said = f"{num2words(Decimal(whole), lang=code)} {money.currency}{_fraction(money, rest)}"
    return str(said)


def _fraction(money: Money, rest: int) -> str:
    places = decimals(money.currency)
    return f" {rest:0{places}}/{10**places}" if places else ""
