"""Movements: what is invoiced beside the month before, and why it differs."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.measure import Billed, Known, Movement, movements
from q2c.core.money import Money
from tests.values import kr

KNOWN = Known({"O-1/1": "recurring", "O-1/2": "usage"}, ever=("O-1/1", "O-1/2", "O-1/9"), over=())


def billed(
    net: str, quantity: str = "1", price: str | None = None, source: str = "O-1/1", days: int = 30
) -> dict[str, Billed]:
    one = Billed(
        source=source,
        customer="fjord-foods",
        name="Seats",
        quantity=Decimal(quantity),
        unit_price=None if price is None else Decimal(price),
        net=kr(net),
        days=days,
    )
    return {source: one}


def why(before: dict[str, Billed], now: dict[str, Billed], known: Known = KNOWN) -> list[str]:
    return [f"{one.why} {one.change.amount}" for one in movements(before, now, known)]


def test_more_seats_are_a_quantity_and_a_dearer_seat_is_a_price() -> None:
    five = billed("500", "5", "100")
    assert why(five, billed("700", "7", "100")) == ["quantity 200.00"]
    assert why(five, billed("550", "5", "110")) == ["price 50.00"]


def test_both_are_told_with_what_the_price_makes_of_it() -> None:
    """5 at 100 become 7 at 110: 270 more, of which 7 × 10 is the price."""
    (found,) = movements(billed("500", "5", "100"), billed("770", "7", "110"), KNOWN)
    assert (found.why, found.change, found.by_price) == ("quantity-price", kr("270"), kr("70"))


def test_what_is_metered_differs_by_usage() -> None:
    before, now = billed("500", "5000", source="O-1/2"), billed("620", "6200", source="O-1/2")
    assert why(before, now) == ["usage 120.00"]


def test_a_part_of_a_month_is_told_by_its_days_and_a_short_month_is_not() -> None:
    assert why(billed("250", days=15), billed("500", days=31)) == ["days 250.00"]
    assert why(billed("500", days=31), billed("550", days=28)) == ["price 50.00"]


def test_what_is_cancelled_and_partly_given_back_has_ended() -> None:
    over = Known(KNOWN.charges, KNOWN.ever, over=("O-1/1",))
    assert why(billed("6500"), billed("-866.67"), over) == ["ended -7366.67"]
    assert why(billed("6500"), billed("400"), over) == ["price -6100.00"]


def test_more_periods_are_not_a_part_of_one() -> None:
    two = {"O-1/1": replace(billed("1000", days=61)["O-1/1"], periods=2)}
    one = {"O-1/1": replace(billed("500", days=31)["O-1/1"], periods=1)}
    assert why(one, two) == ["periods 500.00"]
    assert why(two, one) == ["periods -500.00"]


def test_a_part_of_a_month_with_another_quantity_says_both() -> None:
    half = billed("250", "5", "100", days=15)
    assert why(half, billed("800", "8", "100", days=31)) == ["quantity-days 550.00"]


def test_what_a_plan_leaves_out_or_what_was_given_back_is_told_as_such() -> None:
    assert why(billed("500"), {}, replace(KNOWN, held=("O-1",))) == ["stopped -500.00"]
    assert why(billed("500"), {}, replace(KNOWN, left=("O-1",))) == ["later -500.00"]
    given = replace(KNOWN, credited=("O-1/1",))
    assert why(billed("0", "0"), billed("500"), given) == ["credited 500.00"]
    assert why({}, billed("-500", "-1"), given) == ["credited -500.00"]


def test_deposits_are_told_as_such_and_what_a_final_invoice_deducts_of_them() -> None:
    asked = billed("400", source="O-1/deposit")
    assert why({}, asked) == ["deposit 400.00"]
    assert why(asked, billed("-400", source="O-1/deposit")) == ["deducted -800.00"]
    assert why(asked, {}) == ["deposit -400.00"]


def test_what_is_new_is_told_apart_from_what_comes_again() -> None:
    assert why({}, billed("900", source="O-2/1")) == ["new 900.00"]
    assert why({}, billed("900", source="O-1/9")) == ["again 900.00"]


def test_what_ended_is_told_apart_from_what_is_not_due() -> None:
    assert why(billed("500"), {}) == ["waiting -500.00"]
    over = Known({}, ever=(), over=("O-1/1",))
    assert why(billed("500"), {}, over) == ["ended -500.00"]


def test_the_same_again_is_no_movement_and_the_largest_comes_first() -> None:
    before = billed("500") | billed("80", source="O-1/2") | billed("10", source="O-1/9")
    now = billed("500") | billed("100", source="O-1/2") | billed("90", source="O-1/9")
    assert [one.source for one in movements(before, now, KNOWN)] == ["O-1/9", "O-1/2"]


AMOUNTS = st.dictionaries(st.sampled_from(["O-1/1", "O-1/2", "O-2/1"]), st.integers(-999, 999))


@given(AMOUNTS, AMOUNTS)
def test_the_movements_add_up_to_the_difference_of_the_months(
    before: dict[str, int], now: dict[str, int]
) -> None:
    def months(amounts: dict[str, int]) -> dict[str, Billed]:
        return {
            source: billed(str(minor), source=source)[source] for source, minor in amounts.items()
        }

    found: list[Movement] = movements(months(before), months(now), KNOWN)
    moved = sum((one.change.minor for one in found), 0)
    assert Money(moved, "SEK") == kr(str(sum(now.values()) - sum(before.values())))
