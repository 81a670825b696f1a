"""The words of contracts: templates print what was agreed as it stands, and nothing else."""

import re
import time
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.fault import Fault, Invalid, Place
from q2c.core.party import LanguageCode
from q2c.documents.flow import blocks
from q2c.documents.sandbox import LONGEST_TEMPLATE, LONGEST_TEXT
from q2c.documents.words import clauses, template
from tests.made import FJORD, contract, line

FILE = "templates/contracts/sv.md"


def printed(markdown: str) -> list[str]:
    """Give the blocks of a text as they are printed."""
    return ["".join(run.text for run in block.runs) for block in blocks(markdown)]


def refused(text: str) -> Fault:
    """Give the fault of a template that cannot be filled."""
    with pytest.raises(Invalid) as error:
        clauses(text, contract(), FILE)
    return error.value.faults[0]


@pytest.mark.parametrize("code", get_args(LanguageCode))
def test_our_own_clauses_can_be_filled(code: str) -> None:
    text = template(code).decode()
    told = clauses(text, contract(language=code), FILE)
    for word in ("Nordlys Konsult AB", "Fjord Foods AB", "C\\-2026\\-0001", "PO\\-4711", "2026"):
        assert word in told
    assert "{" not in told


@pytest.mark.parametrize("code", get_args(LanguageCode))
def test_our_own_clauses_suit_a_contract_without_a_term_and_without_numbers(code: str) -> None:
    bare = replace(FJORD, org_number="", vat_id="", reference="")
    made = contract(language=code, buyer=bare, term=None, po="", note="", accepted_by="")
    told = printed(clauses(template(code).decode(), made, FILE))
    assert not any(", ," in block or "  " in block or " ." in block for block in told)


def test_lines_days_and_totals_are_written_in_the_language_of_the_contract() -> None:
    text = (
        "{% for line in lines %}{{ line.quantity }} {{ line.unit }} {% endfor %}.\n\n"
        "{{ totals.net }}, {{ contract.starts }}, {{ seller.country }}"
    )
    assert printed(clauses(text, contract(), FILE)) == [
        "12,5 timmar 1 dag 20 licenser 1 plan .",
        "111\u00a0800,00\u00a0SEK, 1\u00a0december\u00a02026, Sverige",
    ]
    assert printed(clauses(text, contract(language="en", lines=(line(1),)), FILE)) == [
        "12.5 timme .",
        "SEK\u00a018,125.00, 1\u00a0December\u00a02026, Sweden",
    ]


@given(st.text("ab1 *_`#>+-=~|\\[]()<>!&;:./\"'{}%åΩ", min_size=1, max_size=40))
def test_what_people_wrote_is_printed_as_it_stands(name: str) -> None:
    name = " ".join(name.split()) or "a"
    made = contract(buyer=replace(FJORD, name=name))
    assert printed(clauses("Köpare {{ buyer.name }} !", made, FILE)) == [f"Köpare {name} !"]
    assert printed(clauses("{{ buyer.name|upper|trim }}", made, FILE)) == [name.upper()]


def test_a_value_cannot_smuggle_in_a_template() -> None:
    made = contract(note="{{ 7 * 7 }} {% for %} <b> [x](http://a.example)")
    assert printed(clauses("{{ contract.note }}", made, FILE)) == [made.note]


UNKNOWN = [
    ("Hej\n\n{{ buyer.nme }}", Place(FILE, 3, 4, 9), "buyer.nme", "Did you mean buyer.name?"),
    ("{{ byer.name }}", Place(FILE, 1, 4, 4), "byer", "There are contract.number, "),
    (
        "{% for line in lines %}\n- {{ line.foo }}\n{% endfor %}",
        Place(FILE, 2, 6, 8),
        "line.foo",
        "",
    ),
    ("{{ contract.items }}", Place(FILE, 1, 4, 14), "contract.items", ""),
    ("{% if contract.po and buyer.vip %}{% endif %}", Place(FILE, 1, 23, 9), "buyer.vip", ""),
    ("{{ ''.__class__.__mro__ }}", Place(FILE, 1, 4, 12), "().__class__", ""),
    ("{{ lines[9].name }}", Place(FILE, 1, 10, 1), "9", ""),
]


@pytest.mark.parametrize(("text", "place", "name", "remedy"), UNKNOWN)
def test_a_variable_that_is_not_there_is_named_with_its_place(
    text: str, place: Place, name: str, remedy: str
) -> None:
    fault = refused(text)
    assert (fault.code, fault.place) == ("template-variable", place)
    assert f"'{name}'" in fault.message
    assert fault.remedy.startswith(remedy)


def test_a_default_may_stand_for_what_is_empty() -> None:
    made = contract(po="")
    assert clauses("{{ contract.po or 'inget' }}", made, FILE) == "inget"
    assert clauses("{{ contract.po|default('inget', true) }}", made, FILE) == "inget"
    assert clauses("{% if contract.po %}nej{% else %}ja{% endif %}", made, FILE) == "ja"


SYNTAX = [
    "{% if %}",
    "{{ buyer.name",
    "\n\n{% endfor %}",
    "{{ 'x'|center(9) }}",
    "{{ " + "(" * 9_000,
]


@pytest.mark.parametrize("text", SYNTAX)
def test_what_is_no_template_is_refused_with_its_line(text: str) -> None:
    fault = refused(text)
    assert fault.code == "template-syntax"
    assert fault.place == Place(FILE, text.count("\n") + 1)


FORBIDDEN = [
    "{{ 'a' * 1000000000 }}",
    "{{ 10 ** 1000000000 }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ 'a' ~ 'b' }}",
    "{{ range(1000000000) }}",
    "{{ lipsum(n=1000) }}",
    "{{ ''.format() }}",
    "{{ 'x'.center(1000000000) }}",
    "{% set x = 1 %}",
    "{% macro m() %}{% endmacro %}",
    "{% include 'other.md' %}",
    "{% extends 'other.md' %}",
    "{% import 'other.md' as other %}",
    "{% for a in lines recursive %}{{ loop(a) }}{% endfor %}",
    "{% for a in lines %}" * 3 + "{% endfor %}" * 3,
    "{{ [1, 2] }}",
    "{{ {'a': 1} }}",
    "{{ 1 + 1 }}",
]


@pytest.mark.parametrize("text", FORBIDDEN)
def test_a_template_cannot_call_count_or_keep_anything(text: str) -> None:
    start = time.process_time()
    assert refused(f"\n{text}").code == "template-forbidden"
    assert time.process_time() - start < 2


VALUES = ["{{ lines }}", "{{ totals.net < 3 }}", "{{ lines|map('foo')|list|length }}"]


@pytest.mark.parametrize("text", VALUES)
def test_what_cannot_be_worked_out_is_refused_with_its_line(text: str) -> None:
    fault = refused(f"Hej\n{text}")
    assert (fault.code, fault.place) == ("template-value", Place(FILE, 2))


def test_a_template_cannot_write_without_end() -> None:
    fault = refused("x" * (LONGEST_TEMPLATE + 1))
    assert fault.code == "template-too-long"
    letters = "{% for a in contract.title|list %}" * 2
    many = contract(title="a" * 2_000)
    with pytest.raises(Invalid, match=f"{LONGEST_TEXT:,}"):
        clauses(letters + "abcdefgh" + "{% endfor %}" * 2, many, FILE)
    with pytest.raises(Invalid, match="too long"):
        clauses("{{ contract.title|join(contract.title) }}", many, FILE)


@pytest.mark.parametrize("code", get_args(LanguageCode))
def test_our_own_clauses_say_the_same_in_every_language(code: str) -> None:
    """They have the same gaps and choices in the same order, and as many clauses."""

    def frame(language: str) -> list[str]:
        text = template(language).decode()
        return re.findall(
            r"^## \d+|^- |\{%.*?%\}|\{\{ (?!seller\.country|buyer\.country)\S+", text, re.MULTILINE
        )

    assert frame(code) == frame("en")
