"""Whether one value fits its field; where it does not, why, in words."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import NamedTuple

from msgspec import inspect

from q2c.store.dialect import Tree
from q2c.store.figures import instead, trouble
from q2c.store.forms import Form, bare
from q2c.store.plaintext import shown

_SWITCHES = {"yes": "true", "on": "true", "no": "false", "off": "false"}
_DAY = "Write a day without quotes, year first: 2026-11-30."


class Wrong(NamedTuple):
    """What is wrong with a value: the code, the sentence and the remedy of its fault."""

    code: str
    message: str
    remedy: str = ""


def wrong(value: Tree, written: str, form: Form, name: str) -> Wrong | None:
    """Say what keeps a value from its field; `written` is how it stands in the file."""
    judge = _JUDGES.get(type(bare(form)))
    return judge(value, written, form, name) if judge else None


def near(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Ask whether the nearest known word was meant, or give another remedy."""
    from difflib import get_close_matches

    close = get_close_matches(word, [*known], n=1)
    return f'Did you mean "{close[0]}"?' if close else otherwise


def _text(value: Tree, written: str, form: Form, name: str) -> Wrong | None:
    text = bare(form)
    assert isinstance(text, inspect.StrType)
    if isinstance(value, dict | list):
        return Wrong(
            "not-a-text", f"{name} must be a text.", "Write it in one piece, or in quotes."
        )
    if text.min_length is not None and len(written) < text.min_length:
        message = f"{name} {'is too short' if written else 'is empty'}."
        return Wrong("too-short", message, "Write one, or take the line away.")
    if text.max_length is not None and len(written) > text.max_length:
        message = f"{name} has {len(written):,} characters; at most {text.max_length:,} go there."
        return Wrong("too-long", message, "Shorten it.")
    # A pattern that ends in $ would let a line break behind it pass.
    if text.pattern is not None and ("\n" in written or not re.search(text.pattern, written)):
        return _misshapen(written, form, name)
    return None


def _misshapen(written: str, form: Form, name: str) -> Wrong:
    """Say that a text has not its form, in the words that its type brings."""
    told = (form.extra_json_schema or {}) if isinstance(form, inspect.Metadata) else {}
    say = told.get("x-say")
    message = f"{say}, not" if say else f"{name} cannot be"
    code, remedy = str(told.get("x-fault", "bad-form")), str(told.get("x-remedy", ""))
    return Wrong(code, f'{message} "{shown(written)}".', remedy)


def _choice(value: Tree, written: str, form: Form, name: str) -> Wrong | None:
    choice = bare(form)
    assert isinstance(choice, inspect.LiteralType)
    known = [str(one) for one in choice.values]
    if isinstance(value, dict | list):
        message = f"{name} must be one of: {', '.join(known)}."
        return Wrong("not-a-text", message, "Write one of them, in one piece.")
    if value in choice.values or written in known:
        return None
    message = f'{name} cannot be "{shown(written)}"; it is one of: {", ".join(known)}.'
    return Wrong("not-one-of", message, near(written, known))


def _number(value: Tree, written: str, _form: Form, name: str) -> Wrong | None:
    if type(value) in {int, Decimal}:
        return None
    if not isinstance(value, str):
        said = "a list" if type(value) is list else "keys and values"
        why = f"it has {said}" if isinstance(value, dict | list) else f"{written} is none"
        return Wrong("not-a-number", f"{name} must be one number; {why}.", "Write one number.")
    message = f'{name} must be one number; "{shown(value)}" {trouble(value)}.'
    return Wrong("not-a-number", message, instead(value))


def _whole(value: Tree, written: str, form: Form, name: str) -> Wrong | None:
    number = bare(form)
    assert isinstance(number, inspect.IntType)
    unfit = _number(value, written, form, name)
    if unfit:
        return unfit
    if type(value) is not int:
        message = f"{name} must be a whole number, not {written}."
        return Wrong("not-whole", message, "Write it without decimals.")
    limits = (
        ("above", number.gt, gt),
        ("at least", number.ge, ge),
        ("below", number.lt, lt),
        ("at most", number.le, le),
    )
    if all(bound is None or holds(value, bound) for _, bound, holds in limits):
        return None
    said = " and ".join(f"{word} {bound}" for word, bound, _ in limits if bound is not None)
    return Wrong("out-of-range", f"{name} must be {said}, not {value}.", "Write one that is.")


def _switch(value: Tree, written: str, _form: Form, name: str) -> Wrong | None:
    if type(value) is bool:
        return None
    meant = _SWITCHES.get(written.lower())
    remedy = f"Write {meant}." if meant else "Write true or false, without quotes."
    return Wrong("not-true-or-false", f"{name} must be true or false.", remedy)


def _day(value: Tree, written: str, _form: Form, name: str) -> Wrong | None:
    if type(value) is date:
        return None
    said = f', not "{shown(written)}"' if written else ""
    return Wrong("bad-date", f"{name} must be a day{said}.", _DAY)


_JUDGES: dict[type[Form], Callable[[Tree, str, Form, str], Wrong | None]] = {
    inspect.StrType: _text,
    inspect.LiteralType: _choice,
    inspect.IntType: _whole,
    inspect.DecimalType: _number,
    inspect.BoolType: _switch,
    inspect.DateType: _day,
}
