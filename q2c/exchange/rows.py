"""The ledger as rows for a spreadsheet: one a posting."""

from collections.abc import Iterator

from q2c.core.money import Money
from q2c.exchange.journal import Source, account_number, one_line, rate_of

COLUMNS = (
    *("date", "period", "kind", "number", "party", "account", "role"),
    *("amount", "currency", "home"),
    *("item", "line", "service", "vat", "rate", "note", "id"),
)


def rows(source: Source) -> Iterator[dict[str, object]]:
    """Give every posting with its account, the oldest entry first.

    `home` is the amount in the company's currency, `vat` the category of EN 16931.
    """
    home = source.company.currency
    for entry in source.posted:
        for posting in entry.postings:
            yield {
                "date": entry.date,
                "period": entry.period,
                "kind": entry.kind,
                "number": entry.number,
                "party": entry.party,
                "account": account_number(posting, source.company),
                "role": posting.role,
                "amount": Money(posting.amount, posting.currency),
                "currency": posting.currency,
                "home": Money(posting.booked, home).amount,
                "item": posting.item,
                "line": posting.line,
                "service": posting.service,
                "vat": posting.vat.category if posting.vat else "",
                "rate": rate_of(posting),
                "note": one_line(entry.note),
                "id": entry.id,
            }
