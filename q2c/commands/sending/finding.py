"""What a number names: the issued document with its files, ready to be sent."""

from collections.abc import Iterable

from q2c.commands.books import Books
from q2c.commands.sending.ondemand import paper_of
from q2c.core.entry import Entry
from q2c.core.fault import Fault, Held, Unknown, nearest
from q2c.core.party import Customer
from q2c.core.sending import Parcel, safe_name
from q2c.core.trace import Paper
from q2c.store.invoices import read_invoice
from q2c.store.master import read_customer
from q2c.store.orders import contract_path, numbers, read_contract
from q2c.store.papers import refuse_changed
from q2c.store.quotes import path_of, quote_numbers, read_events, read_quote, sent_papers
from q2c.store.tree import Tree


def parcel_of(files: Tree, books: Books, number: str) -> Parcel:
    """Find what a number names; refuse one that nothing has which could be sent."""
    if number in books.ledger.by_number:
        return _invoice(files, books, number)
    if number in quote_numbers(files):
        return _quote(files, number)
    if number in numbers(files, "contracts"):
        return _contract(files, number)
    if paper := paper_of(files, number):
        return paper
    known = [*books.ledger.by_number, *quote_numbers(files), *numbers(files, "contracts")]
    message = f"There is no document '{number}' that could be sent."
    raise Unknown(Fault("unknown-document", message, remedy=nearest(number, known)))


def _invoice(files: Tree, books: Books, number: str) -> Parcel:
    from q2c.documents.mailfacts import invoice_facts

    entry: Entry = books.ledger.by_number[number]
    invoice = read_invoice(files, books.records, number)
    if invoice.void:
        message = f"{number} takes back an invoice that was never sent, so nobody gets it."
        raise Held(Fault("nothing-to-send", message, remedy="Leave it out."))
    customer = read_customer(files, invoice.customer)
    papers = [paper for paper in entry.documents if not paper.path.endswith(".json")]
    contents = _contents(files, [*_pdf_first(papers), *invoice.attachments])
    peppol = invoice.einvoice == "peppol"
    return Parcel(
        number=number,
        kind=invoice.kind,
        path=invoice.path,
        customer=customer,
        seller=invoice.seller,
        buyer=invoice.buyer,
        language=(code := _language(customer, invoice.language)),
        files=contents,
        said=invoice_facts(invoice, code),
        xml=f"{number}.xml" if peppol and f"{number}.xml" in contents else "",
    )


def _quote(files: Tree, number: str) -> Parcel:
    from q2c.documents.mailfacts import quote_facts

    folder = read_quote(files, number)
    quote = folder.sent
    if quote is None:
        message = f"{number} is a draft: nothing of it is issued yet."
        raise Held(Fault("nothing-to-send", message, remedy=f"Issue it: q2c quote send {number}"))
    customer = read_customer(files, quote.buyer.id)
    name = path_of(number, f"v{quote.version}")
    papers = [paper for paper in sent_papers(folder) if not paper.path.endswith(".json")]
    contents = _contents(
        files, _pdf_first(papers), {f"{name}.pdf": f"{number}-v{quote.version}.pdf"}
    )
    return Parcel(
        number=number,
        kind="quote",
        path=name,
        customer=customer,
        seller=quote.seller,
        buyer=quote.buyer,
        language=(code := _language(customer, quote.language)),
        files=contents,
        said=quote_facts(quote, code),
    )


def _contract(files: Tree, number: str) -> Parcel:
    """Find a contract: as it was signed, where it was."""
    from q2c.documents.mailfacts import contract_facts

    contract = read_contract(files, number)
    customer = read_customer(files, contract.buyer.id)
    signed, drawn = f"contracts/{number}/signed.pdf", f"{contract_path(number)}.pdf"
    name = signed if files.exists(signed) else drawn
    if name == drawn:
        events = read_events(files, contract.source.partition("/")[0])
        known = dict(pair for event in events for pair in event.files)
        refuse_changed(files, [Paper(drawn, known[drawn])] if drawn in known else [])
    return Parcel(
        number=number,
        kind="contract",
        path=name.removesuffix(".pdf"),
        customer=customer,
        seller=contract.seller,
        buyer=contract.buyer,
        language=(code := _language(customer, contract.language)),
        files={safe_name(f"{number}.pdf"): files.read(name)},
        said=contract_facts(contract, code),
    )


def _pdf_first(papers: Iterable[Paper]) -> list[Paper]:
    return sorted(papers, key=lambda paper: not paper.path.endswith(".pdf"))


def _contents(
    files: Tree, papers: list[Paper], called: dict[str, str] | None = None
) -> dict[str, bytes]:
    """Read issued files, each as it was issued, under the name that it is sent by."""
    refuse_changed(files, papers)
    found: dict[str, bytes] = {}
    for paper in papers:
        name = (called or {}).get(paper.path) or paper.path.rpartition("/")[2]
        found[safe_name(name, found)] = files.read(paper.path)
    return found


def _language(customer: Customer, document: str) -> str:
    return customer.sending.language or document
