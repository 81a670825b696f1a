"""Made-up documents of made-up companies, for tests that draw, store or count them."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from msgspec.structs import replace

from q2c.core.contract import Contract
from q2c.core.identifier import ocr, rf
from q2c.core.invoice import Invoice, InvoiceLine, Original
from q2c.core.money import Money, exchange, total
from q2c.core.party import Address, Bank, Party, Seller, spoken
from q2c.core.period import Period, term_of
from q2c.core.pricing import Rate
from q2c.core.quote import Line, Priced
from q2c.core.rates import HomeVat
from q2c.core.tax import REASONS, Treatment, vat_totals

DAY = date(2026, 11, 30)
MONTH = Period(date(2026, 11, 1), DAY)
SELLER = Seller(
    id="nordlys",
    name="Nordlys Konsult AB",
    org_number="559999-1238",
    vat_id="SE559999123801",
    address=Address(street="Storgatan 1", postal_code="111 23", city="Stockholm", country="SE"),
    reference="Maja Lind",
    email="faktura@nordlys.example",
    seat="Stockholm",
    phone="+46 8 555 010 20",
    web="nordlys.example",
    f_tax=True,
    bank=Bank(
        bankgiro="991-2346",
        iban="SE45 5000 0000 0583 9825 7466",
        bic="ESSESESS",
        swish="123 456 78 90",
    ),
)
FJORD = Party(
    id="fjord-foods",
    name="Fjord Foods AB",
    org_number="559999-4562",
    vat_id="SE559999456201",
    address=Address(street="Hamngatan 12", postal_code="411 06", city="Göteborg", country="SE"),
    reference="Ida Berg",
)
POLAR = Party(
    id="polar-oy",
    name="Polar Data Oy",
    vat_id="FI28159013",
    address=Address(street="Rantakatu 5", postal_code="90100", city="Oulu", country="FI"),
    reference="Aino Laine",
)
THISTLE = Party(
    id="thistle-ltd",
    name="Thistle & Rowe Ltd",
    vat_id="GB333265964",
    address=Address(street="8 Castle Wynd", postal_code="EH1 2NG", city="Edinburgh", country="GB"),
)
STANDARD = Treatment(category="S", rate=Decimal(25))
SERVICES = (
    ("Rådgivning", "Rådgivning om dataplattformar, av konsult.", "timme", "12.5", "1450"),
    ("Workshopdag", "En dag på plats för upp till tolv personer.", "dag", "1", "24000"),
    ("Insight-licens", "", "licens", "20", "190"),
    ("Support Guld", "Svar inom fyra timmar, alla dagar.", "plan", "1", "6500"),
)


def untaxed(case: str, language: str) -> Treatment:
    """Make the treatment of a case of `REASONS`, such as `reverse-charge`."""
    category, code, texts = REASONS[case]
    return Treatment(category=category, code=code, reason=spoken(texts, language))


def invoice_line(number: int, currency: str = "SEK", **other: object) -> InvoiceLine:
    """Make a line out of four services, in turn."""
    name, text, unit, quantity, price = SERVICES[(number - 1) % len(SERVICES)]
    quantity_, price_ = Decimal(quantity), Decimal(price)
    line = InvoiceLine(
        id=str(number),
        source=f"O-2026-0001/{number}",
        product=name.lower().replace(" ", "-"),
        name=name,
        text=text,
        quantity=quantity_,
        unit=unit,
        unit_price=price_,
        net=Money.of(quantity_ * price_, currency),
        supplied=MONTH,
        treatment=STANDARD,
    )
    return replace(line, **other)


def invoice(
    lines: Sequence[InvoiceLine] | int = 1,
    *,
    currency: str = "SEK",
    buyer: Party = FJORD,
    treatment: Treatment = STANDARD,
    **other: object,
) -> Invoice:
    """Make an invoice of lines, or of so many; with `home` VAT where it is not in SEK."""
    if isinstance(lines, int):
        lines = [invoice_line(n, currency, treatment=treatment) for n in range(1, lines + 1)]
    vat = vat_totals(((line.treatment, line.net) for line in lines), currency)
    tax = total((row.vat for row in vat), currency)
    rate = Decimal("11.2345")
    home = HomeVat(rate, date(2026, 11, 27), "Riksbanken", exchange(tax, rate, "SEK"))
    made = Invoice(
        number="F-2026-0001",
        issued_on=DAY,
        due_on=DAY + timedelta(days=30),
        order="O-2026-0001",
        contract="C-2026-0001",
        customer=buyer.id,
        seller=SELLER,
        buyer=buyer,
        currency=currency,
        language="sv",
        lines=tuple(lines),
        vat=vat,
        home=None if currency == "SEK" else home,
        ocr=ocr("20260001", length_digit=True),
        rf=rf("20260001"),
        commit="8d1f0c2a",
        program="0.1.0",
    )
    return replace(made, **other)


def credit_note(of: Invoice, **other: object) -> Invoice:
    """Make the credit note for all of an invoice."""
    made = replace(
        of,
        kind="credit-note",
        number="K-2026-0001",
        issued_on=date(2026, 12, 4),
        due_on=date(2026, 12, 4),
        original=Original(of.number, of.issued_on),
        reason="Workshopen ställdes in.",
        ocr="",
        rf="",
    )
    return replace(made, **other)


def line(number: int = 1, currency: str = "SEK", **other: object) -> Line:
    """Make a line of a quote out of four services, in turn."""
    name, text, unit, quantity, price = SERVICES[(number - 1) % len(SERVICES)]
    rate = Rate(model="per-unit", currency=currency, unit_price=Decimal(price))
    net = Money.of(Decimal(quantity) * Decimal(price), currency)
    made = Line(
        id=str(number),
        product=name.lower().replace(" ", "-"),
        name=name,
        text=text,
        quantity=Decimal(quantity),
        unit=unit,
        charge="one-off",
        bill="on-delivery",
        rate=rate,
        gross=net,
        own=net,
        net=net,
        treatment=STANDARD,
        revenue="point-in-time",
    )
    return replace(made, **other)


def at(net: Money) -> dict[str, Money]:
    """Give the figures of a line that costs so much, with nothing taken off it."""
    return {"gross": net, "own": net, "net": net}


def recurring(number: int = 4, times: int = 12, **other: object) -> Line:
    """Make a line that recurs every month, from 1 December 2026."""
    once = line(number)
    return replace(
        once,
        charge="recurring",
        bill="in-advance",
        every="month",
        times=times,
        **at(Money(once.net.minor * times, "SEK")),
        service=term_of(date(2026, 12, 1), times),
        revenue="over-time",
        **other,
    )


def bundled(first: int = 1) -> tuple[Line, Line]:
    """Make the two parts of a bundle at 30 000.00."""
    one, other = line(first), line(first + 1)
    same = {"bundle": "starter", "bundle_name": "Startpaket", "text": ""}
    return (
        replace(one, own=Money(1_200_000, "SEK"), net=Money(1_200_000, "SEK"), **same),
        replace(other, own=Money(1_800_000, "SEK"), net=Money(1_800_000, "SEK"), **same),
    )


def quote(lines: Sequence[Line] | None = None, **other: object) -> Priced:
    """Make a quote of lines: by default a bundle, hours and support for a year."""
    lines = lines or (*bundled(1), line(3), recurring(4))
    currency = lines[0].net.currency
    made = Priced(
        number="Q-2026-0001",
        version=1,
        date=date(2026, 11, 2),
        valid_until=date(2026, 12, 2),
        starts=date(2026, 12, 1),
        term="12 months",
        currency=currency,
        language="sv",
        title="Startpaket och support",
        seller=SELLER,
        buyer=FJORD,
        lines=tuple(lines),
        vat=vat_totals(((one.treatment, one.net) for one in lines), currency),
        due_days=30,
        note="Workshopen hålls hos er i Göteborg under december.",
        commit="8d1f0c2a",
        program="0.1.0",
    )
    return replace(made, **other)


def contract(**other: object) -> Contract:
    """Make the contract of the quote above."""
    offered = quote()
    made = Contract(
        number="C-2026-0001",
        source=offered.ref,
        agreed_on=date(2026, 11, 5),
        order="O-2026-0001",
        seller=SELLER,
        buyer=FJORD,
        accepted_by="Ida Berg",
        po="PO-4711",
        evidence="4c" * 32,
        title=offered.title,
        currency="SEK",
        language="sv",
        due_days=30,
        term=recurring().service,
        lines=offered.lines,
        note=offered.note,
        commit="8d1f0c2a",
        program="0.1.0",
    )
    return replace(made, **other)
