"""Cut the two codes that documents are packed with from documents of the tests: `cut_code.py`.

Documents that were issued name the bytes this makes, so it is run for a new code, never to
refresh an old one. How many bits a symbol has follows from how often it stands in the samples
(package-merge, at most 15 bits).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from q2c.core.einvoice import stated
from q2c.documents import body, pdf
from q2c.documents.contract import contract_pdf
from q2c.documents.einvoice import einvoice_xml
from q2c.documents.invoice import invoice_pdf
from q2c.documents.look import Theme, frozen
from q2c.documents.packed import Name, lengths, placed, searched
from q2c.documents.quote import quote_pdf
from tests import made
from tests.test_documents import worded

OUT = Path(__file__).parent.parent / "q2c/documents/codes.py"
MOST_BITS = 15
DOC = '''"""Codes that documents are packed with: how many bits a letter, length or distance has.

In base 16: 286 letters and lengths, then 30 distances; `tools/cut_code.py` has counted them.
"""

from typing import Final

'''


def counted(samples: Iterable[Sequence[str]]) -> tuple[Counter[int], Counter[int]]:
    """Count the symbols of samples; each symbol there is stands once at least."""
    letters, distances = Counter[int](range(286)), Counter[int](range(30))
    for sample in samples:
        letters[256] += 1
        for one in searched("".join(sample).encode("latin-1")):
            if isinstance(one, bytes):
                letters.update(one)
            else:
                letters[lengths()[one[0]][0]] += 1
                distances[placed(one[1])[0]] += 1
    return letters, distances


def sized(counts: Counter[int]) -> str:
    """Give the bits of each symbol: the code of least length with at most 15 bits a symbol."""
    coins = sorted((count, (symbol,)) for symbol, count in counts.items())
    packages: list[tuple[int, tuple[int, ...]]] = []
    for _ in range(MOST_BITS):
        both = sorted(coins + packages)
        pairs = zip(both[::2], both[1::2], strict=False)
        packages = [(one[0] + two[0], one[1] + two[1]) for one, two in pairs]
    bits = Counter(symbol for _, some in packages[: len(coins) - 1] for symbol in some)
    return "".join(f"{bits[symbol]:x}" for symbol in sorted(counts))


def sampled() -> dict[Name, list[Sequence[str]]]:
    """Draw documents of every kind and give what was packed for them."""
    samples: dict[Name, list[Sequence[str]]] = {"marks": [], "words": []}

    def noted(pieces: Sequence[str], name: Name, **_: bool) -> bytes:
        samples[name].append(pieces)
        return b""

    body.packed = noted  # type: ignore[attr-defined]
    for language in ("sv", "en"):
        look = frozen(Theme(), None, language)
        for count in (1, 3, 5, 8, 12):
            invoice_pdf(made.invoice(count), look, [hybrid(count)])
            quote_pdf(made.quote([made.line(n) for n in range(1, count + 1)]), look)
        contract_pdf(worded(), look)
    return samples


def hybrid(lines: int) -> pdf.Attached:
    """Give the XML of an invoice."""
    terms = stated(made.invoice(lines), "factur-x")
    return pdf.Attached("factur-x.xml", "text/xml", einvoice_xml(terms, "cii"))


def main() -> None:
    """Write the codes."""
    rows = [DOC, "CODES: Final = {\n"]
    for name, some in sampled().items():
        digits = "".join(map(sized, counted(some)))
        parts = [digits[at : at + 80] for at in range(0, len(digits), 80)]
        rows.append(f'    "{name}": (\n' + "".join(f'        "{part}"\n' for part in parts))
        rows.append("    ),\n")
    OUT.write_text("".join([*rows, "}\n"]))


if __name__ == "__main__":
    main()
