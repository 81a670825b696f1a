"""Searching: what can be chosen on a terminal, found by some of its letters."""

import re
from collections.abc import Iterable

from msgspec import Struct


class Choice(Struct, frozen=True):
    """Something that can be chosen: its id, its name, what else to know and to find it by."""

    id: str
    name: str
    about: str = ""
    also: str = ""


def found(typed: str, choices: Iterable[Choice]) -> list[Choice]:
    """Find what has the typed letters in their order, the closest together first.

    What is only found by its family comes after what is found by its name.
    """
    letters = [re.escape(letter) for letter in typed.casefold() if not letter.isspace()]
    pattern = re.compile(".*?".join(letters))
    ranked: list[tuple[int, int, int, Choice]] = []
    for choice in choices:
        for late, texts in enumerate(((choice.id, choice.name), (choice.also,))):
            spans = [pattern.search(text.casefold()) for text in texts if text]
            if hits := [(span.end() - span.start(), span.start()) for span in spans if span]:
                ranked.append((late, *min(hits), choice))
                break
    return [choice for *_, choice in sorted(ranked, key=lambda hit: hit[:3])]


def scattered(typed: str, choice: Choice) -> bool:
    """Say whether letters that were typed stand so far apart that another one may be meant."""
    letters = [re.escape(letter) for letter in typed.casefold() if not letter.isspace()]
    pattern = re.compile(".*?".join(letters))
    texts = (choice.id.casefold(), choice.name.casefold())
    spans = [span.end() - span.start() for text in texts if (span := pattern.search(text))]
    return bool(letters) and min(spans, default=0) > 2 * len(letters) + 2
