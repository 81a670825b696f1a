"""Contracts as PDF: parties, prices, clauses as they were agreed, and signatures."""

from collections.abc import Iterator, Sequence

from q2c.core.contract import Contract
from q2c.core.money import total
from q2c.core.party import Party
from q2c.core.quote.figures import due_parts
from q2c.core.tax import VatTotal
from q2c.documents.discounts import whole_discounts
from q2c.documents.draw import drawn
from q2c.documents.language import Language, day, long_day, period
from q2c.documents.look import Look
from q2c.documents.offered import offered_table
from q2c.documents.parts import block, clause_body, facts, footer, info, several_untaxed, sums
from q2c.documents.payments import payment_plan, rate_remarks, recurring_plan
from q2c.documents.sheet import Block, Column, Fact, Row, Sheet, Signature, Signing, Sums, Table


def contract_pdf(contract: Contract, look: Look) -> bytes:
    """Draw a contract with the words that it keeps."""
    return drawn(contract_sheet(contract, look), look)


def contract_sheet(contract: Contract, look: Look) -> Sheet:
    """Write out everything that a contract says."""
    lang, seller = look.language, contract.seller
    title = lang.say("contract")
    number = contract.number if contract.version == 1 else f"{contract.number}/v{contract.version}"
    vat = contract.vat
    prices = lang.say("agreed_prices")
    several = several_untaxed(vat)
    letter = look.letter("contract")
    return Sheet(
        info=info(look, f"{title} {number}", contract.agreed_on, contract),
        title=title,
        number=number,
        sender=seller.name,
        facts=facts(lang, _facts(lang, contract)),
        parties=(
            _party(lang, contract.buyer, "customer"),
            _party(lang, seller, "seller"),
        ),
        subject=contract.title,
        text=look.intro("contract"),
        table=offered_table(lang, contract.lines, contract.currency, several=several, title=prices),
        sums=contract_sums(lang, contract),
        blocks=tuple(_blocks(lang, contract, vat)),
        body="\n\n".join(filter(None, (contract.words, clause_body(lang, contract.clauses)))),
        notes=(Fact("", letter),) if letter else (),
        signing=_signing(lang, contract),
        footer=footer(look, seller, contract.buyer),
        page=lang.say("page"),
    )


def _facts(lang: Language, contract: Contract) -> Iterator[tuple[str, str]]:
    yield "agreed_on", day(lang, contract.agreed_on)
    yield "term", period(lang, contract.term) if contract.term else ""
    yield "our_quote", contract.source
    yield "our_order", contract.order
    yield "your_order", contract.po
    yield "your_reference", contract.buyer.reference
    yield "your_vat", contract.buyer.vat_id
    yield "our_reference", contract.seller.reference


def contract_sums(lang: Language, contract: Contract) -> Sums:
    """Write the totals, what led to them, and what they are in the seller's currency."""
    vat = contract.vat
    above = whole_discounts(lang, contract.lines, contract.reduced, contract.currency)
    whole = contract.net + total((row.vat for row in vat), contract.currency)
    rate = rate_remarks(lang, contract.exchange, whole, contract.seller.currency)
    return sums(lang, vat, contract.net, "total", rate, above)


def _blocks(lang: Language, contract: Contract, vat: Sequence[VatTotal]) -> Iterator[Table]:
    """Write what stands below the totals: what recurs, when it is paid, what is attached."""
    whole = contract.net + total((row.vat for row in vat), contract.currency)
    parts = due_parts(contract.payments, whole)
    yield from recurring_plan(lang, contract.lines, contract.currency)
    yield from payment_plan(lang, contract.payments, parts, contract.currency)
    if contract.attachments:
        rows = (
            Row(cells=(paper.path.rpartition("/")[2], paper.sha256))
            for paper in contract.attachments
        )
        columns = (Column(lang.say("column_file"), gives_way=True), Column("SHA-256", right=True))
        yield Table(columns=columns, rows=tuple(rows), title=lang.say("attachments"))


def _party(lang: Language, party: Party, label: str) -> Block:
    """Write a party with its whole address and its number, as a contract needs them."""
    told = block(lang, party, "", lang.say(label))
    number = (f"{lang.say('org_number')} {party.org_number}",) if party.org_number else ()
    return Block(told.label, told.name, (*told.lines, *number))


def _signing(lang: Language, contract: Contract) -> Signing:
    lines = tuple(lang.say(key) for key in ("place_and_date", "signature", "name_in_print"))
    return Signing(
        signatures=tuple(
            Signature(lang.say("for_party", name=party.name), lines)
            for party in (contract.seller, contract.buyer)
        ),
        remarks=(" ".join(_evidence(lang, contract)),),
    )


def _evidence(lang: Language, contract: Contract) -> Iterator[str]:
    """Say who accepted, when, under which order, and by which file that is shown."""
    on = long_day(lang, contract.agreed_on)
    if contract.accepted_by:
        yield lang.say("accepted_by", name=contract.accepted_by, date=on)
    else:
        yield lang.say("accepted_on", date=on)
    if contract.po:
        yield lang.say("accepted_order", po=contract.po)
    if contract.evidence:
        yield lang.say("evidence", digest=contract.evidence)
