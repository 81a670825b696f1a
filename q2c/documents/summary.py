"""A month end on one page, for whoever approves it: totals, largest changes, what is held."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.claim import Claim, Plan
from q2c.core.measure import Movement
from q2c.core.money import total
from q2c.core.party import Seller
from q2c.core.period import Period
from q2c.core.tax import VatTotal
from q2c.documents.draw import drawn
from q2c.documents.language import Language, amount, day
from q2c.documents.look import Look
from q2c.documents.parts import facts, footer, vat_rate
from q2c.documents.pdf import Info
from q2c.documents.sheet import Column, Row, Sheet, Signature, Signing, Table

# Rows of a table that stand by themselves, so that all is one page; the others are one row.
MOST: Final = 4
MOST_HELD: Final = 3
SEVERAL: Final = 2
SHORT_ID: Final = 12


class Summary(Struct, frozen=True, kw_only=True):
    """A plan to approve, and what is invoiced otherwise than in the month before."""

    plan: Plan
    moved: tuple[Movement, ...]
    before: Period
    seller: Seller


def summary_pdf(what: Summary, look: Look) -> bytes:
    """Draw the summary of a plan."""
    return drawn(summary_sheet(what, look), look)


def summary_sheet(what: Summary, look: Look) -> Sheet:
    """Write out what whoever approves a plan wants to see of it."""
    lang, plan = look.language, what.plan
    title = lang.say("month_end")
    told = (f"plan {plan.id}", f"commit {plan.commit}" if plan.commit else "", plan.program)
    return Sheet(
        info=Info(
            title=f"{title} {day(lang, plan.through)}",
            author=what.seller.name,
            created=plan.issue_on,
            keywords=", ".join(text for text in told if text),
            language=lang.code,
        ),
        title=title,
        number=day(lang, plan.through),
        sender=what.seller.name,
        facts=facts(lang, _facts(lang, plan)),
        parties=(),
        table=_totals(lang, plan) if plan.claims else None,
        blocks=tuple(table for table in _blocks(lang, what) if table.rows),
        signing=_signing(lang, plan),
        footer=footer(look, what.seller, what.seller),
        page=lang.say("page"),
    )


def _facts(lang: Language, plan: Plan) -> Iterator[tuple[str, str]]:
    yield "month_through", day(lang, plan.through)
    yield "invoice_date", day(lang, plan.issue_on)
    yield "month_invoices", str(len(plan.claims))
    yield "month_credits", _credits(lang, plan)
    yield "month_held", str(len(plan.held))
    yield "month_left", str(len(plan.skipped)) if plan.skipped else ""
    yield "month_plan", plan.id[:SHORT_ID]
    yield "month_ledger", plan.base[:SHORT_ID]


def _credits(lang: Language, plan: Plan) -> str:
    """Count the credit notes, and say what they give back without VAT."""
    if not plan.credits:
        return ""
    sums = []
    for currency in sorted({one.currency for one in plan.credits}):
        net = total((one.net for one in plan.credits if one.currency == currency), currency)
        sums.append(f"{amount(lang, net)} {currency}")
    label = lang.say("month_net")
    return f"{len(plan.credits)}: {' + '.join(sums)} {label[0].lower()}{label[1:]}"


def _totals(lang: Language, plan: Plan) -> Table:
    """Add up what is invoiced by VAT category, rate and currency."""
    rows = vat_rows(plan.claims)
    shown = [_total_row(lang, vat_rate(lang, row, several=True), [row]) for row in rows]
    for currency in sorted({claim.currency for claim in plan.claims}):
        mine = [row for row in rows if row.base.currency == currency]
        whole = _total_row(lang, lang.say("month_total", currency=currency), mine)
        shown.append(replace(whole, strong=True))
    return Table(columns=_columns(lang, TOTALS, "vat_rate"), rows=tuple(shown))


def _total_row(lang: Language, label: str, rows: Sequence[VatTotal]) -> Row:
    currency = rows[0].base.currency
    base = total((row.base for row in rows), currency)
    vat = total((row.vat for row in rows), currency)
    figures = (amount(lang, one) for one in (base, vat, base + vat))
    return Row(cells=(label, *figures, currency))


def vat_rows(claims: Iterable[Claim]) -> list[VatTotal]:
    """Add up the VAT that claims are for by currency, category and rate, without deposits."""
    found: dict[tuple[str, str, str], VatTotal] = {}
    for claim in claims:
        for row in claim.taxed:
            key = (claim.currency, row.category, f"{row.rate:f}")
            known = found.get(key)
            base, vat = (known.base, known.vat) if known else (row.base - row.base,) * 2
            found[key] = VatTotal(
                category=row.category, rate=row.rate, base=base + row.base, vat=vat + row.vat
            )
    return [found[key] for key in sorted(found)]


TOTALS: Final = ("vat_rate", "vat_base", "vat_amount", "month_gross", "month_currency")
CHANGES: Final = ("month_line", "month_why", "month_was", "month_is", "month_change")
INVOICES: Final = ("customer", "our_order", "month_net", "vat_amount", "month_gross")
HELD: Final = ("our_order", "customer", "reason")
FIGURES: Final = frozenset(
    (
        *("vat_base", "vat_amount", "month_gross", "month_was", "month_is"),
        *("month_change", "month_net"),
    )
)


def _columns(lang: Language, keys: Sequence[str], words: str) -> tuple[Column, ...]:
    return tuple(
        Column(lang.say(key), right=key in FIGURES, gives_way=key == words) for key in keys
    )


def _blocks(lang: Language, what: Summary) -> Iterator[Table]:
    plan = what.plan
    since = lang.say("month_changes", month=f"{what.before.first:%Y-%m}")
    yield Table(
        columns=_columns(lang, CHANGES, "month_line"), rows=tuple(_changes(lang, what)), title=since
    )
    # What is held, and totals of several currencies, are of more weight, and the page has an end.
    if not (plan.held or plan.skipped) and len({one.currency for one in plan.claims}) < SEVERAL:
        yield Table(
            columns=_columns(lang, INVOICES, "customer"),
            rows=tuple(_invoices(lang, plan)),
            title=lang.say("month_largest"),
        )
    yield Table(
        columns=_columns(lang, HELD, "reason"),
        rows=tuple(_held(lang, plan)),
        title=lang.say("month_held_why"),
    )


def _changes(lang: Language, what: Summary) -> Iterator[Row]:
    for one in what.moved[:MOST]:
        figures = (one.before, one.now, one.change)
        why = lang.say(f"month_{one.why.replace('-', '_')}")
        foreign = one.change.currency != what.seller.currency
        named = ", ".join((one.name, one.customer, *([one.change.currency] if foreign else [])))
        yield Row(cells=(named, why, *(amount(lang, figure) for figure in figures)))
    rest = what.moved[MOST:]
    for currency in sorted({one.change.currency for one in rest}):
        mine = [one for one in rest if one.change.currency == currency]
        label = lang.say("month_smaller", count=str(len(mine)), currency=currency)
        yield Row(cells=(label, "", *_summed(lang, mine, currency)))


def _summed(lang: Language, some: Sequence[Movement], currency: str) -> tuple[str, str, str]:
    before = total((one.before for one in some), currency)
    now = total((one.now for one in some), currency)
    return amount(lang, before), amount(lang, now), amount(lang, now - before)


def _invoices(lang: Language, plan: Plan) -> Iterator[Row]:
    largest = sorted(plan.claims, key=lambda one: (-one.payable.minor, one.orders))
    for claim in largest[:MOST]:
        figures = (claim.claimed, claim.claimed_tax, claim.claimed + claim.claimed_tax)
        cells = (claim.buyer.name, " ".join(claim.orders), *(amount(lang, one) for one in figures))
        yield Row(cells=cells)
    rest = largest[MOST:]
    for currency in sorted({claim.currency for claim in rest}):
        mine = [claim for claim in rest if claim.currency == currency]
        label = lang.say("month_smaller", count=str(len(mine)), currency=currency)
        net = total((one.claimed for one in mine), currency)
        tax = total((one.claimed_tax for one in mine), currency)
        yield Row(cells=(label, "", *(amount(lang, one) for one in (net, tax, net + tax))))


def _held(lang: Language, plan: Plan) -> Iterator[Row]:
    for held in plan.held[:MOST_HELD]:
        yield Row(cells=(held.order, held.customer, held.message))
    for skip in plan.skipped[: MOST_HELD - len(plan.held)]:
        yield Row(cells=(" ".join(skip.orders), skip.customer, skip.message))
    rest = len(plan.held) + len(plan.skipped) - MOST_HELD
    if rest > 0:
        yield Row(cells=("", "", lang.say("month_more", count=str(rest))))


def _signing(lang: Language, plan: Plan) -> Signing:
    lines = tuple(lang.say(key) for key in ("place_and_date", "signature", "name_in_print"))
    said = lang.say("month_approve_how", plan=plan.id[:SHORT_ID])
    signature = Signature(lang.say("month_approved"), lines)
    return Signing(text=said, signatures=(signature,))
