"""The whole way of one line: from the quote to revenue, with its origin at every step."""

from decimal import Decimal

from msgspec.structs import replace

from q2c.core import contract, order
from q2c.core.entry import Entry, balances
from q2c.core.invoice import Invoice
from q2c.core.order import Order
from q2c.core.quote import Draft, DraftLine, Event, Priced, priced
from q2c.core.receivable import open_items
from tests.firm import Firm
from tests.values import TODAY, day, days, kr, offer

ACCEPTED = Event(kind="accepted", date=day("2026-01-20"), version=1, by="Ida Berg", po="4500771")


def quoted() -> Priced:
    """Give the quote of 12 hours and three months of support."""
    draft = Draft(
        customer="fjord-foods",
        date=TODAY,
        valid_until=day("2026-02-14"),
        starts=day("2026-02-01"),
        lines=(
            DraftLine(product="advisory", quantity=Decimal(12)),
            DraftLine(product="support", term="3 months"),
        ),
    )
    return replace(priced("Q-2026-0012", draft, offer()), version=1)


def ordered() -> Order:
    """Give the order of that quote."""
    return order.from_quote(quoted(), ACCEPTED, "O-2026-0007", "C-2026-0003")


def test_a_line_keeps_its_amount_and_its_origin_all_the_way() -> None:
    quote, made = quoted(), ordered()
    agreed = contract.from_quote(quote, ACCEPTED, "C-2026-0003", made.number)
    assert (agreed.source, agreed.net) == (quote.ref, kr("36900"))  # 12 × 1 450 + 3 × 6 500
    assert [line.source for line in made.lines] == ["Q-2026-0012/v1/1", "Q-2026-0012/v1/2"]

    firm = Firm(made)
    firm.deliver("O-2026-0007/1", "12", "2026-02-10")
    first, second, third = (firm.bill(f"2026-0{month}-28")[0] for month in (2, 3, 4))
    assert [line.source for line in first.lines] == ["O-2026-0007/1", "O-2026-0007/2"]
    assert [one.total for one in (first, second, third)] == [kr("29875"), kr("8125"), kr("8125")]
    assert [step.rule for step in first.lines[0].steps] == [
        "catalogue price of advisory: 12 × 1450",  # as quoted
        "12 × 1450",  # as delivered
        "12 h delivered, of which 0 invoiced before",
    ]

    firm.pay(kr("38000"), "2026-04-10", first.number, second.number)
    assert [item.open for item in open_items(firm.entries).values()] == [
        kr("0"),
        kr("0"),
        kr("8125"),
    ]
    firm.recognise("2026-04")
    earned = [entry for entry in firm.entries if entry.kind == "revenue-recognised"]
    assert [(entry.period, revenue(entry)) for entry in earned] == [
        ("2026-02", ("O-2026-0007/1", "17400.00")),
        ("2026-02", ("O-2026-0007/2", "6134.83")),  # 28 of 89 days
        ("2026-03", ("O-2026-0007/2", "6792.14")),  # 31 more, less what February rounded
        ("2026-04", ("O-2026-0007/2", "6573.03")),  # and 30
    ]
    assert {(role, amount) for (role, _), amount in balances(firm.entries).items() if amount} == {
        ("cash", 3_800_000),
        ("receivable", 812_500),
        ("output-vat", -922_500),
        ("revenue", -3_690_000),
    }


def revenue(entry: Entry) -> tuple[str, str]:
    """Give the order line and the amount of a revenue entry."""
    posting = entry.postings[-1]
    return posting.line, str(Decimal(-posting.amount).scaleb(-2))


def test_the_accepted_price_survives_every_later_price() -> None:
    """What is invoiced follows from the order alone: no catalogue is asked again."""
    made = ordered()
    (invoice,) = Firm(made).bill("2026-02-01")
    assert invoice.net == kr("6500")
    assert invoice.lines[0].steps[0] == quoted().lines[1].steps[0]


def test_every_line_of_every_document_leads_back_to_the_quote() -> None:
    firm = Firm(ordered())
    firm.deliver("O-2026-0007/1", "12", "2026-02-10")
    documents: list[Invoice] = [*firm.bill("2026-02-28"), firm.credit("F-2026-0001", "2026-03-01")]
    firm.recognise("2026-04")
    refs = {posting.line for entry in firm.entries for posting in entry.postings} - {""}
    refs |= {line.source for document in documents for line in document.lines}
    sources = {
        firm.orders[ref.partition("/")[0]].line(ref.rpartition("/")[2]).source for ref in refs
    }
    assert sources == {"Q-2026-0012/v1/1", "Q-2026-0012/v1/2"}
    assert quoted().lines[1].service == days("2026-02-01", "2026-04-30")
