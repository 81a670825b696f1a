"""Terms of what recurs: lengths, trials, free periods, part periods, ends - priced and billed."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.approval.content import content_hash
from q2c.core.billing import instalments
from q2c.core.catalog import Catalog, Product, Promotion
from q2c.core.catalog.metered import Metered
from q2c.core.fault import Invalid
from q2c.core.money import Money, total
from q2c.core.negotiation.terms import LINE, facts_of
from q2c.core.order import Order, from_quote
from q2c.core.period import Free, Proration, billing_periods, interval, part_of
from q2c.core.quote import (
    Discount,
    DraftLine,
    Event,
    Line,
    Offer,
    Payment,
    Priced,
    Segment,
    Shelf,
    offered,
    priced,
)
from q2c.core.quote.figures import contract_years, stretches
from q2c.core.quote.rhythm import Running
from q2c.documents.language import language
from q2c.documents.terms import terms, times
from tests.drafts import draft
from tests.values import COMPANY, TODAY, VAT_RATES, customer, day, days, kr

SEAT = Product(
    id="seat", name="Seat", charge="recurring", every="month", price={"SEK": Decimal(3000)}
)
BESIDE = Running(ends=day("2027-03-31"), anchor=day("2026-04-01"), align="anniversary")


def offer(product: Product = SEAT, *promotions: Promotion) -> Offer:
    catalog = Catalog({product.id: product}, promotions=promotions)
    found = offered(COMPANY, customer(), Shelf(catalog, {}, VAT_RATES), TODAY)
    return replace(found, running={"O-2026-0001/1": BESIDE})


def quoted(product: Product = SEAT, *promotions: Promotion, **line: object) -> Priced:
    """Quote a line from 1 April 2026; a test names its fields."""
    said = DraftLine(product=product.id, **{"starts": day("2026-04-01"), **line})  # type: ignore[arg-type]
    return priced("Q-2026-0001", draft(said), offer(product, *promotions))


def ordered(quote: Priced) -> Order:
    accepted = Event(kind="accepted", date=TODAY, version=1, by="Sara")
    return from_quote(quote, accepted, "O-2026-0002", "C-2026-0001")


def bills(quote: Priced) -> list[str]:
    """Give what each billing period comes to, with its days."""
    lines = ordered(quote).lines
    return [f"{one.service}: {one.net.amount}" for line in lines for one in instalments(line)]


def one(**said: object) -> Line:
    return quoted(**said).lines[0]  # type: ignore[arg-type]  # a test names its fields


@pytest.mark.parametrize(
    ("every", "term", "times", "months", "second"),
    [
        ("week", "52 weeks", 52, 12, "2026-04-08"),
        ("4 weeks", "52 weeks", 13, 12, "2026-04-29"),
        ("2 months", "1 year", 6, 12, "2026-06-01"),
        ("half-year", "12m", 2, 12, "2026-10-01"),
        ("2 years", "4 years", 2, 48, "2028-04-01"),
        ("week", "13 weeks", 13, 3, "2026-04-08"),
    ],
)
def test_any_length_of_a_billing_period_is_priced_and_billed(
    every: str, term: str, times: int, months: int, second: str
) -> None:
    quote = quoted(replace(SEAT, every=every), term=term)
    line, found = quote.lines[0], list(instalments(ordered(quote).lines[0]))
    assert (line.times, line.net) == (times, kr(f"{3000 * times}"))
    assert line.months == months
    assert found[1].service.first == day(second)
    assert {part.net for part in found} == {kr("3000")}


def test_what_recurs_by_the_week_is_measured_by_the_month_as_52_weeks_a_year() -> None:
    """100.00 a week are 5 200.00 a year, and 433.33 a month."""
    quote = quoted(replace(SEAT, every="week", price={"SEK": Decimal(100)}), term="52 weeks")
    (stretch,) = stretches(quote.lines, "SEK")
    assert (stretch.yearly, stretch.monthly) == (kr("5200"), kr("433.33"))
    assert [value for _, value in contract_years(quote.lines, "SEK")] == [kr("5200")]


@pytest.mark.parametrize(
    ("every", "term"), [("week", "12 months"), ("month", "52 weeks"), ("5 months", "12 months")]
)
def test_a_term_is_a_whole_number_of_billing_periods(every: str, term: str) -> None:
    with pytest.raises(Invalid, match="not a whole number"):
        quoted(replace(SEAT, every=every), term=term)


def test_use_that_is_agreed_for_weeks_ends_with_the_last_of_them() -> None:
    calls = Product(
        id="calls", name="Calls", charge="usage", meter="calls", price={"SEK": Decimal(1)}
    )
    product = replace(calls, metered=Metered(accumulate="term"))
    terms = one(product=product, term="52 weeks").metering
    assert terms is not None
    assert (terms.first, terms.last) == (day("2026-04-01"), day("2027-03-30"))


def test_use_without_an_end_is_not_paid_by_a_schedule_whose_last_part_would_never_come() -> None:
    calls = Product(
        id="calls", name="Calls", charge="usage", meter="calls", price={"SEK": Decimal(1)}
    )
    product = replace(calls, metered=Metered())
    parts = (Payment(percent=Decimal(50), on="acceptance"), Payment(on="delivery"))
    line = DraftLine(product="calls")
    with pytest.raises(Invalid, match="would never be settled") as refused:
        priced("Q-2026-0001", draft(line, payments=parts, term=None), offer(product))
    assert refused.value.faults[0].code == "term-needed"
    whole = draft(line, payments=parts)
    assert priced("Q-2026-0001", whole, offer(product)).payments == parts


def test_a_trial_comes_before_the_service_and_the_term_counts_after_it() -> None:
    line = one(product=replace(SEAT, trial="14 days"), term="12 months")
    assert line.trial == days("2026-04-01", "2026-04-14")
    assert line.service == days("2026-04-15", "2027-04-14")
    assert line.net == kr("36000")


@pytest.mark.parametrize(
    ("said", "last"), [("1 month", "2026-04-30"), ("2w", "2026-04-14"), ("30d", "2026-04-30")]
)
def test_a_trial_is_so_many_days_weeks_or_months(said: str, last: str) -> None:
    assert one(trial=said, term="12 months").trial == days("2026-04-01", last)


def test_a_line_turns_the_trial_and_the_free_periods_of_its_product_off() -> None:
    product = replace(SEAT, trial="1 month", free="2 periods")
    line = one(product=product, trial="0", free="0", term="12 months")
    assert (line.trial, line.free, line.net) == (None, None, kr("36000"))
    assert line.service == days("2026-04-01", "2027-03-31")


def test_free_periods_are_billed_as_nothing_and_the_others_as_agreed() -> None:
    quote = quoted(free="2 periods", term="4 months")
    assert quote.lines[0].free == Free(first=2)
    assert (quote.lines[0].times, quote.lines[0].charged, quote.net) == (4, (2, 1), kr("6000"))
    assert bills(quote) == [
        "2026-04-01 to 2026-04-30: 0.00",
        "2026-05-01 to 2026-05-31: 0.00",
        "2026-06-01 to 2026-06-30: 3000.00",
        "2026-07-01 to 2026-07-31: 3000.00",
    ]


def test_free_periods_at_the_end_cost_nothing_either() -> None:
    quote = quoted(free="last 1 period", term="3 months")
    assert [part.net for part in instalments(ordered(quote).lines[0])] == [
        kr("3000"),
        kr("3000"),
        kr("0"),
    ]


def test_free_periods_given_by_hand_are_a_discount_and_those_of_the_catalogue_are_none() -> None:
    given_ = quoted(free="3 periods", term="12 months").inside[0]
    usual = quoted(replace(SEAT, free="3 periods"), term="12 months").inside[0]
    assert (given_.listed, usual.listed) == (kr("36000"), kr("27000"))


def test_the_cost_of_free_periods_is_a_cost() -> None:
    product = replace(SEAT, cost={"SEK": Decimal(1000)}, floor={"SEK": Decimal(2000)})
    inside = quoted(product, free="3 periods", term="12 months").inside[0]
    assert (inside.cost, inside.floor) == (kr("12000"), kr("24000"))


def test_promotions_count_from_the_first_period_free_or_not() -> None:
    """Half price for four periods, of which the first two are free: 2 x 1 500 and 2 x 3 000."""
    half = Promotion(id="half", percent=Decimal(50), duration="periods", periods=4)
    quote = quoted(SEAT, half, free="2 periods", term="6 months")
    assert [line.free for line in quote.lines] == [Free(first=2), None]
    assert quote.net == kr("9000")


@pytest.mark.parametrize(
    ("policy", "charged", "first"),
    [
        ("days", Fraction(11) + Fraction(15, 30), "1500.00"),
        ("thirty", Fraction(11) + Fraction(15, 30), "1500.00"),
        ("month-parts", Fraction(11) + Fraction(15, 30), "1500.00"),
        ("full", Fraction(12), "3000.00"),
        ("none", Fraction(11), "0.00"),
    ],
)
def test_a_line_that_ends_with_another_is_billed_on_its_days(
    policy: Proration, charged: Fraction, first: str
) -> None:
    """From 16 April to 31 March: 15 of 30 days, then eleven whole months with the other line."""
    quote = quoted(starts=day("2026-04-16"), ends_with="O-2026-0001/1", proration=policy)
    line = quote.lines[0]
    assert (line.paid, line.times) == (charged, 12)
    assert line.net == Money.of(charged * 3000, "SEK")
    assert bills(quote)[:2] == [
        f"2026-04-16 to 2026-04-30: {first}",
        "2026-05-01 to 2026-05-31: 3000.00",
    ]
    assert line.service == days("2026-04-16", "2027-03-31")


def test_a_line_that_ends_on_a_day_is_counted_from_its_own_first() -> None:
    """1 April to 15 June: two months, and 15 of the 30 days of June."""
    quote = quoted(ends=day("2026-06-15"))
    assert quote.lines[0].charged == (5, 2)
    assert quote.net == kr("7500")
    assert bills(quote)[-1] == "2026-06-01 to 2026-06-15: 1500.00"
    assert "2 1/2 months" in quote.lines[0].steps[0].rule


def test_a_quarter_that_is_joined_late_follows_the_quarters_of_the_other_line() -> None:
    """9 000 a quarter, from 1 June: 30 of the 91 days of April to June, then three quarters."""
    product = replace(SEAT, every="quarter", price={"SEK": Decimal(9000)})
    quote = quoted(product, starts=day("2026-06-01"), ends_with="O-2026-0001/1")
    assert bills(quote)[0] == "2026-06-01 to 2026-06-30: 2967.03"
    assert quote.net == Money.of(Fraction(9000) * (3 + Fraction(30, 91)), "SEK")


def test_a_ramp_may_end_within_a_billing_period() -> None:
    """One until June, two from then to the middle of July: 6 000, and 6 000 and half as much."""
    ramp = (
        Segment(first=day("2026-04-01"), quantity=Decimal(1)),
        Segment(first=day("2026-06-01"), quantity=Decimal(2)),
    )
    quote = quoted(ramp=ramp, ends=day("2026-07-15"), proration="thirty", free="last 1 period")
    assert [line.net for line in quote.lines] == [kr("6000"), kr("6000")]
    paid = quoted(ramp=ramp, ends=day("2026-07-15"), proration="thirty")
    assert [line.net for line in paid.lines] == [kr("6000"), kr("9000")]


def test_an_amount_off_each_period_is_off_a_part_of_one_in_part() -> None:
    """300 off 3 000 a month, for two months and a half: 6 750."""
    quote = quoted(ends=day("2026-06-15"), discounts=(Discount(amount=Decimal(300)),))
    assert quote.net == kr("6750")


def test_a_part_that_has_no_end_in_decimals_is_exact_until_it_is_rounded() -> None:
    """1 to 10 April are a third of 0.03, and no rounding on the way makes it less."""
    product = replace(SEAT, price={"SEK": Decimal("0.03")})
    assert quoted(product, ends=day("2026-04-10")).net == kr("0.01")
    half = replace(SEAT, price={"SEK": Decimal("0.015")})  # a third of it is half an öre
    assert quoted(half, ends=day("2026-04-10")).net == kr("0.01")
    assert quoted(half, ends=day("2026-04-10"), quantity=Decimal(3000)).net == kr("15")


def test_what_differs_in_terms_is_told() -> None:
    plain, other = one(term="12 months"), one(trial="14d", free="last 1 period", term="12 months")
    joined = one(starts=day("2026-04-16"), ends_with="O-2026-0001/1", proration="full")
    told = [dict(zip(LINE, facts_of(line), strict=True)) for line in (plain, other, joined)]
    names = ("term", "ends", "trial", "free", "proration")
    assert [tuple(facts[name] for name in names) for facts in told] == [
        (12, None, None, None, ""),
        (12, None, days("2026-04-01", "2026-04-14"), days("2027-03-15", "2027-04-14"), ""),
        (None, day("2027-03-31"), None, None, "full"),
    ]
    weekly = one(product=replace(SEAT, every="2 weeks"), term="26 weeks")
    assert dict(zip(LINE, facts_of(weekly), strict=True))["term"] == "26 weeks"


def test_terms_are_part_of_what_is_approved() -> None:
    known = {
        content_hash(quoted(SEAT, term="12 months", **{field: said}))
        for field, said in (("trial", "0"), ("trial", "1 month"), ("free", "1 period"))
    }
    assert len(known) == 3


def test_the_price_of_every_role_is_part_of_what_is_approved_whatever_it_is_called() -> None:
    hour = Product(id="hour", name="Hour", charge="hourly", price={"SEK": Decimal(1000)})
    one, other = (
        content_hash(quoted(hour, quantity=Decimal(8), rates={"standard": Decimal(price)}))
        for price in (900, 950)
    )
    assert one != other


def test_the_day_that_a_line_ends_on_is_one_that_can_be_meant() -> None:
    with pytest.raises(Invalid, match="9999-12-31 cannot be meant"):
        quoted(ends=day("9999-12-31"))


@pytest.mark.parametrize("code", ["en", "sv"])
def test_an_offer_says_what_is_free_and_what_is_a_part(code: str) -> None:
    lang = language(code)
    line = one(trial="14d", free="1 period", ends=day("2026-07-20"), proration="thirty")
    assert times(lang, line) == {"en": "2 1/5 mo", "sv": "2 1/5 mån"}[code].replace(" ", "\u00a0")
    told = " ".join(terms(lang, line)).replace("\u00a0", " ")
    trial = {"en": "Free trial: 1 Apr 2026", "sv": "Kostnadsfri provperiod: 2026-04-01"}
    assert trial[code] in told
    assert {"en": "1/5 of a period", "sv": "1/5 av en period"}[code] in told
    weekly = one(product=replace(SEAT, every="2 weeks"), term="26 weeks")
    assert times(lang, weekly) == {"en": "13 × 2 wk", "sv": "13 × 2 v"}[code].replace(
        "13 ", "13\u00a0"
    )


CASES = (
    ("line-ends", {"term": "12 months", "ends": day("2027-03-31")}),
    ("ends-with", {"ends_with": "O-2026-0009/1"}),
    ("ends-before", {"ends": day("2026-03-31")}),
    ("free-periods", {"free": "2 periods", "term": "2 months"}),
)


@pytest.mark.parametrize(("code", "said"), CASES, ids=[code for code, _ in CASES])
def test_terms_that_cannot_be_are_refused(code: str, said: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        quoted(SEAT, **said)
    assert [fault.code for fault in refused.value.faults] == [code]


@pytest.mark.parametrize("field", ["trial", "free", "ends", "proration"])
def test_what_does_not_recur_has_no_terms(field: str) -> None:
    once = Product(id="once", name="Once", price={"SEK": Decimal(1)})
    said = {"trial": "1 month", "free": "1 period", "ends": day("2027-01-01"), "proration": "full"}
    with pytest.raises(Invalid) as refused:
        quoted(once, **{field: said[field]})
    assert refused.value.faults[0].code == "recurring-terms"


EVERY = st.sampled_from(["week", "2 weeks", "month", "2 months", "quarter", "year"])
POLICY = st.sampled_from(["days", "full", "thirty", "month-parts", "none"])
START = st.dates(date(2026, 4, 1), date(2026, 6, 30))
END = st.dates(date(2026, 7, 1), date(2028, 12, 31))
PRICE = st.decimals(0, 99999, places=2)


@given(EVERY, POLICY, st.sampled_from(["calendar", "anniversary"]), START, END, PRICE)
def test_a_quote_prices_part_periods_as_they_are_billed(
    every: str, policy: Proration, align: str, start: date, end: date, price: Decimal
) -> None:
    product = replace(SEAT, every=every, align=align, proration=policy, price={"SEK": price})
    quote = quoted(product, starts=start, ends=end)
    line = ordered(quote).lines[0]
    assert line.service is not None
    found = list(instalments(line))
    wholes = list(billing_periods(line.service, interval(every), line.align, line.anchor))
    assert total((part.net for part in found), "SEK") == quote.net
    sum_ = Fraction(0)
    for whole, part in zip(wholes, found, strict=True):
        before = Money.of(Fraction(price) * sum_, "SEK")
        sum_ += part_of(whole, part.service, policy)
        exact = Money.of(Fraction(price) * sum_, "SEK") - before
        assert abs(part.net.minor - exact.minor) <= 1  # what the whole was rounded by
    assert Money.of(Fraction(price) * sum_, "SEK") == quote.net


@given(EVERY, POLICY, START, st.integers(1, 6), st.integers(0, 5), st.sampled_from(["", "last "]))
def test_free_periods_cost_nothing_whatever_they_are(
    every: str, policy: Proration, start: date, times: int, free: int, where: str
) -> None:
    number = min(free, times - 1)
    length = interval(every)
    term = f"{(length.weeks or length.months) * times} {'weeks' if length.weeks else 'months'}"
    said = f"{where}{number} periods"
    product = replace(SEAT, every=every, proration=policy)
    quote = quoted(product, starts=start, term=term, free=said)
    nets = [part.net.minor for part in instalments(ordered(quote).lines[0])]
    assert quote.net == kr(f"{3000 * (times - number)}")
    assert nets.count(0) == number
    assert (nets[::-1] if where else nets)[:number] == [0] * number


def test_free_periods_are_earned_over_all_days_of_the_term() -> None:
    """IFRS 15: 6 000 for four months of 122 days is 1 475.41 in April, the first free month."""
    from q2c.core.recognition import Obligation, target

    order = ordered(quoted(free="2 periods", term="4 months"))
    what = Obligation(order=order, line=order.lines[0], deliveries=())
    assert target(what, (), day("2026-04-30"))[1].amount == kr("1475.41")
    assert target(what, (), day("2026-07-31"))[1].amount == kr("6000")
