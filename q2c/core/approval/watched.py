"""Watched figures: what rules of approval look at in a quote, and which way each gets worse."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from itertools import product
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.approval.conditions import Value
from q2c.core.fault import Invalid
from q2c.core.money import Money, decimal, total
from q2c.core.period import read_length
from q2c.core.quote.choice import choose, groups_of
from q2c.core.quote.figures import Inner, dues, inner_lines, inner_of, percent, sampled
from q2c.core.quote.lines import Line, Priced

Worse = Literal["more", "less", "asked", "other"]
Figures = dict[str, Value]
ZERO = Decimal(0)
# So many ways to choose are all looked at; and so many lines in all of them together.
MOST_CHOICES, MOST_LINES = 256, 20_000


class Figure(Struct, frozen=True, kw_only=True):
    """A figure that a rule may look at: which way it gets worse, and what is looked at with it.

    `asked` gets worse in the direction that its rule asks about. A figure in `parts` has besides
    itself one for each product or clause, as `below_floor.workshop`: what is not there is 0.
    """

    worse: Worse
    also: tuple[str, ...] = ()
    parts: bool = False


# A share of nothing much may become the same share of a lot, and a sum may be kept by selling
# less for it. So with a percentage its amount is watched, and with a sum what it is the price of.
FIGURES: dict[str, Figure] = {
    "discount_percent": Figure(worse="more", also=("discount",), parts=True),
    "line_discount_percent": Figure(worse="more", also=("discount",), parts=True),
    "discount": Figure(worse="more"),
    "list_value": Figure(worse="more"),
    "net": Figure(worse="less", also=("list_value",)),
    "total": Figure(worse="less", also=("list_value",)),
    "margin_percent": Figure(worse="less", also=("loss",)),
    "margin": Figure(worse="less"),
    "loss": Figure(worse="more"),
    "below_floor": Figure(worse="more", parts=True),
    "due_days": Figure(worse="more"),
    "payment_days": Figure(worse="more"),
    "deposit_percent": Figure(worse="less"),
    "term_months": Figure(worse="asked"),
    "valid_days": Figure(worse="more"),
    "non_standard_clauses": Figure(worse="more", parts=True),
    "credit_exposure": Figure(worse="more"),
    "over_credit_limit": Figure(worse="more"),
    "customer_kind": Figure(worse="other"),
    "currency": Figure(worse="other"),
}
WORDS = frozenset(("customer_kind", "currency"))
NUMBERS = frozenset(FIGURES) - WORDS
CREDIT = frozenset(("credit_exposure", "over_credit_limit"))


class Credit(Struct, frozen=True):
    """What a customer owes already and will owe for orders, its limit, and the quote's rate."""

    owed: Decimal = ZERO
    limit: Decimal | None = None
    rate: Decimal = Decimal(1)


class Context(Struct, frozen=True, kw_only=True):
    """What figures need besides the quote: the customer's credit, and which clauses are usual."""

    credit: Credit | None = None
    clauses: Mapping[str, str] = {}


def offered_figures(quote: Priced, context: Context) -> list[Figures]:
    """Work out the figures of everything that a customer may choose, as it stands first.

    Where there are too many ways to choose, each group and optional line is looked at by itself;
    what is chosen in the end is looked at again when it is accepted.
    """
    found = [figures_of(quote, context)]
    for choices, optional in _choices(quote):
        try:
            found.append(figures_of(choose(quote, choices, optional), context))
        except Invalid:  # a rule of the catalogue forbids to choose so
            continue
    return found


def _choices(quote: Priced) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Yield the choices and optional lines that a customer may take together."""
    groups = {group: tuple(choices) for group, choices in groups_of(quote).items()}
    wholes = dict.fromkeys(line.part for line in quote.lines if line.optional)
    optional = [[line.id for line in quote.lines if line.part == part] for part in wholes]
    several = 2 ** min(len(optional), 32)
    for choices in groups.values():
        several *= len(choices)
    if several == 1:
        return
    if several <= MOST_CHOICES and several * len(quote.lines) <= MOST_LINES:
        for chosen in product(*groups.values()):
            for taken in product((False, True), repeat=len(optional)):
                ids = [
                    id_ for one, take in zip(optional, taken, strict=True) if take for id_ in one
                ]
                yield dict(zip(groups, chosen, strict=True)), ids
        return
    yield {}, [id_ for one in optional for id_ in one]
    yield from (({}, one) for one in optional)
    yield from (({group: choice}, []) for group, some in groups.items() for choice in some)


def figures_of(quote: Priced, context: Context) -> Figures:
    """Work out every figure of a quote as its lines count; what is not known is nothing."""
    inner, apart = inner_of(quote), _without_quantity(quote)
    off = inner.listed - inner.net
    shifted = [one for one in quote.clauses if not _usual(one.id, one.text, context)]
    figures: Figures = {
        "discount_percent": max([inner.discount_percent, *apart.values()]),
        "discount": off.amount,
        "list_value": inner.listed.amount,
        "net": quote.net.amount,
        "total": quote.total.amount,
        "margin_percent": _margin_percent(quote, inner),
        "margin": inner.margin.amount if inner.margin else None,
        "loss": max(-inner.margin.amount, ZERO) if inner.margin else None,
        "due_days": Decimal(quote.due_days),
        "payment_days": _payment_days(quote),
        "deposit_percent": _deposit(quote),
        "term_months": _term(quote),
        "valid_days": Decimal((quote.valid_until - quote.date).days),
        "non_standard_clauses": Decimal(len(shifted)),
        "customer_kind": quote.buyer.kind,
        "currency": quote.currency,
    }
    parts: Figures = {f"non_standard_clauses.{_mark(c.id, c.text)}": Decimal(1) for c in shifted}
    parts |= {f"discount_percent.{id_}": off for id_, off in apart.items() if off > 0}
    return {**figures, **parts, **_by_line(quote), **_credit(quote, context.credit)}


def _without_quantity(quote: Priced) -> dict[str, Decimal]:
    """Work out the largest discount of each product that has no quantity yet.

    It adds nothing to any sum, and may become the most of it: so it counts by itself.
    """
    known, most = sampled(quote), dict[str, Decimal]()
    for line in quote.counted:
        if one := known.get(line.id):
            most[line.product] = max(most.get(line.product, ZERO), one.discount_percent)
    return most


def _margin_percent(quote: Priced, inner: Inner) -> Decimal | None:
    """Give the margin of the whole, or of what has no quantity yet where that is lower."""
    known = sampled(quote)
    some = [inner, *(known[line.id] for line in quote.counted if line.id in known)]
    found = [one.margin_percent for one in some if one.margin_percent is not None]
    return min(found) if len(found) == len(some) else None


def _usual(id_: str, text: str, context: Context) -> bool:
    """Say whether a clause is one that the workspace has as usual, word for word."""
    return context.clauses.get(id_, "").split() == text.split()


def _mark(id_: str, text: str) -> str:
    return f"{id_}.{sha256(text.encode()).hexdigest()[:12]}"


def _by_line(quote: Priced) -> Figures:
    """Work out the largest discount of a line, and what lines lack to their floor prices."""
    inner = inner_lines(replace(quote, lines=quote.counted)) | sampled(quote)
    most: dict[str, Decimal] = {}
    lacking: dict[str, Decimal] = {}
    below = 0
    for line in quote.counted:
        one = inner[line.id]
        most[line.product] = max(most.get(line.product, ZERO), one.discount_percent)
        if one.below_floor and one.floor:
            below += 1
            gap = (one.floor - one.net).amount
            lacking[line.product] = lacking.get(line.product, ZERO) + gap
    return {
        "line_discount_percent": max(most.values(), default=ZERO),
        **{f"line_discount_percent.{id_}": off for id_, off in most.items() if off > 0},
        "below_floor": Decimal(below),
        **{f"below_floor.{id_}": gap for id_, gap in lacking.items()},
    }


def _payment_days(quote: Priced) -> Decimal:
    """Count the days from the offer to the last day on which a payment of its schedule falls."""
    days = [
        (one.date - quote.date).days if one.date else one.days + _waits(quote, one.on or "")
        for one in quote.payments
    ]
    return Decimal(max(days, default=0))


def _waits(quote: Priced, on: str) -> int:
    return max((quote.starts - quote.date).days, 0) if on == "start" else 0


def _deposit(quote: Priced) -> Decimal:
    paid = (one.amount for one in dues(quote) if one.on == "acceptance")
    return percent(total(paid, quote.currency), quote.total)


def _term(quote: Priced) -> Decimal:
    """Give the longest term in months; the segments of a ramp follow one another."""
    months: dict[tuple[int, str, str], Fraction] = {}
    for line in quote.counted:
        key = (line.part, line.product, line.parent)
        months[key] = _months(months.get(key, Fraction(0)), line)
    whole = read_length(quote.term)
    return decimal(max([*months.values(), whole.in_months if whole else Fraction(0)]))


def _months(before: Fraction, line: Line) -> Fraction:
    return before + line.months if line.segment else max(before, line.months)


def _credit(quote: Priced, credit: Credit | None) -> Figures:
    if credit is None:
        return {}
    exposure = credit.owed + _exchanged(quote.total, credit.rate)
    over = ZERO if credit.limit is None else max(exposure - credit.limit, ZERO)
    return {"credit_exposure": exposure, "over_credit_limit": over}


def _exchanged(amount: Money, rate: Decimal) -> Decimal:
    return round(amount.amount * rate, 2)
