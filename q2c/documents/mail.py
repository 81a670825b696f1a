"""What a mail says: a template's words as a subject, as text and as simple HTML."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from textwrap import fill
from typing import Final

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Place
from q2c.documents.flow import Block, Run, blocks
from q2c.documents.sandbox import filled
from q2c.resources import resource

COLUMNS: Final = 72  # what a reader of plain text can be sent (RFC 3676, 4.2, wants 78 at most)
_STYLE: Final = "font-family: sans-serif; font-size: 15px; line-height: 1.5; color: #222"


class MailText(Struct, frozen=True):
    """The words of a mail: its subject, its text, and the same as HTML."""

    subject: str
    text: str
    html: str


def mail_template(kind: str, language: str) -> bytes:
    """Give the template of a mail that q2c brings with it, else the English one."""
    path = resource("templates", "mails", f"{kind}.{language}.md")
    return (path if path.exists() else path.with_name(f"{kind}.en.md")).read_bytes()


def mail_text(data: bytes, values: Mapping[str, object], language: str, name: str) -> MailText:
    """Fill a template of a mail: Markdown, whose first block is a heading with the subject.

    Values are printed as they stand: none of them makes a link, a heading or another line of the
    subject.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid(_fault("This template is not UTF-8 text.", name)) from None
    found = blocks(filled(text, values, name))
    if not found or found[0].kind != "heading":
        raise Invalid(_fault("The first line of this template is not its subject.", name))
    subject = " ".join(_plain(found[0].runs).split())
    if not subject.isprintable():
        raise Invalid(_fault("The subject has a sign that does not show.", name))
    rest = found[1:]
    return MailText(subject, "\n\n".join(_texts(rest)) + "\n", _html(rest, subject, language))


def _plain(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)


def _texts(found: Sequence[Block]) -> list[str]:
    """Write blocks as text: lines that a person can read in any program."""
    texts: list[str] = []
    for block, before in zip(found, (None, *found), strict=False):
        lines = [_line(block, line) for line in _told(block.runs).split("\n")]
        text = "\n".join(lines) if block.kind != "rule" else "-- "
        if before is not None and (before.kind, block.kind) == ("item", "item"):
            texts[-1] += f"\n{text}"  # a list stands without empty lines
        else:
            texts.append(text)
    return texts


def _line(block: Block, text: str) -> str:
    mark = f"{block.marker.replace('•', '-')} " if block.kind == "item" else ""
    mark = "> " if block.kind == "quote" else mark
    if block.kind == "code":
        return text
    return fill(
        text,
        COLUMNS,
        initial_indent=mark,
        subsequent_indent=mark if block.kind == "quote" else " " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _told(runs: Iterable[Run]) -> str:
    """Write runs as text; a link tells where it leads."""
    return "".join(
        f"{run.text} <{run.link}>" if run.link and run.link != run.text else run.text
        for run in runs
    )


def _html(found: Sequence[Block], title: str, language: str) -> str:
    """Write blocks as HTML of the simplest kind: nothing in it is loaded from anywhere."""
    body = "\n".join(_marked_up(block) for block in found)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n'
        f'<head><meta charset="utf-8"><title>{escape(title)}</title></head>\n'
        f'<body style="{_STYLE}">\n{body}\n</body>\n</html>\n'
    )


def _marked_up(block: Block) -> str:
    inside = "".join(map(_run, block.runs)).replace("\n", "<br>\n")
    match block.kind:
        case "heading":
            return f"<h3>{inside}</h3>"
        case "item":
            return (
                f'<div style="margin-left: {block.level}em">{escape(block.marker)} {inside}</div>'
            )
        case "quote":
            return f"<blockquote>{inside}</blockquote>"
        case "code":
            return f"<pre>{inside}</pre>"
        case "rule":
            return "<hr>"
        case _:
            return f"<p>{inside}</p>"


def _run(run: Run) -> str:
    text = escape(run.text)
    text = f"<strong>{text}</strong>" if run.face == "bold" else text
    return f'<a href="{escape(run.link)}">{text}</a>' if run.link else text


def _fault(message: str, name: str) -> Fault:
    remedy = "Begin it so:  # Invoice {{ document.number }} from {{ seller.name }}"
    return Fault("bad-mail-template", message, Place(name), remedy)
