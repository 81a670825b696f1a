"""Likeness: customers that may be the same, found in one pass, and ids made from names."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.likeness import FREE_MAIL, domain_of, duplicates, named, same_name
from q2c.core.party import Address, Contact, Customer

HOME = Address(street="Kaj 1", postal_code="211 20", city="Malmö", country="SE")
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def customer(id_: str, org: str = "", vat: str = "", *mails: str) -> Customer:
    """Make a customer with what may be shared."""
    people = tuple(Contact(name="Ek", email=mail) for mail in mails)
    return Customer(id=id_, name=id_, org_number=org, vat_id=vat, address=HOME, contacts=people)


CUSTOMERS = st.lists(
    st.builds(
        customer,
        st.text("abcdef", min_size=1, max_size=2),
        st.sampled_from(["", "559999-4562", "5599994562", "960 095 235"]),
        st.sampled_from(["", "SE559999456201", "se 5599994562 01", "FI28159013"]),
        st.sampled_from(["", "a@ek.example", "b@EK.example", "a@gmail.com"]),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("559999-4562", ""), ("5599994562", ""), ("organisation number", "5599994562")),
        (("", "FI28159013"), ("", "fi 2815901-3"), ("VAT number", "FI28159013")),
        (("", "SE559999456201"), ("559999-4562", ""), ("organisation number", "5599994562")),
        (("", "", "a@ek.example"), ("", "", "b@EK.example."), ("mail domain", "ek.example")),
    ],
)
def test_what_two_customers_share_is_named_once(
    one: tuple[str, ...], other: tuple[str, ...], expected: tuple[str, str]
) -> None:
    found = duplicates([customer("b", *other), customer("a", *one)])
    assert [(like.one, like.other, (like.trait, like.shared)) for like in found] == [
        ("a", "b", expected)
    ]


def test_a_free_mail_host_says_nothing() -> None:
    assert not duplicates(
        [customer("a", "", "", "a@gmail.com"), customer("b", "", "", "b@gmail.com")]
    )
    assert domain_of("nobody") == domain_of("x@GMAIL.com") == ""
    assert all(host == host.lower() for host in FREE_MAIL)


def test_of_several_each_is_paired_with_the_first() -> None:
    found = duplicates(customer(id_, "960 095 235") for id_ in "dbca")
    assert [(like.one, like.other) for like in found] == [("a", "b"), ("a", "c"), ("a", "d")]


@given(CUSTOMERS.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_order_of_customers_changes_nothing(
    both: tuple[list[Customer], list[Customer]],
) -> None:
    customers, mixed = both
    assert duplicates(mixed) == duplicates(customers)


@given(CUSTOMERS)
def test_likeness_goes_both_ways_and_never_to_oneself(customers: list[Customer]) -> None:
    found = duplicates(customers)
    assert all(like.one < like.other for like in found)
    for like in found:
        both = [one for one in customers if one.id in (like.one, like.other)]
        assert like in duplicates(both)
        assert like in duplicates(both[::-1])


@given(CUSTOMERS)
def test_whoever_shares_something_is_in_the_list(customers: list[Customer]) -> None:
    told = {id_ for like in duplicates(customers) for id_ in (like.one, like.other)}
    for one in customers:
        alike = any(duplicates([one, other]) for other in customers if other is not one)
        assert alike == (one.id in told)


def test_ten_thousand_of_one_domain_take_no_time_by_pairs() -> None:
    many = [customer(f"c{number}", "", "", "a@ek.example") for number in range(10_000)]
    start = time.process_time()
    assert len(duplicates(many)) == 9_999
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("Fjord Foods AB", "fjord-foods-ab"),
        ("Åre Måleri & Co", "are-maleri-co"),
        ("Źródło Danych Łódź Sp. z o.o.", "zrodlo-danych-lodz-sp-z-o-o"),
        ("Straße Ægir Ø", "strasse-aegir-o"),
        ("A/S  Kaj--1", "a-s-kaj-1"),
        ("東京", "customer"),
        ("x" * 90, "x" * 60),
    ],
)
def test_an_id_comes_of_a_name(name: str, id_: str) -> None:
    assert named(name, ()) == id_


def test_a_namesake_gets_a_number() -> None:
    assert named("Ek AB", ["ek-ab"]) == "ek-ab-2"
    assert named("Ek AB", ["ek-ab", "ek-ab-2"]) == "ek-ab-3"
    assert same_name(" EK  ab ") == same_name("Ek AB")


@given(st.text(), st.lists(st.text("abc-", min_size=1), max_size=3))
def test_an_id_has_the_form_of_one_and_is_free(name: str, taken: list[str]) -> None:
    id_ = named(name, taken)
    assert ID.fullmatch(id_)
    assert id_ not in taken
