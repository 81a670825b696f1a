"""Quotes as PDF: what is offered, until when, and where to sign."""

from collections.abc import Iterator

from q2c.core.money import Money
from q2c.core.quote import Priced, dues
from q2c.core.quote.otherwise import differences
from q2c.documents.choosing import boxes_of, choice_blocks
from q2c.documents.discounts import whole_discounts
from q2c.documents.draw import drawn
from q2c.documents.language import Language, day
from q2c.documents.look import Look
from q2c.documents.offered import offered_table
from q2c.documents.parts import block, clause_body, facts, footer, info, several_untaxed, sums
from q2c.documents.payments import payment_plan, rate_remarks, recurring_plan
from q2c.documents.sheet import Cover, Fact, Sheet, Signature, Signing, Sums, Table


def quote_pdf(quote: Priced, look: Look) -> bytes:
    """Draw a quote; one that was not sent yet is marked as a draft."""
    return drawn(quote_sheet(quote, look), look)


def quote_sheet(quote: Priced, look: Look) -> Sheet:
    """Write out everything that a quote says."""
    lang, seller = look.language, quote.seller
    title = lang.say("quote")
    number = quote.number if quote.version < 2 else quote.ref  # noqa: PLR2004 - the second version
    several, changes = several_untaxed(quote.vat), differences(quote)
    intro = quote.intro or look.intro("quote") or quote.note
    covered = look.theme.cover if quote.cover is None else quote.cover
    return Sheet(
        info=info(look, f"{title} {number}", quote.date, quote),
        title=title,
        number=number,
        sender=seller.name,
        facts=facts(lang, _facts(lang, quote)),
        parties=(block(lang, quote.buyer, seller.address.country),),
        subject=quote.title,
        text=intro,
        table=_table(lang, quote, several=several),
        sums=_sums(lang, quote),
        blocks=tuple(_blocks(lang, quote, changes, several=several)),
        body=clause_body(lang, quote.clauses),
        notes=tuple(_notes(lang, quote, look.letter("quote"), introduced=intro != quote.note)),
        signing=_signing(lang, quote, number, changes),
        footer=footer(look, seller, quote.buyer),
        page=lang.say("page"),
        mark="" if quote.version else lang.say("draft"),
        cover=_cover(lang, quote, intro) if covered else None,
    )


def _cover(lang: Language, quote: Priced, intro: str) -> Cover:
    """Say on a page of its own what is offered, to whom, by whom and until when."""
    home = quote.seller.address.country
    told = ("quote_date", day(lang, quote.date)), ("valid_until", day(lang, quote.valid_until))
    people = ("your_reference", quote.buyer.reference), ("our_reference", quote.seller.reference)
    return Cover(
        parties=(
            block(lang, quote.buyer, home, lang.say("customer")),
            block(lang, quote.seller, quote.buyer.address.country, lang.say("seller")),
        ),
        facts=facts(lang, (*told, *people)),
        text=intro,
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


def _table(lang: Language, quote: Priced, *, several: bool) -> Table | None:
    """Write the lines that count; where the customer is to choose all of them, there are none."""
    if not quote.counted:
        return None
    return offered_table(lang, quote.counted, quote.currency, several=several)


def _sums(lang: Language, quote: Priced) -> Sums:
    """Write the totals, what led to them, and what they are in the seller's currency."""
    above = whole_discounts(lang, quote.counted, quote.reduced, quote.currency)
    rate = rate_remarks(lang, quote.exchange, quote.total, quote.seller.currency)
    told = (lang.say("prices_with_vat"),) if quote.prices_include_vat else ()
    return sums(lang, quote.vat, quote.net, "total", (*told, *rate), above)


def _blocks(
    lang: Language, quote: Priced, changes: dict[str, Money], *, several: bool
) -> Iterator[Table]:
    """Write what stands below the totals: what can be chosen, what recurs, when it is paid."""
    yield from choice_blocks(lang, quote, changes, several=several)
    yield from recurring_plan(lang, quote.counted, quote.currency)
    yield from payment_plan(lang, quote.payments, dues(quote), quote.currency)


def _notes(lang: Language, quote: Priced, letter: str, *, introduced: bool) -> Iterator[Fact]:
    until = day(lang, quote.valid_until)
    if quote.payments:
        terms = lang.say("quote_terms_plan", date=until)
    else:
        terms = lang.say("quote_terms", date=until, days=str(quote.due_days))
    yield Fact(lang.say("conditions"), terms)
    if introduced and quote.note:
        yield Fact(lang.say("note"), quote.note)
    if quote.attachments:
        names = (paper.path.rpartition("/")[2] for paper in quote.attachments)
        yield Fact(lang.say("attachments"), ", ".join(names))
    if letter:
        yield Fact("", letter)


def _signing(lang: Language, quote: Priced, number: str, changes: dict[str, Money]) -> Signing:
    until, address = day(lang, quote.valid_until), quote.seller.email
    lines = tuple(lang.say(key) for key in ("place_and_date", "signature", "name_in_print"))
    how = "accept_how" if address else "accept_plain"
    boxes = tuple(boxes_of(lang, quote, changes))
    ticked = f" {lang.say('tick')}" if boxes else ""
    return Signing(
        title=lang.say("accept"),
        text=lang.say(how, number=number, date=until, address=address) + ticked,
        boxes=boxes,
        signatures=(Signature(lang.say("for_party", name=quote.buyer.name), lines),),
    )
