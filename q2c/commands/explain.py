"""q2c explain: what the code of a fault means, and an example of it."""

import re
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from q2c import __path__ as package
from q2c.commands.output import say, table
from q2c.commands.visible import WIDE, wrapped
from q2c.core.fault import Fault, Unknown

FILE = Path(package[0]) / "data" / "faults.md"


def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="As in error[CODE].")] = "",
) -> None:
    """Explain the code of a fault.

    Without a code, list all of them.

    Example: q2c explain usage
    """
    texts = explanations()
    if not code:
        rows = [{"code": known, "meaning": first_sentence(text)} for known, text in texts.items()]
        table(rows, ("code", "meaning"))
        return
    if code not in texts:
        raise Unknown(_unknown(code))
    say({"code": code, "text": texts[code]}, f"{code}\n\n{_set(texts[code])}")


def _set(text: str) -> str:
    """Set an explanation for a terminal of 80 columns; examples, which are indented, stay."""
    paragraphs = (
        one if one.startswith(" ") else "\n".join(wrapped(" ".join(one.split()), WIDE))
        for one in text.split("\n\n")
    )
    return "\n\n".join(paragraphs)


@cache
def explanations() -> dict[str, str]:
    """Give the explanation of every code, in the order of the alphabet."""
    parts = re.split(r"^## ", FILE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    texts = (part.partition("\n") for part in parts)
    return dict(sorted((code.strip(), text.strip()) for code, _, text in texts))


def first_sentence(text: str) -> str:
    """Give the first sentence of an explanation."""
    paragraph, _, _ = text.partition("\n\n")
    return re.split(r"(?<=\.)\s", " ".join(paragraph.split()), maxsplit=1)[0]


def _unknown(code: str) -> Fault:
    from difflib import get_close_matches

    close = get_close_matches(code, explanations(), 1)
    remedy = f"Did you mean {close[0]}?" if close else "'q2c explain' lists every code."
    return Fault("unknown-code", f"There is no fault with the code '{code}'.", remedy=remedy)
