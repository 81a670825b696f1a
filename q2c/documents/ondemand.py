"""What is drawn on demand from what is recorded, and is no record itself: who writes to whom."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from msgspec import Struct

from q2c.core.party import Party, Seller
from q2c.documents.language import address
from q2c.documents.look import Kind, Look
from q2c.documents.parts import block, facts, footer, info
from q2c.documents.sheet import Block, Fact, Sheet


class OnDemand(Struct, frozen=True, kw_only=True):
    """What such documents all have; seller and buyer are as they are on the day of the document."""

    made_on: date
    customer: str
    seller: Seller
    buyer: Party
    commit: str = ""
    program: str = ""


def sheet_of(  # noqa: PLR0913 - what documents differ in
    paper: OnDemand,
    look: Look,
    kind: Kind,
    *,
    title: str,
    number: str,
    told: Iterable[tuple[str, str]],
    text: str = "",
    notes: Iterable[Fact] = (),
    others: Iterable[Block] = (),
    **parts: Any,  # noqa: ANN401 - the parts of a sheet, which it checks itself
) -> Sheet:
    """Write out what such documents have in common, around the parts of one of them.

    What the seller wants said on its kind stands before the table and among the notes.
    """
    lang, letter = look.language, look.letter(kind)
    return Sheet(
        info=info(look, f"{title} {number}".rstrip(), paper.made_on, paper),
        title=title,
        number=number,
        sender=paper.seller.name,
        facts=facts(lang, told),
        parties=(block(lang, paper.buyer, paper.seller.address.country), *others),
        text="\n\n".join(filter(None, (look.intro(kind), text))),
        notes=(*notes, *([Fact("", letter)] if letter else [])),
        footer=footer(look, paper.seller, paper.buyer),
        page=lang.say("page"),
        **parts,
    )


def delivered_to(paper: OnDemand, look: Look) -> tuple[Block, ...]:
    """Give the address that goods go to, where it is another than that of the buyer."""
    place = paper.buyer.delivery
    if place is None or place == paper.buyer.address:
        return ()
    lines = address(look.language, place, paper.seller.address.country)
    return (Block(look.language.say("deliver_to"), paper.buyer.name, lines),)
