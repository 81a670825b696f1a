"""From a draft to its priced lines, with every fault of every line at once."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from msgspec.structs import replace

from q2c.core.catalog import LARGEST_QUANTITY, Bundle, Product
from q2c.core.fault import Fault, Held, Invalid, Refused, nearest
from q2c.core.money import Money
from q2c.core.party import buyer_of, spoken
from q2c.core.period import FIRST_YEAR, LAST_YEAR, MONTHS, Period, read_months, term_of
from q2c.core.pricing import price, rate_of, split
from q2c.core.quote.lines import Draft, DraftLine, Line, Priced
from q2c.core.quote.offer import Offer
from q2c.core.tax import Supplied, treatment, vat_totals
from q2c.core.trace import Step


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
        message = f"The offer ends on {draft.valid_until}, before it is made on {draft.date}."
        remedy = "Put valid_until (as a flag, --valid-until) on that day or later."
        yield Invalid(draft.fault("bad-period", message, "valid_until", remedy))


def _refuse_years(draft: Draft) -> None:
    """Refuse days at the ends of the calendar, before a term reckons past them."""
    days = {"date": draft.date, "valid_until": draft.valid_until, "starts": draft.starts}
    remedy = f"Write a day of the years {FIRST_YEAR} to {LAST_YEAR}."
    faults = [
        draft.fault("bad-date", f"{day} cannot be meant.", name, remedy)
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
    _refuse_quantity(draft, asked.quantity, f"{path}.quantity")
    if asked.product is not None:
        product = _product(draft, asked.product, offer.catalog.products, f"{path}.product")
        return [_line(draft, asked, product, asked.quantity, offer, str(before + 1))]
    assert asked.bundle is not None
    bundle = offer.catalog.bundles.get(asked.bundle)
    if bundle is None or not bundle.active:
        message = f"There is no bundle '{asked.bundle}' for sale."
        remedy = nearest(asked.bundle, offer.catalog.bundles)
        raise Invalid(draft.fault("unknown-bundle", message, f"{path}.bundle", remedy))
    return _bundled(draft, position, bundle, offer, before)


def _refuse_quantity(draft: Draft, quantity: Decimal, path: str) -> None:
    if not 0 < quantity < LARGEST_QUANTITY:
        message = f"A quantity is above 0 and below {LARGEST_QUANTITY:,}, not {quantity:,f}."
        remedy = "Write how many units are offered."
        raise Invalid(draft.fault("bad-quantity", message, path, remedy))


def _product(draft: Draft, id_: str, products: Mapping[str, Product], path: str) -> Product:
    product = products.get(id_)
    if product is None:
        message = f"There is no product '{id_}'."
        raise Invalid(draft.fault("unknown-product", message, path, nearest(id_, products)))
    if not product.active:
        message = f"'{id_}' is no longer sold: it is not active in the catalogue."
        sold = [other for other, one in products.items() if one.active]
        raise Invalid(draft.fault("not-active", message, path, nearest(id_, sold)))
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
        remedy = "Write term: 12 months (as a flag, --term 12m)."
        raise Invalid(Fault("term-needed", message, remedy=remedy))
    times, rest = divmod(months, MONTHS[product.every])
    if rest:
        message = f"A term of {term} is not a whole number of times a {product.every}."
        raise Invalid(Fault("term-periods", message, remedy="Choose a term that is."))
    return term_of(draft.starts or draft.date, months), times


def _bundled(draft: Draft, position: int, bundle: Bundle, offer: Offer, before: int) -> list[Line]:
    """Price the parts by themselves, then give each its share of the bundle's price.

    The price is for one bundle and the whole of its term. What the draft says of the bundle
    stands with its first part.
    """
    if offer.currency not in bundle.price:
        message = f"'{bundle.id}' has no price in {offer.currency}."
        remedy = f"Write one below price, as {offer.currency}: …."
        raise Invalid(bundle.fault("no-price", message, "price", remedy))
    asked, path = draft.lines[position], f"lines.{position}"
    lines = []
    for number, item in enumerate(bundle.items, start=before + 1):
        product = _product(draft, item.product, offer.catalog.products, f"{path}.bundle")
        quantity = item.quantity * asked.quantity
        _refuse_quantity(draft, quantity, f"{path}.quantity")
        lines.append(_line(draft, asked, product, quantity, offer, str(number)))
    agreed = Fraction(bundle.price[offer.currency]) * Fraction(asked.quantity)
    whole = Money.of(agreed, offer.currency)
    shares = split(whole, [line.net for line in lines])
    texts = (asked.text, *[""] * (len(lines) - 1))
    return [
        replace(_shared(line, share, bundle, whole, offer), text=text)
        for line, share, text in zip(lines, shares, texts, strict=True)
    ]


def _shared(line: Line, share: Money, bundle: Bundle, whole: Money, offer: Offer) -> Line:
    rule = f"share of bundle {bundle.id} at {whole}, by the stand-alone price {line.net}"
    source = bundle.source(f"price.{offer.currency}")
    step = Step(rule, source, line.net.amount, share.amount)
    name = spoken(bundle.name, offer.language)
    return replace(line, net=share, bundle=bundle.id, bundle_name=name, steps=(*line.steps, step))
