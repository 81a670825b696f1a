"""Traces: every value of a record knows where it stands."""

from decimal import Decimal

from q2c.core.catalog import Product
from q2c.core.fault import Fault, Held, Invalid, Place, Refused
from q2c.core.trace import noted

PLACES = noted({"": (3, 3), "price": (5, 5), "price.SEK": (5, 18)})
ADVISORY = Product(
    id="advisory", name="Advisory", price={"SEK": Decimal(1)}, file="catalog.yaml", places=PLACES
)


def test_a_value_is_found_where_it_was_written() -> None:
    assert ADVISORY.source("price.SEK") == "catalog.yaml:5"
    assert str(ADVISORY.place("price.SEK")) == "catalog.yaml:5:18"


def test_a_value_that_is_not_there_is_shown_at_its_nearest_parent() -> None:
    assert ADVISORY.place("price.EUR") == Place("catalog.yaml", 5, 5)
    assert ADVISORY.place("tiers.0.up_to") == Place("catalog.yaml", 3, 3)


def test_a_record_without_places_names_its_file_alone() -> None:
    assert Product(id="a", name="A", file="catalog.yaml").source("price") == "catalog.yaml:1"
    assert Product(id="a", name="A").source("price") == ""
    assert Product(id="a", name="A").place() is None


def test_a_fault_stands_at_its_value() -> None:
    fault = ADVISORY.fault("bad-price", "It is negative.", "price.SEK", "Write 1.")
    assert fault == Fault("bad-price", "It is negative.", Place("catalog.yaml", 5, 18), "Write 1.")


def test_a_refusal_tells_all_its_faults_and_has_an_exit_status() -> None:
    refused = Invalid(Fault("one", "First."), Fault("two", "Second."))
    assert str(refused) == "First.; Second."
    assert (Refused.status, Invalid.status, Held.status) == (1, 3, 4)
