"""Drafts: what a seller asks for, as people edit it."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from q2c.core.catalog import Bill, Code, Window
from q2c.core.catalog.working import Rounding
from q2c.core.party import CurrencyCode, Days, Id, Name, Note
from q2c.core.period import Day, Every, FreePeriods, Length, Proration, Trial
from q2c.core.trace import Sourced

LineRef = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z0-9-]{1,40}/[0-9]{1,5}$",
        extra_json_schema={
            "x-fault": "ends-with",
            "x-say": "A line of an order is the order's number and the line's, with / between",
            "x-remedy": "Write O-2026-0001/1.",
        },
    ),
]


class Discount(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A reduction given by hand: per cent, or an amount; below 0 it is a surcharge.

    On a line an amount comes off in each billing period; on a quote it comes off once, over
    all its lines.
    """

    percent: Decimal | None = None
    amount: Decimal | None = None
    reason: Name | None = None


class Segment(
    Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    omit_defaults=True,
    rename={"first": "from"},
):
    """A part of a ramp: from a day on, with its own quantity, price and discounts.

    What it does not say is as the line has it.
    """

    first: Day
    quantity: Decimal | None = None
    price: Decimal | None = None
    discounts: tuple[Discount, ...] = ()


class Pledge(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a customer commits to use at least: an amount per billing period, year or term."""

    amount: Decimal
    per: Window = "period"


class Tag(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A git tag that delivers a milestone: a pattern of its name, and where it is looked for.

    `repository` is a path from the workspace, to a work tree or a bare clone; the workspace's own
    where nothing is said. A `signed` one counts with a signature of somebody in `allowed_signers`.
    """

    pattern: Annotated[str, Meta(min_length=1, max_length=200)]
    repository: Annotated[str, Meta(max_length=500)] = ""
    signed: bool = False


class DraftLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a person asks for: a product or a bundle, how much of it, and on which terms.

    `id` is a name for the line that stays when lines move. `price` is a unit price set by hand.
    `options` are chosen products of the product's or bundle's option groups, `quantities` how much
    of them where that is not as the catalogue has it. It ends after its `term`, on the day that it
    `ends`, or with the service of an order line that it `ends_with`. An `optional` line is out of
    the total until the customer takes it. Of a `group` one `choice` is taken, which one or several
    lines may share; `label` is what the customer reads. `ramp` has the dated segments of what
    recurs. A milestone falls due `due_on` a day or by a `tag`. `rates` are prices of an hour by
    role or person, `cap` is the most that hours cost, `commitment` the least that metered use
    does.
    """

    id: Id | None = None
    product: Id | None = None
    bundle: Id | None = None
    quantity: Decimal = Decimal(1)
    text: Note = ""
    section: Name | None = None
    price: Decimal | None = None
    discounts: tuple[Discount, ...] = ()
    options: tuple[Id, ...] | None = None
    quantities: dict[Id, Decimal] = {}
    optional: bool = False
    group: Id | None = None
    choice: Id | None = None
    label: Name | None = None
    every: Every | None = None
    term: Length | None = None
    starts: Day | None = None
    ends: Day | None = None
    ends_with: LineRef | None = None
    trial: Trial | None = None
    free: FreePeriods | None = None
    proration: Proration | None = None
    ramp: tuple[Segment, ...] = ()
    rates: dict[Id, Decimal] = {}
    rounding: Rounding | None = None
    cap: Decimal | None = None
    commitment: Pledge | None = None
    bill: Bill | None = None
    delivery: Note = ""
    due_on: Day | None = None
    tag: Tag | None = None


class Payment(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A part of what is to be paid, and when: per cent of the total, an amount, or the rest.

    It falls due on a `date`, or so many `days` after the acceptance, the start or the delivery.
    A deposit is a part that falls due on acceptance. Amounts are with VAT.
    """

    name: Name | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None
    on: Literal["acceptance", "start", "delivery"] | None = None
    days: Days = 0
    date: Day | None = None


class StatedRate(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The exchange rate that a quote states: so much of the seller's currency for one unit."""

    rate: Decimal
    date: Day
    source: Name


class Clause(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A clause that the contract gets besides its template's; `standard` ones need no approval."""

    id: Id
    text: Note
    standard: bool = False


class Draft(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A quote before it is sent: `quotes/Q-…/quote.yaml`, free to edit.

    `promotions` are codes that the customer gave. `choices` says which choice of a group counts
    in the total before the customer chooses, by group; else the first. With `prices_include_vat`
    every price of it, from wherever, includes VAT. `cost_centre` is the customer's,
    `attachments` are files of the workspace that go with it.
    """

    customer: Id
    opportunity: Id | None = None
    date: Day
    valid_until: Day
    starts: Day | None = None
    term: Length | None = None
    currency: CurrencyCode | None = None
    exchange: StatedRate | None = None
    title: Name | None = None
    cover: bool | None = None
    intro: Note = ""
    lines: Annotated[tuple[DraftLine, ...], Meta(min_length=1, max_length=10_000)]
    choices: dict[Id, Id] = {}
    promotions: tuple[Code, ...] = ()
    discounts: tuple[Discount, ...] = ()
    prices_include_vat: bool = False
    cost_centre: Annotated[str, Meta(max_length=60)] | None = None
    due_days: Days | None = None
    payments: tuple[Payment, ...] = ()
    clauses: tuple[Clause, ...] = ()
    attachments: tuple[Name, ...] = ()
    note: Note = ""
