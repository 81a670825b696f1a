"""Invoices of all kinds that q2c bills, made at random: what the official rules are held against.

They come about as real ones do, from a claim that is issued, and a credit note from its invoice.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from q2c.core.claim import Charge, Claim, Deducted, DuePart, Section
from q2c.core.invoice import Crediting, Invoice, Issue, credited, issued, parts_of, uncredited
from q2c.core.money import Money, allocate, total
from q2c.core.party import Address, Bank, Party, Seller
from q2c.core.period import Period
from q2c.core.rates import ExchangeRate
from q2c.core.tax import EN_16931, Rounding, Treatment, VatTotal, vat_of
from q2c.core.tax.treating import REASONS
from q2c.core.trace import Paper

ISSUED: Final = date(2026, 11, 20)
LANGUAGES: Final = ("sv", "en", "de", "fr", "fi", "nb", "da", "es", "nl", "pl")
UNITS: Final = ("h", "timme", "day", "month", "år", "pcs", "st", "licence", "GB", "kg", "", "team")
FILES: Final = {"evidence/report.pdf": b"%PDF-1.7 invented", "evidence/hours.csv": b"day,hours\n"}
PAPERS: Final = (
    Paper("evidence/report.pdf", "0" * 64),
    Paper("evidence/hours.csv", "1" * 64),
    Paper("evidence/plan.dwg", "2" * 64),
)
BANK: Final = Bank(
    bankgiro="991-2346",
    plusgiro="90 20 03-3",
    iban="SE45 5000 0000 0583 9825 7466",
    bic="ESSESESS",
)


def address(country: str, code: str = "111 23", town: str = "Ort") -> Address:
    """Give an address in a country."""
    return Address(street="Storgatan 1", postal_code=code, city=town, country=country)


NORDLYS: Final = Seller(
    id="nordlys",
    name="Nordlys Konsult AB",
    org_number="559999-1238",
    vat_id="SE559999123801",
    address=address("SE", town="Stockholm"),
    reference="Maja Lind",
    email="faktura@nordlys.example",
    phone="+46 8 555 010 20",
    seat="Stockholm",
    f_tax=True,
    bank=BANK,
)
ADLER: Final = Party(
    id="adler-gmbh",
    name="Adler Präzision GmbH & Co. <KG>",
    vat_id="DE373433734",
    address=address("DE", "70565", "Stuttgart"),
    electronic_address="9930:DE373433734",
    reference="04011000-12345-03",
    contact="Jürgen Weiß",
    email="einkauf@adler.example",
)
_FJORD: Final = Party(
    id="fjord-foods",
    name="Fjord Foods AB",
    org_number="556016-0680",
    vat_id="SE556016068001",
    address=address("SE"),
    reference="4711",
)
SELLERS: Final = (NORDLYS, replace(NORDLYS, bank=replace(BANK, plusgiro=""), f_tax=False))
STERN: Final = Seller(
    id="stern",
    name="Stern Software GmbH",
    org_number="HRB 12345",
    vat_id="DE373433734",
    address=address("DE", "10115", "Berlin"),
    electronic_address="9930:DE373433734",
    reference="Ute Stern",
    email="rechnung@stern.example",
    phone="+49 30 555010",
    bank=Bank(iban="DE75 5121 0800 1245 1261 99", bic="SOGEDEFF"),
    currency="EUR",
)
BUYERS: Final[dict[str, tuple[Party, ...]]] = {
    "home": (
        _FJORD,
        replace(_FJORD, delivery=address("SE", "930 10", "Norrby"), contact="Eva Ek"),
        replace(_FJORD, electronic_address="0088:7300010000001", kind="public"),
    ),
    "union": (
        ADLER,
        Party(
            id="polar-oy",
            name="Polar Oy",
            org_number="1234567-1",
            vat_id="FI12345671",
            address=address("FI", "00100", "Helsinki"),
            electronic_address="0216:003712345671",
            reference="Osto",
            delivery=address("FI", "90100", "Oulu"),
        ),
    ),
    "germany": (ADLER, replace(ADLER, electronic_address="0204:04011000-12345-03", kind="public")),
    "world": (
        Party(
            id="fjell-as",
            name="Fjell AS",
            org_number="974 760 673",
            address=address("NO", "0150", "Oslo"),
            electronic_address="0192:974760673",
            reference="Innkjøp",
        ),
        Party(
            id="thistle-ltd",
            name="Thistle Ltd",
            address=address("GB", "EH1 1AA", "Edinburgh"),
            electronic_address="0088:7300010000001",
            reference="PO desk",
        ),
    ),
}


def _taxed(rate: str) -> Treatment:
    return Treatment(category="S", rate=Decimal(rate))


def untaxed(case: str, language: str = "en") -> Treatment:
    """Give the treatment of what is not taxed, for a reason that q2c knows."""
    category, code, texts = REASONS[case]
    said = texts[language]  # type: ignore[index]  # a language there is
    return Treatment(category=category, code=code, reason=said)


EXEMPT: Final = Treatment(category="E", reason="Undantag från skatteplikt, 10 kap. ML")
TREATMENTS: Final = {
    "home": (_taxed("25"), _taxed("12"), _taxed("6"), EXEMPT),
    "union": (untaxed("reverse-charge"), untaxed("intra-community"), EXEMPT),
    "germany": (_taxed("19"), _taxed("7"), Treatment(category="S"), EXEMPT),
    "world": (untaxed("export-goods"), untaxed("export-service"), EXEMPT),
}
ROUNDINGS: Final = (
    None,
    Rounding(vat="line"),
    Rounding(vat="document", ties="even"),
    Rounding(cash=Decimal(1)),
)
# Rounded by line, VAT in whole yen is easily a yen from the rate, which is told: BR-CO-17.
COARSE: Final = frozenset({"JPY"})
RATES: Final = tuple(
    ExchangeRate(
        currency=currency,
        into="SEK",
        on=date(2026, 11, 18),
        rate=Decimal(rate),
        published_by="Riksbanken",
    )
    for currency, rate in (("EUR", "11.2345"), ("NOK", "0.98"), ("USD", "10.5"), ("JPY", "0.0687"))
)
_TEXTS: Final = st.sampled_from(("", "En rad\ntill", "Räknat & klart <nu>", "Ω Ж ł “citat”"))


def _quantities() -> st.SearchStrategy[Decimal]:
    return st.decimals("0.01", "400", places=2).filter(bool)


class Figures(Struct, frozen=True, kw_only=True):
    """What a charge comes to, and by which price."""

    quantity: Decimal
    unit: str
    price: Decimal | None = None
    percent: Decimal | None = None
    gross: Money | None = None
    net: Money


@st.composite
def figures(draw: st.DrawFn, currency: str) -> Figures:
    """Price something: by unit, discounted, by tiers, per cent, for free, or less than nothing."""
    shape = draw(st.sampled_from(("price", "off", "on", "tiers", "percent", "free", "back")))
    quantity, price = draw(_quantities()), draw(st.decimals("0.01", "9000", places=2))
    full = Money.of(quantity * price, currency)
    plain = Figures(quantity=quantity, unit=draw(st.sampled_from(UNITS)), price=price, net=full)
    share = draw(st.decimals("0", "1", places=3))
    if shape in ("off", "on"):
        net = full.share(1 - share if shape == "off" else 1 + share)
        return replace(plain, net=net, gross=full if net != full else None)
    if shape == "tiers":
        gross = draw(st.sampled_from((None, full)))
        return replace(plain, price=None, net=full.share(1 - share / 2), gross=gross)
    if shape == "percent":
        net = full.share(share)
        return Figures(quantity=full.amount, unit=currency, percent=share * 100, net=net)
    if shape == "free":
        none = draw(st.sampled_from((Decimal(0), quantity)))
        return replace(plain, quantity=none, price=Decimal(0), net=Money(0, currency))
    return replace(plain, quantity=Decimal(1), price=None, net=-full) if shape == "back" else plain


@st.composite
def charges(draw: st.DrawFn, number: int, place: str, currency: str) -> Charge:
    """Make a charge of an order line, on some days, with VAT in its price or without."""
    how, found = draw(st.sampled_from(TREATMENTS[place])), draw(figures(currency))
    inside = how.rate and currency not in COARSE and found.net.minor > 0 and not found.percent
    agreed = found.net if inside and draw(st.booleans()) else None
    first = ISSUED - timedelta(days=draw(st.integers(0, 40)))
    days = Period(first, first + timedelta(days=draw(st.sampled_from((0, 0, 29, 364)))))
    return Charge(
        source=f"O-2026-000{1 + number % 2}/{number}",
        keys=(f"O-2026-000{1 + number % 2}/{number}:order",),
        product=draw(st.sampled_from(("advisory", "sensor", "support"))),
        name=draw(st.sampled_from(("Rådgivning", "Sensor", "Stöd & drift"))),
        text=draw(_TEXTS),
        quantity=found.quantity,
        unit=found.unit,
        unit_price=found.price,
        percent=found.percent,
        gross=found.gross,
        net=found.net.share(100 / (100 + how.rate)) if agreed else found.net,
        with_vat=agreed,
        service=days if days.first != days.last else None,
        supplied=days,
        treatment=how,
    )


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """Make a claim of some charges, with what an order and a customer may ask for."""
    place = draw(st.sampled_from(("home", "home", "union", "world", "germany")))
    currency = draw(st.sampled_from(("SEK", "SEK", "EUR", "EUR", "NOK", "USD", "JPY")))
    currency = "EUR" if place == "germany" else currency
    count = draw(st.integers(1, 5))
    made = tuple(draw(charges(n, place, currency)) for n in range(1, count + 1))
    rounding = draw(st.sampled_from(ROUNDINGS if currency not in COARSE else ROUNDINGS[:1]))
    made = _not_less_than_nothing(made)
    several = draw(st.booleans()) and count > 1
    sections = (
        Section(order="O-2026-0001", po="45-1", title="Drift"),
        Section(order="O-2026-0002", po="45-2", cost_centre="K200"),
    )
    return Claim(
        order="" if several else "O-2026-0001",
        contract=draw(st.sampled_from(("", "C-2026-0001"))),
        customer="someone",
        po=draw(st.sampled_from(("", "4500012345"))),
        cost_centre=draw(st.sampled_from(("", "K100"))),
        title=draw(st.sampled_from(("", "Plattform 2026"))),
        sections=sections if several else (),
        issue_on=ISSUED,
        due_days=draw(st.sampled_from((0, 10, 30))),
        currency=currency,
        language=draw(st.sampled_from(LANGUAGES)),
        seller=STERN if place == "germany" else draw(st.sampled_from(SELLERS)),
        buyer=draw(st.sampled_from(BUYERS[place])),
        charges=made,
        vat=vat_of(made, currency, rounding or EN_16931),
        rounding=rounding,
        replaces=draw(st.sampled_from(((), ("F-2026-0007",)))),
        attachments=draw(st.sampled_from(((), PAPERS))),
    )


def _not_less_than_nothing(made: tuple[Charge, ...]) -> tuple[Charge, ...]:
    """Leave out what goes back where it is more than all the rest: q2c credits it instead."""
    currency = made[0].net.currency
    if total((one.net for one in made), currency).minor >= 0:
        return made
    return tuple(one for one in made if one.net.minor >= 0) or (replace(made[0], net=-made[0].net),)


@st.composite
def invoices(draw: st.DrawFn) -> Invoice:
    """Make an invoice as it is, in instalments, a deposit, a final invoice or a credit note."""
    claim = draw(claims())
    kind = draw(
        st.sampled_from(("plain", "plain", "parts", "deposit", "final", "whole note", "part note"))
    )
    if kind == "parts":
        claim = replace(claim, instalments=_in_parts(claim))
    elif kind == "deposit":
        claim = replace(claim, scheduled="deposit")
    elif kind == "final" and all(row.base.minor > 0 for row in claim.vat):
        share = draw(st.decimals("0", "1", places=2))
        deposits = (_deposit(claim, share),) if share else ()
        claim = replace(claim, scheduled="final", deposits=deposits)
    invoice = issued(claim, Issue(number="F-2026-0042", look=""), RATES)
    if kind in ("whole note", "part note"):
        return _credited(draw, invoice, whole=kind == "whole note")
    return invoice


def _in_parts(claim: Claim) -> tuple[DuePart, ...]:
    first, second = allocate(claim.payable, [1, 2])
    days = ISSUED + timedelta(days=10), ISSUED + timedelta(days=40)
    return DuePart(due_on=days[0], amount=first), DuePart(due_on=days[1], amount=second)


def _deposit(claim: Claim, share: Decimal) -> Deducted:
    """Give a deposit of a share of everything; in a foreign currency with its VAT in kronor."""
    rows = tuple(_share(row, share) for row in claim.vat)
    abroad = claim.currency != claim.seller.currency
    return Deducted(
        number="F-2026-0001",
        issued_on=date(2026, 3, 1),
        vat=rows,
        home=Money(12345, "SEK") if abroad and any(row.vat.minor for row in rows) else None,
        book=Money(54321, "SEK") if abroad else None,
    )


def _share(row: VatTotal, share: Decimal) -> VatTotal:
    return replace(row, base=row.base.share(share), vat=row.vat.share(share))


def _credited(draw: st.DrawFn, invoice: Invoice, *, whole: bool) -> Invoice:
    left = uncredited(invoice, ())
    some = {id_: amount for id_, amount in left.items() if amount.minor > 0}
    if not whole and some:
        id_ = draw(st.sampled_from(sorted(some)))
        left = {id_: some[id_].share(draw(st.decimals("0.3", "1", places=2)))}
    what = Crediting(
        parts=parts_of(left),
        issued_on=ISSUED + timedelta(days=3),
        reason="Överenskommen prissänkning",
        void=not any(amount.minor for amount in left.values()),
    )
    return credited(invoice, (), what, Issue(number="K-2026-0003", look=""))


def charged(net: str = "100", how: Treatment | None = None, **more: object) -> Charge:
    """Give a charge of one hour in November, taxed at 25 % if nothing else is said."""
    said: dict[str, object] = {
        "source": "O-2026-0001/1",
        "keys": (),
        "product": "advisory",
        "name": "Rådgivning",
        "quantity": Decimal(1),
        "unit": "h",
        "net": Money.of(Decimal(net), "SEK"),
        "supplied": Period(date(2026, 11, 2), date(2026, 11, 6)),
        "treatment": how or TREATMENTS["home"][0],
    }
    return Charge(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


def claimed(*lines: Charge, **more: object) -> Claim:
    """Give a claim of some charges to a customer at home."""
    currency = lines[0].net.currency
    said: dict[str, object] = {
        "order": "O-2026-0001",
        "contract": "C-2026-0001",
        "customer": "fjord-foods",
        "issue_on": ISSUED,
        "due_days": 30,
        "currency": currency,
        "language": "en",
        "seller": NORDLYS,
        "buyer": BUYERS["home"][0],
        "charges": lines,
        "vat": vat_of(lines, currency),
    }
    return Claim(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


def invoiced(*lines: Charge, **more: object) -> Invoice:
    """Give the invoice of a claim."""
    return issued(claimed(*lines, **more), Issue(number="F-2026-0042", look=""), RATES)
