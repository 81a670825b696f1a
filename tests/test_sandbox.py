"""Templates on a short lead: hostile ones end in a sentence, in little time and memory."""

import time
import tracemalloc
from typing import Any

import pytest

from q2c.core.fault import Invalid
from q2c.documents.sandbox import LONGEST_TEXT, MOST_STEPS, filled

NAME = "templates/contracts/sv.md"
VALUES: dict[str, Any] = {
    "lines": [{"name": "a", "net": "1"} for _ in range(300)],
    "text": "x" * 100_000,
    "count": 5,
    "seller": {"name": "Nordlys"},
}
FAR = "a" * 90_000
ALL = "{% for a in lines %}{% for b in lines %}"
DONE = "{% endfor %}{% endfor %}"

# What reaches for a file, the network or the program itself: no part of the language does that.
FORBIDDEN = {
    "a file": "{% include '/etc/passwd' %}",
    "a module": "{% import 'os' as os %}",
    "another template": "{% extends 'https://example.com' %}",
    "a function": "{% for a in range(9) %}{% endfor %}",
    "a method": "{{ seller.items() }}",
    "a method of a loop": "{% for a in lines %}{{ loop.cycle(1, 2) }}{% endfor %}",
    "a power": "{{ 9 ** 9 ** 9 }}",
    "a text many times": "{{ 'a' * 1000000000 }}",
    "a macro": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "a loop in itself": "{% for a in lines recursive %}{{ loop(lines) }}{% endfor %}",
    "a variable": "{% set kept = 'a' %}",
    "a list": "{{ [1, 2] }}",
    "two texts in one": "{{ text ~ text }}",
    "a part of a text": "{{ text[::1] }}",
    "marks taken as they are": "{% autoescape false %}{{ text }}{% endautoescape %}",
    "three loops": "{% for a in lines %}" * 3 + "{% endfor %}" * 3,
}
UNKNOWN = {
    "a class": "{{ seller.__class__ }}",
    "a class in brackets": "{{ ''['__class__'] }}",
    "the context": "{{ _context }}",
    "a method without a call": "{{ seller.name.format_map }}",
    "the settings": "{{ config }}",
}
UNREAD = {
    "an attribute by name": "{{ count|attr('__class__') }}",
    "a format": "{{ '{0.__class__}'|format(count) }}",
    "a width": "{{ count|center(1000000000) }}",
    "a table": "{{ lines|batch(1000000000, 'x') }}",
    "an extension": "{% do lines.append(1) %}",
    "a hundred conditions": "{% if count %}" * 150 + "{% endif %}" * 150,
    "brackets": "{{ " + "(" * 5_000 + "count" + ")" * 5_000 + " }}",
    "a long way down": "{{ count" + ".a" * 9_000 + " }}",
    "an open end": "{{" * 50_000,
}
ENDLESS = {
    "a list in a list": "{% for a in text|list %}{% for b in text|list %}" + DONE,
    "filters in loops": ALL + "{{ text|list|map('upper')|list|length }}" + DONE,
    "many parts in loops": ALL + "{% if a.name == 'q' %}x{% endif %}" * 4_000 + DONE,
    "many parts": "{{count}}" * 21_000,
    "much text": "{% for a in lines %}{{ text }}{% endfor %}",
}
WRONG = {
    "the letters of a text": f"{{% for a in '{FAR}' %}}{{% for b in '{FAR}' %}}" + DONE,
    "a class in a loop": "{% for a in lines %}{{ loop.__class__.__init__ }}{% endfor %}",
    "a number without end": "{{ " + "9" * 100_000 + " }}",
    "a text between each letter": "{{ text|list|join(text) }}",
    "a filter by its name": "{{ lines|map('attr', '__class__')|list }}",
    "itself": "{{ self }}",
}
HOSTILE = [
    *(("template-forbidden", what, text) for what, text in FORBIDDEN.items()),
    *(("template-variable", what, text) for what, text in UNKNOWN.items()),
    *(("template-syntax", what, text) for what, text in UNREAD.items()),
    *(("template-too-long", what, text) for what, text in ENDLESS.items()),
    *(("template-value", what, text) for what, text in WRONG.items()),
]


@pytest.mark.parametrize(("code", "what", "text"), HOSTILE, ids=[one[1] for one in HOSTILE])
def test_a_hostile_template_ends_in_a_sentence(code: str, what: str, text: str) -> None:
    before = time.process_time()
    with pytest.raises(Invalid) as refused:
        filled(text, VALUES, NAME)
    fault = refused.value.faults[0]
    assert fault.code == code, what
    assert fault.place is not None
    assert fault.place.file == NAME
    assert time.process_time() - before < 5


def test_the_worst_template_takes_little_memory() -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Invalid):
            filled(ENDLESS["a list in a list"], VALUES, NAME)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def test_what_a_long_contract_needs_is_far_from_the_limits() -> None:
    template = (
        "{% for line in lines %}{{ loop.index }}. {{ line.name }}{% if not loop.last %}, "
        "{% endif %}{% else %}nothing{% endfor %} {{ lines|map(attribute='net')|join(' ') }}"
    )
    written = filled(template, {**VALUES, "lines": VALUES["lines"] * 30}, NAME)
    assert written.startswith("1. a, 2. a")
    assert written.endswith(" 1 1")
    assert len(written) < LONGEST_TEXT < MOST_STEPS


def test_what_a_template_prints_is_never_a_template_again() -> None:
    assert filled("{{ a }}", {"a": "{{ seller.name }} {% raw %}"}, NAME).count("seller") == 1
