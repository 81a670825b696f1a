"""q2c verify: issued documents drawn again, and compared to the byte."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Literal

import typer
from msgspec import Struct

from q2c import __version__
from q2c.commands.call import At, call
from q2c.commands.desk import read_look, tree
from q2c.commands.output import hint, table
from q2c.commands.progress import progress
from q2c.core.contract import Contract
from q2c.core.fault import Fault, Invalid, Place, Unknown, nearest
from q2c.core.invoice import Invoice
from q2c.core.quote import Priced
from q2c.core.trace import Paper
from q2c.store.detached import Signed, signature_faults, signatures
from q2c.store.invoices import look_path
from q2c.store.ledger import read_ledger
from q2c.store.papers import thawed
from q2c.store.quotes import quote_numbers, read_events
from q2c.store.tree import Tree

Kind = Literal[
    "invoice",
    "credit-note",
    "quote",
    "contract",
    "order",
    "evidence",
    "attachment",
    "time-report",
    "e-invoice",
]
Document = Invoice | Priced | Contract
Result = Literal["identical", "changed", "missing", "other-version", "differs"]
KINDS: dict[Kind, type[Document]] = {
    "invoice": Invoice,
    "credit-note": Invoice,
    "time-report": Invoice,
    "e-invoice": Invoice,
    "quote": Priced,
    "contract": Contract,
}
# The data of a version: of a quote, or of a contract.
_VERSION = re.compile(r"(?:quotes|contracts)/[^/]+/v[1-9][0-9]*\.json")
COLUMNS = ("number", "kind", "result", "program", "path")
FAULTS: dict[Result, tuple[str, str]] = {
    "changed": ("document-changed", "is not the file that was issued; it was changed"),
    "missing": ("document-missing", "was issued and is not there"),
    "differs": ("not-reproduced", "comes out otherwise when it is drawn again"),
}


class Issued(Struct, frozen=True):
    """A document that was issued: what kind it is, its data and its PDF as they were recorded.

    What is not drawn has no PDF: an order, evidence, what was attached. Its bytes are compared.
    """

    number: str
    kind: Kind
    data: Paper
    pdf: Paper | None = None


class Verdict(Struct, frozen=True):
    """What came of drawing a document again."""

    number: str
    kind: Kind
    result: Result
    program: str
    path: str


def verify(
    numbers: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NUMBER]...", help="These documents.  [all invoices]"),
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Quotes, contracts, orders and evidence, too.")
    ] = False,
    at: At = "",
) -> None:
    """Draw issued documents again and compare every byte.

    The file must be the one whose SHA-256 was recorded, and what is drawn from the frozen
    data must be that file. Signatures beside the files must be of these bytes, by somebody in
    allowed_signers.

    Example: q2c verify --all
    """
    files = tree(at)
    asked = chosen(list(issued(files, everything=everything or bool(numbers))), numbers or [])
    verdicts = [_checked(files, one) for one in progress("Drawing", asked, len(asked))]
    good = sum(verdict.result == "identical" for verdict in verdicts)
    odd = [verdict for verdict in verdicts if verdict.result != "identical"]
    if call().mode != "text" or call().verbose:
        table(verdicts, COLUMNS)
    elif odd:
        table(odd, COLUMNS)
    hint(f"{good} of {len(verdicts)} identical")
    _tell_versions(verdicts)
    seals = _signatures(files, asked)
    _tell_signers(seals)
    faults = [_fault(verdict) for verdict in verdicts if verdict.result in FAULTS]
    faults += signature_faults(seals)
    if faults:
        raise Invalid(*faults)


def _signatures(files: Tree, asked: Iterable[Issued]) -> list[Signed]:
    """Check the signatures beside the files of documents, each once."""
    papers = (paper.path for one in asked for paper in (one.data, one.pdf) if paper)
    there = (path for path in dict.fromkeys(papers) if files.exists(path))
    return [found for path in there for found in signatures(files, path)]


def _tell_signers(seals: Sequence[Signed]) -> None:
    by = Counter(seal.by for seal in seals if seal.by)
    for name, count in sorted(by.items()):
        hint(f"{count} {'file is' if count == 1 else 'files are'} signed by {name}.")


def issued(files: Tree, *, everything: bool) -> Iterator[Issued]:
    """Find what was issued: by the ledger, and by the events of the quotes."""
    for number, entry in read_ledger(files).by_number.items():
        data, pdf = entry.documents[:2]
        kind: Kind = "invoice" if entry.kind == "invoice-issued" else "credit-note"
        yield Issued(number, kind, data, pdf)
        for paper in entry.documents[2:]:
            beside: Kind = "e-invoice" if paper.path.endswith(".xml") else "time-report"
            yield Issued(number, beside, data, paper)
    if everything:
        for number in quote_numbers(files):
            yield from _agreed(files, number)


def _agreed(files: Tree, number: str) -> Iterator[Issued]:
    """Find the versions of a quote, the contract and order that came of it, and other files."""
    for event in read_events(files, number):
        papers = {path: Paper(path, digest) for path, digest in event.files}
        drawn = {pdf for path in papers if (pdf := _pdf_of(path)) in papers}
        for path, data in papers.items():
            if path not in drawn:
                called, kind = _called(path, number)
                yield Issued(called, kind, data, papers.get(_pdf_of(path)))


def _pdf_of(path: str) -> str:
    """Name the PDF of the data of a version; of any other file there is none."""
    own = path.startswith(("quotes/", "contracts/")) and _VERSION.fullmatch(path)
    return f"{path.removesuffix('.json')}.pdf" if own else ""


def _called(path: str, quote: str) -> tuple[str, Kind]:
    """Say what a file of an event is, and what it is called."""
    folder, _, rest = path.partition("/")
    name, _, file = rest.partition("/")
    if _VERSION.fullmatch(path):
        quoted = folder == "quotes"
        version = file.removesuffix(".json")
        return (f"{name}/{version}", "quote") if quoted else (name, "contract")
    if folder == "orders":
        return name, "order"
    if path.startswith((f"quotes/{quote}/evidence", f"quotes/{quote}/approvals/")):
        return f"{quote}/{file}", "evidence"
    return f"{quote}/{path.rpartition('/')[2]}", "attachment"


def chosen(known: list[Issued], numbers: list[str]) -> list[Issued]:
    """Choose documents by number; a quote's number means all of its versions."""
    for number in numbers:
        if not any(_named(one, number) for one in known):
            message = f"Nothing was issued as {number}."
            remedy = nearest(number, [one.number for one in known])
            raise Unknown(Fault("not-issued", message, remedy=remedy))
    return [one for one in known if not numbers or any(_named(one, n) for n in numbers)]


def _named(one: Issued, number: str) -> bool:
    return number in (one.number, one.number.partition("/")[0])


def _checked(files: Tree, one: Issued) -> Verdict:
    """Check the files of a document as they lie there, and then what is drawn from them."""
    for paper in filter(None, (one.data, one.pdf)):
        if wrong := _wrong(files, paper):
            return Verdict(one.number, one.kind, wrong, "", paper.path)
    if one.pdf is None:
        return Verdict(one.number, one.kind, "identical", "", one.data.path)
    document = thawed(_bytes(files, one.data), KINDS[one.kind], one.data.path)
    look = Paper(look_path(document.look), document.look)
    for paper in (look, *(document.attachments if isinstance(document, Invoice) else ())):
        if wrong := _wrong(files, paper):
            return Verdict(one.number, one.kind, wrong, document.program, paper.path)
    same = _drawn(one.kind, document, files) == _bytes(files, one.pdf)
    other: Result = "differs" if document.program == __version__ else "other-version"
    result: Result = "identical" if same else other
    return Verdict(one.number, one.kind, result, document.program, one.pdf.path)


@lru_cache(maxsize=8)  # most documents share their look
def _wrong(files: Tree, paper: Paper) -> Result | None:
    if not files.exists(paper.path):
        return "missing"
    same = sha256(_bytes(files, paper)).hexdigest() == paper.sha256
    return None if same else "changed"


@lru_cache(maxsize=4)
def _bytes(files: Tree, paper: Paper) -> bytes:
    """Read a file once, so that what was checked is what is used."""
    return files.read(paper.path)


def _drawn(kind: Kind, document: Document, files: Tree) -> bytes:
    """Draw a document from its data and its look."""
    look = read_look(files, document.look)
    if isinstance(document, Priced):
        from q2c.documents.quote import quote_pdf

        return quote_pdf(document, look)
    if isinstance(document, Contract):
        from q2c.documents.contract import contract_pdf

        return contract_pdf(document, look)
    from q2c.commands.invoices.making import beside, enclosures, pdf_of, report_of

    if kind == "time-report":
        return report_of(document, look)
    if kind == "e-invoice":
        return beside(document, look, enclosures(files, document))[f"{document.path}.xml"]
    return pdf_of(document, look)


def _tell_versions(verdicts: list[Verdict]) -> None:
    for verdict in verdicts:
        if verdict.result == "other-version":
            made = f"made by q2c {verdict.program}; {__version__} draws it otherwise"
            hint(f"{verdict.number} is as it was issued, {made}.")


def _fault(verdict: Verdict) -> Fault:
    code, said = FAULTS[verdict.result]
    remedy = "Bring it back from git, where it stands as it was issued."
    return Fault(code, f"{verdict.path} {said}.", Place(verdict.path), remedy)
