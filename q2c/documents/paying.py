"""How to pay, for documents that ask for money: accounts, references, a code or a Swiss bill."""

from collections.abc import Iterator

from q2c.documents.language import Language, money
from q2c.documents.parts import bankgiro, facts, in_fours, plusgiro
from q2c.documents.payment_codes import Owed, code_for, pay_link
from q2c.documents.sheet import Slip


def slip_of(lang: Language, owed: Owed, title: str) -> Slip:
    """Say how something is paid, below a title that says when."""
    code = code_for(owed)
    return Slip(
        title=title,
        amount=money(lang, owed.amount),
        facts=facts(lang, _accounts(owed)),
        link=pay_link(owed) if owed.seller.bank.pay_link else "",
        code=code.payload if code else "",
        code_label=lang.say(code.label) if code else "",
    )


def _accounts(owed: Owed) -> Iterator[tuple[str, str]]:
    """Name the accounts that fit: Bankgiro and OCR at home in SEK, IBAN and RF otherwise.

    What has no reference of its own is paid with its number as the message.
    """
    bank = owed.seller.bank
    swedish = owed.amount.currency == "SEK" and (bank.bankgiro or bank.plusgiro)
    if swedish:
        yield "bankgiro", bankgiro(bank.bankgiro)
        yield "plusgiro", plusgiro(bank.plusgiro)
        yield "ocr", owed.ocr
    if not swedish or owed.buyer.address.country != owed.seller.address.country:
        yield "iban", in_fours(bank.iban)
        yield "bic", bank.bic
        yield "rf", in_fours(owed.rf)
    if not (owed.ocr or owed.rf):
        yield "pay_message", owed.number
