"""What a price costs: against bare arithmetic, as quotes grow, and when two are compared."""

from decimal import ROUND_HALF_UP, Decimal

from msgspec.structs import replace

from bench.measure import Row, warm
from q2c.core.catalog import Policy
from q2c.core.negotiation.compare import compared
from q2c.core.pricing import Rate, RateTier, Reduction, fall
from q2c.core.quote import Discount, Draft, DraftLine, Priced, priced
from q2c.documents.look import Look, Theme, frozen
from q2c.documents.quote import quote_pdf
from q2c.store import papers
from tests.drafts import draft, offer

LINES = 5000
MANY = 42  # dozens: 504 lines
OERE, PER_CENT = Decimal("0.01"), Decimal("0.01")
TIERS = (("10", "100"), ("100", "80.5"), ("1000", "60.25"), (None, "41.125"))
TEN, VAT = Decimal(10), Decimal(25)
QUANTITIES = [Decimal(1 + n % 4 * 499) for n in range(LINES)]


def rows() -> list[Row]:
    """Give the rows on pricing."""
    ours, bare = warm(_through_the_engine), warm(_through_bare_arithmetic)
    assert _through_the_engine() == _through_bare_arithmetic()
    each = min(ours() for _ in range(5)) / LINES * 1e6
    return [
        Row(
            f"a line of four tiers, 10 % off, VAT ({each:.1f} µs)",
            ours,
            bare,
            "one bare Decimal function",
            10,
        ),
        _growing(),
        _comparing(),
    ]


def _through_the_engine() -> int:
    """Price lines step by step, as a quote does; give the sum of net and VAT in öre."""
    tiers = tuple(RateTier(None if end is None else Decimal(end), Decimal(p)) for end, p in TIERS)
    rate = Rate(model="graduated", currency="SEK", tiers=tiers)
    off = (Reduction(stage="manual", percent=TEN),)
    share, sum_ = VAT * PER_CENT, 0
    for quantity in QUANTITIES:
        net = fall(rate, quantity, reductions=off).net
        sum_ += net.minor + net.share(share).minor
    return sum_


def _through_bare_arithmetic() -> int:
    """Do the same in the fewest steps, with nothing to show for them."""
    tiers = [(None if end is None else Decimal(end), Decimal(price)) for end, price in TIERS]
    kept, share, sum_ = 1 - TEN * PER_CENT, VAT * PER_CENT, Decimal(0)
    for quantity in QUANTITIES:
        amount, start = Decimal(0), Decimal(0)
        for end, price in tiers:
            if end is None or quantity <= end:
                amount += (quantity - start) * price
                break
            amount += (end - start) * price
            start = end
        net = (amount * kept).quantize(OERE, ROUND_HALF_UP)
        sum_ += net + (net * share).quantize(OERE, ROUND_HALF_UP)
    return int(sum_ * 100)


def _dozen(number: int) -> list[DraftLine]:
    """Ask for what becomes twelve lines: bundles, an option, tiers, a percentage, discounts."""
    off = (Discount(percent=Decimal("7.5")), Discount(amount=Decimal(1)))
    section = f"Part {number}"
    asked = [
        DraftLine(bundle="start", quantity=Decimal(2), discounts=off),
        DraftLine(bundle="half"),
        DraftLine(product="seat", quantity=Decimal(12), options=("addon",), discounts=off),
        DraftLine(product="licence", quantity=Decimal(25), discounts=off),
        DraftLine(product="advisory", quantity=Decimal("37.5"), text="As agreed in the workshop."),
        DraftLine(product="sensor", quantity=Decimal(40), optional=True),
        DraftLine(product="support"),
        DraftLine(product="setup", discounts=off[:1]),
    ]
    return [replace(line, section=section) for line in asked]


def _asked(dozens: int) -> Draft:
    lines = [line for number in range(dozens) for line in _dozen(number)]
    return draft(*lines, discounts=(Discount(percent=Decimal(3)),), promotions=("GIFT",))


def _quoted(dozens: int) -> Priced:
    return replace(priced("Q-2026-0001", _asked(dozens), offer(Policy())), version=1)


def _growing() -> Row:
    look = frozen(Theme(), None, "en")
    return Row(
        "quote of 504 lines: priced, traced and rendered",
        warm(lambda: _rendered(MANY, look)),
        warm(lambda: [_rendered(1, look) for _ in range(MANY)]),
        "42 quotes of 12 lines",
        1.5,
    )


def _rendered(dozens: int, look: Look) -> bytes:
    return quote_pdf(_quoted(dozens), look)


def _comparing() -> Row:
    before = _quoted(MANY)
    lines = [
        replace(line, quantity=line.quantity + n % 3)
        for n, line in enumerate(reversed(_asked(MANY).lines))
    ]
    changed = replace(_asked(MANY), lines=tuple(lines))
    after = replace(priced("Q-2026-0001", changed, offer(Policy())), version=2)
    raw = [papers.frozen(one) for one in (before, after)]

    def load() -> tuple[Priced, Priced]:
        one, other = (papers.thawed(data, Priced, "v1.json") for data in raw)
        return one, other

    return Row(
        "two versions of 504 lines compared",
        warm(lambda: compared(*load())),
        warm(load),
        "loading them",
        3,
    )
