"""Quotes: drafts that people edit, the priced versions that were sent, and what became of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from q2c.core.catalog import (
    Bill,
    Bundle,
    Catalog,
    Charge,
    PriceList,
    Product,
    VatClass,
    nearest,
)
from q2c.core.fault import Fault, Held, Invalid, Refused
from q2c.core.money import CURRENCIES, Money, total
from q2c.core.party import (
    Company,
    CurrencyCode,
    Customer,
    Id,
    Name,
    Note,
    Party,
    Seller,
    buyer_of,
    seller_of,
    spoken,
)
from q2c.core.period import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTHS,
    Alignment,
    Day,
    Every,
    Period,
    read_months,
    term_of,
)
from q2c.core.pricing import Rate, price, rate_of, split
from q2c.core.tax import Supplied, Supply, Treatment, VatRate, VatTotal, treatment, vat_totals
from q2c.core.trace import Sourced, Step

Length = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{1,3} ?(months?|m|years?|y)$",
        extra_json_schema={
            "x-fault": "bad-term",
            "x-say": "A term is a number of months or years",
            "x-remedy": "Write 12 months, or 2 years.",
        },
    ),
]
LARGEST_QUANTITY = Decimal(10) ** 9


class DraftLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a person asks for: a product or a bundle, and how much of it."""

    product: Id | None = None
    bundle: Id | None = None
    quantity: Decimal = Decimal(1)
    text: Note = ""
    term: Length | None = None


class Draft(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A quote before it is sent: `quotes/Q-…/quote.yaml`, free to edit."""

    customer: Id
    date: Day
    valid_until: Day
    starts: Day | None = None
    term: Length | None = None
    currency: CurrencyCode | None = None
    title: Name | None = None
    lines: Annotated[tuple[DraftLine, ...], Meta(min_length=1, max_length=10_000)]
    note: Note = ""


class Line(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A priced line: what is sold, at which price, and how that came about.

    `net` is for the whole of it: quantity times price, over all periods of what recurs.
    `service` is the term of what recurs; `bundle` names the bundle whose price it shares.
    """

    id: str
    product: str
    name: str
    text: str = ""
    quantity: Decimal
    unit: str
    charge: Charge
    bill: Bill
    rate: Rate
    times: int = 1
    net: Money
    every: Every | None = None
    align: Alignment = "anniversary"
    service: Period | None = None
    supply: Supply = "service"
    vat: VatClass = "standard"
    vat_exemption: str = ""
    treatment: Treatment
    revenue: str
    bundle: str = ""
    bundle_name: str = ""
    steps: tuple[Step, ...] = ()


class Priced(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A quote with every figure worked out, ready to be shown or frozen.

    `number` is the quote's, `version` 0 while it is a draft. `look` is the SHA-256 of the
    frozen look it is drawn with, `commit` the revision its inputs came from, `program` the
    version of q2c.
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
    seller: Seller
    buyer: Party
    lines: tuple[Line, ...]
    vat: tuple[VatTotal, ...]
    due_days: int
    note: str = ""
    look: str = ""
    commit: str = ""
    program: str = ""

    @property
    def net(self) -> Money:
        """The sum of the lines, without VAT."""
        return total((line.net for line in self.lines), self.currency)

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


class Shelf(Struct, frozen=True):
    """All that is for sale: products, every price list by id, and the VAT rates."""

    catalog: Catalog
    lists: dict[str, PriceList]
    vat_rates: tuple[VatRate, ...]


class Offer(Struct, frozen=True, kw_only=True):
    """All that a draft is priced with; of the price lists those that this customer buys by."""

    seller: Seller
    customer: Customer
    catalog: Catalog
    lists: tuple[PriceList, ...]
    vat_rates: tuple[VatRate, ...]
    language: str
    currency: str
    due_days: int


Happened = Literal["sent", "accepted", "declined"]


class Event(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Something that happened to a quote on a day; kept beside it in `events.jsonl`.

    `by` is the customer's person, `recorded_by` ours; `files` are the documents it rests on.
    """

    kind: Happened
    date: Day
    version: int
    by: str = ""
    po: str = ""
    reason: str = ""
    contract: str = ""
    order: str = ""
    files: tuple[tuple[str, str], ...] = ()
    recorded: str = ""
    recorded_by: str = ""
    commit: str = ""
    program: str = ""


State = Literal["draft", "sent", "accepted", "declined", "expired"]


def state(events: Sequence[Event], valid_until: Day, today: Day) -> State:
    """Say how a quote stands, from what happened and the day it is; nothing of it is stored."""
    kinds = {event.kind for event in events}
    if "accepted" in kinds:
        return "accepted"
    if "declined" in kinds:
        return "declined"
    if "sent" not in kinds:
        return "draft"
    return "expired" if today > valid_until else "sent"


def valid_until(day: Day, days: int) -> Day:
    """Give the last day of an offer made on a day."""
    return day + timedelta(days=days)


def priced(number: str, draft: Draft, offer: Offer) -> Priced:
    """Price a draft; refuse with every fault of every line at once."""
    _refuse_years(draft)
    lines: list[Line] = []
    refusals: list[Refused] = list(_date_refusals(draft))
    for position, asked in enumerate(draft.lines):
        try:
            lines += _lines(draft, position, asked, offer, len(lines))
        except Refused as refused:
            faults = (_placed(fault, draft, position) for fault in refused.faults)
            refusals.append(type(refused)(*faults))
    if refusals:
        kind = Held if all(isinstance(refused, Held) for refused in refusals) else Invalid
        raise kind(*(fault for refused in refusals for fault in refused.faults))
    taxed = ((line.treatment, line.net) for line in lines)
    return Priced(
        number=number,
        date=draft.date,
        valid_until=draft.valid_until,
        starts=draft.starts or draft.date,
        term=draft.term or "",
        currency=offer.currency,
        language=offer.language,
        title=draft.title or "",
        seller=offer.seller,
        buyer=buyer_of(offer.customer),
        lines=tuple(lines),
        vat=vat_totals(taxed, offer.currency),
        due_days=offer.due_days,
        note=draft.note,
    )


def _date_refusals(draft: Draft) -> Iterator[Refused]:
    if draft.valid_until < draft.date:
        message = "The offer ends before it begins."
        remedy = "Put valid_until on or after date."
        yield Invalid(draft.fault("bad-period", message, "valid_until", remedy))


def _refuse_years(draft: Draft) -> None:
    """Refuse days at the ends of the calendar, before a term reckons past them."""
    days = {"date": draft.date, "valid_until": draft.valid_until, "starts": draft.starts}
    said = f"the years of business are {FIRST_YEAR} to {LAST_YEAR}."
    faults = [
        draft.fault("bad-date", f"{day} cannot be meant; {said}", name)
        for name, day in days.items()
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR
    ]
    if faults:
        raise Invalid(*faults)


def _placed(fault: Fault, draft: Draft, position: int) -> Fault:
    """Give a fault that has no place that of the line it came from."""
    place = fault.place or draft.place(f"lines.{position}")
    return Fault(fault.code, fault.message, place, fault.remedy)


def _lines(draft: Draft, position: int, asked: DraftLine, offer: Offer, before: int) -> list[Line]:
    path = f"lines.{position}"
    if (asked.product is None) == (asked.bundle is None):
        message = "A line names a product or a bundle, one of them."
        raise Invalid(draft.fault("line-what", message, path, "Write product: … or bundle: …."))
    if not 0 < asked.quantity < LARGEST_QUANTITY:
        message = f"A quantity is above 0 and below {LARGEST_QUANTITY:,}."
        raise Invalid(draft.fault("bad-quantity", message, f"{path}.quantity"))
    if asked.product is not None:
        product = _product(draft, asked.product, offer.catalog.products, f"{path}.product")
        return [_line(draft, asked, product, asked.quantity, offer, str(before + 1))]
    assert asked.bundle is not None
    bundle = offer.catalog.bundles.get(asked.bundle)
    if bundle is None or not bundle.active:
        message = f"There is no bundle '{asked.bundle}' for sale."
        remedy = nearest(asked.bundle, offer.catalog.bundles)
        raise Invalid(draft.fault("unknown-bundle", message, f"{path}.bundle", remedy))
    return _bundled(draft, asked, bundle, offer, before)


def _product(draft: Draft, id_: str, products: Mapping[str, Product], path: str) -> Product:
    product = products.get(id_)
    if product is None:
        message = f"There is no product '{id_}'."
        raise Invalid(draft.fault("unknown-product", message, path, nearest(id_, products)))
    if not product.active:
        message = f"'{id_}' is no longer sold: it is not active in the catalogue."
        raise Invalid(draft.fault("not-active", message, path, nearest(id_, products)))
    return product


def _line(
    draft: Draft, asked: DraftLine, product: Product, quantity: Decimal, offer: Offer, id_: str
) -> Line:
    rate = rate_of(product, offer.customer, offer.lists, offer.currency, draft.date)
    service, times = _service(draft, asked, product)
    cost = price(rate, quantity, times)
    day = service.first if service else draft.starts or draft.date
    what = Supplied(
        vat=product.vat, supply=product.supply, day=day, exemption=product.vat_exemption
    )
    buyer = buyer_of(offer.customer)
    taxed = treatment(offer.seller, buyer, what, offer.vat_rates, offer.language)
    return Line(
        id=id_,
        product=product.id,
        name=spoken(product.name, offer.language),
        text=asked.text or spoken(product.description, offer.language),
        quantity=quantity,
        unit=spoken(product.unit, offer.language),
        charge=product.charge,
        bill=product.billed,
        rate=rate,
        times=times,
        net=cost.amount,
        every=product.every,
        align=product.align,
        service=service,
        supply=product.supply,
        vat=product.vat,
        vat_exemption=spoken(product.vat_exemption, offer.language),
        treatment=taxed,
        revenue=product.recognised,
        steps=cost.steps,
    )


def _service(draft: Draft, asked: DraftLine, product: Product) -> tuple[Period | None, int]:
    """Give the term of what recurs and how many billing periods it has."""
    if product.every is None:
        return None, 1
    term = asked.term or draft.term
    months = read_months(term) if term else None
    if months is None:
        message = f"'{product.id}' recurs every {product.every}, so the line needs a term."
        raise Invalid(Fault("term-needed", message, remedy="Write term: 12 months."))
    times, rest = divmod(months, MONTHS[product.every])
    if rest:
        message = f"A term of {term} is not a whole number of times a {product.every}."
        raise Invalid(Fault("term-periods", message, remedy="Choose a term that is."))
    return term_of(draft.starts or draft.date, months), times


def _bundled(
    draft: Draft, asked: DraftLine, bundle: Bundle, offer: Offer, before: int
) -> list[Line]:
    """Price the parts by themselves, then give each its share of the bundle's price."""
    if offer.currency not in bundle.price:
        message = f"'{bundle.id}' has no price in {offer.currency}."
        raise Invalid(bundle.fault("no-price", message, "price"))
    lines = []
    for number, item in enumerate(bundle.items, start=before + 1):
        product = _product(draft, item.product, offer.catalog.products, "lines")
        quantity = item.quantity * asked.quantity
        lines.append(_line(draft, asked, product, quantity, offer, str(number)))
    agreed = bundle.price[offer.currency]
    whole = Money.of(agreed * asked.quantity, offer.currency)
    shares = split(whole, [line.net for line in lines])
    return [
        _shared(line, share, bundle, whole, offer)
        for line, share in zip(lines, shares, strict=True)
    ]


def _shared(line: Line, share: Money, bundle: Bundle, whole: Money, offer: Offer) -> Line:
    rule = f"share of bundle {bundle.id} at {whole}, by the stand-alone price {line.net}"
    source = bundle.source(f"price.{offer.currency}")
    step = Step(rule, source, line.net.amount, share.amount)
    name = spoken(bundle.name, offer.language)
    return replace(
        line, net=share, bundle=bundle.id, bundle_name=name, text="", steps=(*line.steps, step)
    )


def offered(
    company: Company, customer: Customer, shelf: Shelf, day: Day, currency: str | None = None
) -> Offer:
    """Gather what a customer is offered on: currency, price list, language and terms.

    The customer's own settings come before the company's. Refuses a price list that is
    not there, or that does not hold on the day.
    """
    money = currency or customer.currency or company.currency
    if money not in CURRENCIES:
        message = f"There is no currency '{money}'."
        raise Invalid(customer.fault("no-such-currency", message, "currency"))
    due = customer.terms.due_days
    return Offer(
        seller=seller_of(company),
        customer=customer,
        catalog=shelf.catalog,
        lists=_lists(customer, shelf.lists, money, day),
        vat_rates=shelf.vat_rates,
        language=customer.language or company.language,
        currency=money,
        due_days=company.terms.due_days if due is None else due,
    )


def _lists(
    customer: Customer, lists: Mapping[str, PriceList], currency: str, day: Day
) -> tuple[PriceList, ...]:
    if customer.price_list is None:
        return ()
    found = lists.get(customer.price_list)
    if found is None:
        message = f"There is no price list '{customer.price_list}'."
        remedy = nearest(customer.price_list, lists)
        raise Invalid(customer.fault("unknown-price-list", message, "price_list", remedy))
    if found.currency == currency and day not in found.valid:
        message = f"Price list {found.id} does not hold on {day}, and {customer.id} buys by it."
        remedy = f"Give {customer.id} another price_list, or lengthen its validity."
        raise Invalid(found.fault("price-list-expired", message, "valid", remedy))
    return (found,)
