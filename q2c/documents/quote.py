"""Quotes as PDF: what is offered, until when, and where to sign."""

from collections.abc import Iterator

from q2c.core.quote import Priced
from q2c.documents.draw import drawn
from q2c.documents.language import Language, day
from q2c.documents.look import Look
from q2c.documents.offered import offered_table
from q2c.documents.parts import block, facts, footer, info, several_untaxed, sums
from q2c.documents.sheet import Fact, Sheet, Signature, Signing


def quote_pdf(quote: Priced, look: Look) -> bytes:
    """Draw a quote; one that was not sent yet is marked as a draft."""
    return drawn(quote_sheet(quote, look), look)


def quote_sheet(quote: Priced, look: Look) -> Sheet:
    """Write out everything that a quote says."""
    lang, seller = look.language, quote.seller
    title = lang.say("quote")
    number = quote.number if quote.version < 2 else quote.ref  # noqa: PLR2004 - the second version
    several = several_untaxed(quote.vat)
    return Sheet(
        info=info(look, f"{title} {number}", quote.date, quote),
        title=title,
        number=number,
        sender=seller.name,
        facts=facts(lang, _facts(lang, quote)),
        parties=(block(lang, quote.buyer, seller.address.country),),
        subject=quote.title,
        text=quote.note,
        table=offered_table(lang, quote.lines, quote.currency, several=several),
        sums=sums(lang, quote.vat, quote.net, "total"),
        notes=tuple(_notes(lang, quote, look.letter("quote"))),
        signing=_signing(lang, quote, number),
        footer=footer(look, seller, quote.buyer),
        page=lang.say("page"),
        mark="" if quote.version else lang.say("draft"),
    )


def _facts(lang: Language, quote: Priced) -> Iterator[tuple[str, str]]:
    yield "quote_date", day(lang, quote.date)
    yield "valid_until", day(lang, quote.valid_until)
    if quote.starts != quote.date:
        yield "starts", day(lang, quote.starts)
    yield "customer_number", quote.buyer.id
    yield "your_reference", quote.buyer.reference
    yield "your_vat", quote.buyer.vat_id
    yield "our_reference", quote.seller.reference


def _notes(lang: Language, quote: Priced, letter: str) -> Iterator[Fact]:
    until = day(lang, quote.valid_until)
    terms = lang.say("quote_terms", date=until, days=str(quote.due_days))
    yield Fact(lang.say("conditions"), terms)
    if letter:
        yield Fact("", letter)


def _signing(lang: Language, quote: Priced, number: str) -> Signing:
    until, address = day(lang, quote.valid_until), quote.seller.email
    lines = tuple(lang.say(key) for key in ("place_and_date", "signature", "name_in_print"))
    how = "accept_how" if address else "accept_plain"
    return Signing(
        title=lang.say("accept"),
        text=lang.say(how, number=number, date=until, address=address),
        signatures=(Signature(lang.say("for_party", name=quote.buyer.name), lines),),
    )
