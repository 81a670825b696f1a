"""Redlines and Markdown: what a customer reads of a change, and what nobody outside may read."""

import re
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from msgspec.structs import replace

from q2c.cli import main
from q2c.commands.quotes.diffmarkdown import markdown_of
from q2c.core.negotiation.compare import compared
from q2c.core.negotiation.difference import for_customer
from q2c.core.quote import Clause, Discount, DraftLine, Payment, Priced
from q2c.documents.look import Look, Theme, frozen
from q2c.documents.redline import redline_pdf
from tests.office import Office
from tests.reading import boxes_of, pages_of, text_of
from tests.test_compare import line, quoted

SV, EN = frozen(Theme(), None, "sv"), frozen(Theme(), None, "en")
LOOKS = pytest.mark.parametrize("look", [SV, EN], ids=["sv", "en"])
WORDS = r"margin|cost|floor|marginal|kostnad|täckning|golv|alert|rule|regel"
OURS = re.compile(WORDS, re.IGNORECASE)


def told(before: Priced, after: Priced, look: Look = EN) -> str:
    return text_of(redline_pdf(for_customer(compared(before, after)), after, look))


def before(**more: object) -> Priced:
    clause = Clause(id="liability", text="At most the fees of twelve months are owed.")
    deposit = Payment(name="Deposit", percent=Decimal(30), on="acceptance")
    lines = (
        line(discounts=(Discount(percent=Decimal(10), reason="Old friends"),)),
        line("workshop", "1"),
        line("support", "1"),
    )
    terms = {"clauses": (clause,), "payments": (deposit, Payment(on="delivery"))}
    return quoted(*lines, **{**terms, "discounts": (Discount(percent=Decimal(5)),), **more})


def after() -> Priced:
    clause = Clause(id="liability", text="At most the fees of six months are owed.")
    deposit = Payment(name="Deposit", percent=Decimal(20), on="acceptance")
    lines = (
        line(quantity="48", discounts=(Discount(percent=Decimal(12), reason="Old friends"),)),
        line("support", "1", term="24 months"),
        DraftLine(product="licence", quantity=Decimal(15)),
    )
    return quoted(
        *lines,
        clauses=(clause,),
        payments=(deposit, Payment(on="delivery")),
        discounts=(Discount(percent=Decimal(7)),),
        due_days=14,
    )


def test_a_redline_says_what_was_and_what_is() -> None:
    text = told(before(), after())
    for words in (
        "Advisory 52,200.00 61,248.00 +9,048.00",
        "Quantity 40 48",
        "Old friends 10% Old friends 12%",
        "Workshop 9,000.00 -9,000.00 Removed",
        "Licence 1,400.00 +1,400.00 Added",
        "Term 12 months 24 months",
        "On the whole quotation",
        "Terms of payment 30 days 14 days",
        "Payment Deposit 30%, on acceptance 20%, on acceptance",
        "the fees of twelve six months are owed.",
        "Total excluding VAT",
    ):
        assert words in text, words


@LOOKS
def test_nothing_that_is_ours_alone_is_on_a_redline(look: Look) -> None:
    found = compared(before(), after())
    ours = [one for one in found.inside if one.what in {"cost", "margin"}]
    figures = {_digits(str(value)).split()[0] for one in ours for value in (one.before, one.after)}
    assert len(figures) == 4
    pdf = redline_pdf(found, after(), look)  # even where nobody took the inside out
    for text in (text_of(pdf), markdown_of(for_customer(found))):
        assert not OURS.search(text)
        assert not [one for one in figures if one in _digits(text)]


def _digits(text: str) -> str:
    """Give the figures of a text without their signs, each apart from the next."""
    return re.sub(r"(?<=[0-9])[ ,.\u00a0](?=[0-9])", "", text)


def test_nothing_that_is_ours_alone_is_in_what_the_command_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "nordlys"
    assert main(["init", str(root), "--example", "consultancy", "--quiet"]) == 0
    office = Office(root, monkeypatch)
    office.must("quote", "send", "Q-2026-0005", "--date", "2026-11-03")
    path = root / "quotes/Q-2026-0005/quote.yaml"
    path.write_text(path.read_text("utf-8").replace("quantity: 60", "quantity: 70"), "utf-8")
    seen = []
    for form in ([], ["--md"], ["--json"], ["--csv"]):
        capsys.readouterr()
        assert office.does("quote", "diff", "Q-2026-0005", "--customer", *form) == 0
        seen.append(capsys.readouterr().out)
    assert all("70" in text and not OURS.search(text) for text in seen)
    assert office.does("quote", "diff", "Q-2026-0005") == 0
    assert "inside" in capsys.readouterr().out


def test_what_is_struck_through_has_a_line_and_no_letter_is_lost() -> None:
    pdf = redline_pdf(compared(before(), after()), after(), EN)
    with pypdfium2.PdfDocument(BytesIO(pdf)) as document:
        kinds = [one.type for page in document for one in page.get_objects()]
    strokes = kinds.count(2)  # paths, as PDFium counts them
    plain = redline_pdf(compared(after(), after()), after(), EN)
    with pypdfium2.PdfDocument(BytesIO(plain)) as document:
        assert strokes > 20 + [one.type for page in document for one in page.get_objects()].count(2)


def test_offers_that_do_not_differ_say_so() -> None:
    assert "Nothing differs in prices or terms." in told(before(), before())


@pytest.mark.parametrize(
    "make", [lambda n: f"Word{n} " * 9, lambda n: f"{n}" * 200, lambda n: f"a\nb{n}"]
)
def test_a_long_redline_turns_its_pages_and_stays_on_the_paper(make: Callable[[int], str]) -> None:
    lines = [line("workshop", "2", id=f"line-{n}", text=make(n)) for n in range(60)]
    changed = [replace(one, quantity=Decimal(3), text=f"{one.text} new") for one in lines]
    one, other = quoted(*lines), quoted(*changed)
    pdf = redline_pdf(compared(one, other), other, EN)
    assert len(pages_of(pdf)) > 2
    assert all(left > 50 and right < 545 and low > 20 for left, low, right, _ in boxes_of(pdf))


def test_markdown_prints_what_people_wrote_as_it_stands() -> None:
    clause = Clause(id="a", text="<b>5 | 6</b> *or* `x` [y](z)\n# not a heading")
    text = markdown_of(compared(quoted(line()), quoted(line(), clauses=(clause,))))
    row = next(row for row in text.splitlines() if row.startswith("| clause a |"))
    assert row == (r"| clause a | **\<b\>5 \| 6\</b\> \*or\* \`x\` \[y\](z) \# not a heading** |")


def test_markdown_has_a_table_for_each_kind_of_difference() -> None:
    text = markdown_of(compared(before(), after(), ("Q-1/v1", "Q-1 (draft)")))
    assert text.startswith("### Q-1/v1 → Q-1 (draft)\n\n**The net rises by ")
    heads = re.findall(r"^\| (\w[\w ]*) \|", text, re.MULTILINE)
    assert [head for head in heads if f"\n\n| {head} |" in text] == [
        *("Line", "On the whole quote", "Term", "Text", "Total", "Inside"),
    ]
    assert "~~twelve~~ **six**" in text
