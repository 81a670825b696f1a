"""Priced lines, and the quote that they make: what is shown, sent and frozen."""

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from q2c.core.catalog import Bill, Charge, Granted, Rule, Scope, VatClass
from q2c.core.money import Money, total
from q2c.core.party import Party, Seller
from q2c.core.period import (
    Alignment,
    Day,
    Every,
    Free,
    Period,
    Proration,
    extent,
    interval,
    measured_by,
)
from q2c.core.pricing import Rate, Reduction
from q2c.core.quote.clearance import Clearance
from q2c.core.quote.draft import Clause, Payment, StatedRate
from q2c.core.quote.metering import Metering
from q2c.core.quote.milestone import Milestone
from q2c.core.quote.working import Working
from q2c.core.tax import Supply, Treatment, VatTotal
from q2c.core.trace import Paper, Step


class Within(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A bundle that a line is a part of, and how many of it there are."""

    bundle: str
    count: Decimal
    family: str = ""


class Line(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A priced line: what is sold, at which price, and how that came about.

    `net` is for the whole of it, quantity times price over all periods of what recurs, after
    everything that comes off; `gross` is before reductions, `own` before what comes off the
    whole quote. `rate` is the price that holds, `reductions` what was taken off it.
    `service` is the term of what recurs, `anchor` the day its billing periods are counted from
    where that is another day of the month; `bundle` names the bundle whose price it shares,
    `within` all that it lies in, the outermost first; `parent` names the line that it is an
    option of, `added_by` the rule that put it there.
    `part` is the draft's line that it came from, counted from 0, `key` its id there; a ramp gives
    one line for each `segment`. What is `optional` or of another `choice` of its `group` does
    not count in the total: then `counts` is false. A percentage of other lines says of which in
    `percent_of`.
    """

    id: str
    part: int = 0
    key: str = ""
    product: str
    family: str = ""
    name: str
    text: str = ""
    section: str = ""
    quantity: Decimal
    unit: str
    charge: Charge
    bill: Bill
    rate: Rate
    working: Working | None = None
    metering: Metering | None = None
    grants: Granted | None = None
    times: int = 1
    gross: Money
    reductions: tuple[Reduction, ...] = ()
    own: Money
    net: Money
    every: Every | None = None
    align: Alignment = "anniversary"
    service: Period | None = None
    anchor: Day | None = None
    proration: Proration = "days"
    trial: Period | None = None
    free: Free | None = None
    charged: tuple[int, int] | None = None
    segment: str = ""
    delivery: str = ""
    milestone: Milestone | None = None
    optional: bool = False
    group: str = ""
    choice: str = ""
    label: str = ""
    counts: bool = True
    percent_of: Scope | None = None
    parent: str = ""
    added_by: str = ""
    supply: Supply = "service"
    vat: VatClass = "standard"
    vat_exemption: str = ""
    treatment: Treatment
    revenue: str
    bundle: str = ""
    bundle_name: str = ""
    within: tuple[Within, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def months(self) -> Fraction:
        """How many months its billing periods cover; 0 of what does not recur."""
        if self.every is None:
            return Fraction(0)
        length, times = interval(self.every), Fraction(self.times)
        if self.charged and self.service:
            policy = measured_by(self.proration)
            times = extent(self.service, length, self.align, self.anchor, policy)
        return times * length.in_months

    @property
    def paid(self) -> Fraction:
        """How many whole billing periods its price is for, parts and free ones considered."""
        return Fraction(*self.charged) if self.charged else Fraction(self.times)


class Sample(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What so many units would cost of a line that has no quantity yet, as only the seller sees."""

    quantity: Decimal
    listed: Money
    net: Money
    cost: Money | None = None
    floor: Money | None = None


class Inside(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What only the seller sees of a line: list price, cost and floor of the whole of it.

    A percentage of other lines keeps the rate of the list, since its base follows the choice. What
    has no quantity yet is nothing as a whole, so a `sample` of it tells how it is priced.
    """

    line: str
    listed: Money
    list_rate: Rate | None = None
    cost: Money | None = None
    floor: Money | None = None
    sample: Sample | None = None


class Reduced(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What comes off a whole quote: per cent, or an amount, of the lines in its scope.

    `added` percentages are of what the lines came to before the first of them.
    """

    name: str
    percent: Decimal = Decimal(0)
    added: bool = False
    amount: Money | None = None
    promotion: str = ""
    scope: Scope | None = None
    source: str = ""

    def covers(self, line: Line) -> bool:
        """Say whether it comes off a line, among others."""
        return self.scope is None or self.scope.covers(line.product, line.family)


class Alert(Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule of the catalogue tells the seller, or q2c itself."""

    rule: str
    say: str


class Priced(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A quote with every figure worked out, ready to be shown or frozen.

    `number` is the quote's, `version` 0 while it is a draft. `lines` are all that are offered;
    those that count make the totals. With `prices_include_vat` all figures of lines do. `inside`,
    `alerts` and `clearance`, the approvals that it was sent with, are for the seller's eyes only.
    `look` is the SHA-256 of the frozen look it is drawn with, `commit` the revision its inputs
    came from, `program` the version of q2c.
    """

    number: str
    version: int = 0
    date: Day
    valid_until: Day
    starts: Day
    term: str = ""
    currency: str
    language: str
    title: str = ""
    cover: bool | None = None
    intro: str = ""
    opportunity: str = ""
    seller: Seller
    buyer: Party
    lines: tuple[Line, ...]
    reduced: tuple[Reduced, ...] = ()
    promotions: tuple[str, ...] = ()
    vat: tuple[VatTotal, ...]
    prices_include_vat: bool = False
    cost_centre: str = ""
    due_days: int
    payments: tuple[Payment, ...] = ()
    exchange: StatedRate | None = None
    clauses: tuple[Clause, ...] = ()
    attachments: tuple[Paper, ...] = ()
    note: str = ""
    inside: tuple[Inside, ...] = ()
    rules: tuple[Rule, ...] = ()
    alerts: tuple[Alert, ...] = ()
    clearance: Clearance | None = None
    look: str = ""
    commit: str = ""
    program: str = ""

    @property
    def counted(self) -> tuple[Line, ...]:
        """The lines that make the totals."""
        return tuple(line for line in self.lines if line.counts)

    @property
    def priced(self) -> Money:
        """The sum of the lines that count as they are priced, with VAT where prices include it."""
        return total((line.net for line in self.counted), self.currency)

    @property
    def net(self) -> Money:
        """The sum of the lines that count, without VAT."""
        return self.priced - self.tax if self.prices_include_vat else self.priced

    @property
    def tax(self) -> Money:
        """The VAT of all categories and rates."""
        return total((row.vat for row in self.vat), self.currency)

    @property
    def total(self) -> Money:
        """What is to be paid, with VAT."""
        return self.net + self.tax

    @property
    def ref(self) -> str:
        """How later documents name this version: `Q-2026-0001/v1`."""
        return f"{self.number}/v{self.version}"
