"""A quote written out for a terminal."""

from collections.abc import Sequence

from q2c.commands.output import laid_out
from q2c.commands.steps import steps_told
from q2c.core.money import decimals, grouped
from q2c.core.quote import Line, Priced

UNTAXED = {"AE": "reverse charge", "K": "intra-community", "G": "export", "E": "exempt"}
WIDE = 80


def quote_told(quote: Priced, state_: str, *, explain: bool = False) -> str:
    """Write a quote out for a terminal: who and when, its lines, its totals."""
    version = f", version {quote.version}" if quote.version else ""
    head = f"{quote.number} ({state_}{version})  {quote.buyer.name}"
    lines = [f"{head}  valid until {quote.valid_until}", *([quote.title] if quote.title else [])]
    lines += [f"  {line}" for line in _table(quote)]
    lines.append(f"  {_totals(quote)}")
    if explain:
        for line in quote.lines:
            lines += [f"{line.id}  {line.name}"]
            lines += steps_told([*line.steps, *line.treatment.steps], "     ")
    return "\n".join(lines)


def _table(quote: Priced) -> list[str]:
    heads = ("#", "product", "quantity", "price", "net")
    rows = [
        (line.id, _named(line), _amount(line), _price(line), _net(line)) for line in quote.lines
    ]
    return laid_out(heads, rows, (True, False, True, True, True), WIDE)


def _named(line: Line) -> str:
    return f"{line.bundle_name}: {line.name}" if line.bundle else line.name


def _amount(line: Line) -> str:
    times = f" × {line.times} {line.every}" if line.every else ""
    several = "s" if line.every and line.times != 1 else ""
    return f"{grouped(line.quantity)} {line.unit}{times}{several}"


def _price(line: Line) -> str:
    rate = line.rate
    if line.bundle:
        return "in bundle"
    if rate.tiers:
        return "by tier"
    shown = max(decimals(rate.currency), -int(rate.unit_price.as_tuple().exponent))
    package = f" / {rate.package_size:f}" if rate.package_size else ""
    return f"{grouped(round(rate.unit_price, shown))}{package}"


def _net(line: Line) -> str:
    return grouped(line.net.amount)


def _totals(quote: Priced) -> str:
    taxes = [
        f"VAT {row.rate:f} % {grouped(row.vat.amount)}"
        if row.category == "S"
        else f"VAT 0.00 ({UNTAXED[row.category]})"
        for row in quote.vat
    ]
    parts: Sequence[str] = (f"net {grouped(quote.net.amount)}", *taxes, f"total {quote.total}")
    return "   ".join(parts)
