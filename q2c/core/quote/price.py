"""From a draft to its priced lines, with every fault of every line at once."""

from collections.abc import Iterable, Iterator, Sequence

from q2c.core.catalog import Promotion, Rule
from q2c.core.fault import Fault, Invalid, Refused
from q2c.core.money import total
from q2c.core.party import buyer_of
from q2c.core.period import FIRST_YEAR, LAST_YEAR
from q2c.core.quote.adding import added, there
from q2c.core.quote.assemble import assembled, placed
from q2c.core.quote.configure import Wanted, configure
from q2c.core.quote.draft import Draft
from q2c.core.quote.figures import refuse_payments
from q2c.core.quote.inclusive import taxed
from q2c.core.quote.lines import Alert, Line, Priced, Reduced
from q2c.core.quote.offer import Offer
from q2c.core.quote.past import used
from q2c.core.quote.reducing import over_all, promoted
from q2c.core.quote.ruling import alerts, broken, touching
from q2c.core.quote.selection import Selection, chosen_of, selections
from q2c.core.quote.whole import taken_off


def priced(number: str, draft: Draft, offer: Offer) -> Priced:
    """Price a draft; refuse with every fault of every line at once."""
    _refuse_days(draft)
    chosen = chosen_of(draft)
    configured, broken_lines = configure(draft, offer.catalog)
    promotions, shut = promoted(draft, offer)
    if faults := [*_ends_before(draft), *broken_lines, *shut]:
        raise Invalid(*faults, *_more_faults(draft, configured, offer, chosen))
    wanted, told = _ruled(draft, configured, offer, chosen)
    lines, inside = assembled(draft, wanted, promotions, offer, chosen)
    found = over_all(draft, promotions, offer)
    reduced = tuple(one for one in found if any(map(one.covers, lines)))
    _refuse_overdrawn(draft, lines, reduced, offer.currency)
    lines = taken_off(lines, reduced)
    taken = used(lines, reduced)
    quote = Priced(
        number=number,
        date=draft.date,
        valid_until=draft.valid_until,
        starts=draft.starts or draft.date,
        term=draft.term or "",
        currency=offer.currency,
        language=offer.language,
        title=draft.title or "",
        cover=draft.cover,
        intro=draft.intro,
        opportunity=draft.opportunity or "",
        seller=offer.seller,
        buyer=buyer_of(offer.customer),
        lines=lines,
        reduced=reduced,
        promotions=taken,
        vat=taxed(lines, offer.currency, inclusive=draft.prices_include_vat),
        prices_include_vat=draft.prices_include_vat,
        cost_centre=draft.cost_centre or "",
        due_days=offer.due_days if draft.due_days is None else draft.due_days,
        payments=draft.payments,
        exchange=draft.exchange,
        clauses=draft.clauses,
        note=draft.note,
        inside=inside,
        rules=touching(_for_customer(offer), {n for one in wanted for n in names_of(one)}),
        alerts=(*told, *_idle(promotions, taken)),
    )
    refuse_payments(draft, quote)
    return quote


def _idle(promotions: Iterable[Promotion], taken: Iterable[str]) -> Iterator[Alert]:
    """Tell of codes that were given and take nothing off what counts."""
    for promo in promotions:
        if promo.code and promo.id not in taken:
            yield Alert("", f"The code {promo.code} takes nothing off.")


def _more_faults(
    draft: Draft, configured: list[Wanted], offer: Offer, chosen: Selection
) -> tuple[Fault, ...]:
    """Say what is wrong in the lines that could be configured, beside those that could not."""
    try:
        assembled(draft, configured, [], offer, chosen)
    except Refused as refused:
        return refused.faults
    return ()


def _for_customer(offer: Offer) -> list[Rule]:
    """Give the rules that are about this customer."""
    segment = offer.customer.segment
    return [r for r in offer.catalog.rules if not r.when.segments or segment in r.when.segments]


def _refuse_days(draft: Draft) -> None:
    """Refuse days at the ends of the calendar: nothing can be worked out from there on."""
    days = {"date": draft.date, "valid_until": draft.valid_until, "starts": draft.starts}
    days |= {f"lines.{n}.starts": line.starts for n, line in enumerate(draft.lines)}
    days |= {f"lines.{n}.ends": line.ends for n, line in enumerate(draft.lines)}
    remedy = f"Write a day of the years {FIRST_YEAR} to {LAST_YEAR}."
    faults = [
        draft.fault("bad-date", f"{day} cannot be meant.", name, remedy)
        for name, day in days.items()
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR
    ]
    if faults:
        raise Invalid(*faults)


def _ends_before(draft: Draft) -> Iterator[Fault]:
    """Say that an offer ends before it is made."""
    if draft.valid_until < draft.date:
        message = f"The offer ends on {draft.valid_until}, before it is made on {draft.date}."
        remedy = "Put valid_until (as a flag, --valid-until) on that day or later."
        yield draft.fault("bad-period", message, "valid_until", remedy)


def names_of(one: Wanted) -> tuple[str, ...]:
    """Give the names by which rules know what is wanted."""
    bundles = (name for bundle, _ in one.within for name in (bundle.id, bundle.family or ""))
    return (one.product.id, one.product.family or "", *bundles)


def _ruled(
    draft: Draft, wanted: list[Wanted], offer: Offer, chosen: Selection
) -> tuple[list[Wanted], tuple[Alert, ...]]:
    """Add what the rules add, and refuse what breaks one in anything the customer may choose."""
    rules, segment = offer.catalog.rules, offer.customer.segment or ""
    whole = [*wanted, *added(draft, wanted, offer, chosen)]
    strict = [rule for rule in rules if rule.require or rule.require_any or rule.exclude]
    faults = {
        fault: None
        for choice in (selections(draft, chosen) if strict else ())
        for fault in broken(strict, there(whole, choice), segment, offer.language)
    }
    if faults:
        raise Invalid(*(placed(fault, draft, "lines") for fault in faults))
    return whole, alerts(rules, there(whole, chosen), segment, offer.language)


def _refuse_overdrawn(
    draft: Draft, lines: Sequence[Line], reduced: Sequence[Reduced], currency: str
) -> None:
    """Refuse an amount off the whole quote that is more than is left of the quote."""
    asked = ((n, one.amount) for n, one in enumerate(draft.discounts) if one.amount is not None)
    own = (n for n, one in enumerate(reduced) if one.amount is not None and not one.promotion)
    for (at, amount), number in zip(asked, own, strict=True):  # amounts keep their order
        before = [line for line in taken_off(lines, reduced[:number]) if line.counts]
        left = total((line.net for line in before), currency)
        if amount > left.amount:
            message = f"{amount:f} off is more than the lines come to, {left}."
            fault = draft.fault("discount-too-large", message, f"discounts.{at}", "Take off less.")
            raise Invalid(fault)
