"""A finished sheet: every word and figure of a document, in its place, before it is drawn."""

from msgspec import Struct

from q2c.documents.pdf import Info


class Fact(Struct, frozen=True):
    """A label and what it labels."""

    label: str
    text: str


class Block(Struct, frozen=True):
    """A party: what it is here, its name, and the lines below the name."""

    label: str
    name: str
    lines: tuple[str, ...]


class Column(Struct, frozen=True):
    """A column of the table; figures end at its right edge, and one column gives way."""

    title: str
    right: bool = False
    gives_way: bool = False


class Row(Struct, frozen=True, kw_only=True):
    """A row of the table: its cells, small print below them, and the sum so far.

    What belongs to a row above it is a `part`, indented the deeper the more often it is one. A
    row that `keeps` with the next is never parted from it by the end of a page. A `heading` has
    nothing but its name.
    """

    cells: tuple[str, ...]
    notes: tuple[str, ...] = ()
    running: str = ""
    strong: bool = False
    part: int = 0
    keeps: bool = False
    heading: bool = False


class Table(Struct, frozen=True, kw_only=True):
    """The lines of a document; `carried` and `brought` label the sum at a turn of the page.

    `text` stands below the title and says what the rows are. In a `wide` one the small print may
    run on below the figures.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    text: str = ""
    wide: bool = False
    carried: str = ""
    brought: str = ""


class Sums(Struct, frozen=True, kw_only=True):
    """The totals; the last of them is the one that counts. `vat` is by category and rate."""

    totals: tuple[Fact, ...]
    vat_head: tuple[str, str, str] = ("", "", "")
    vat: tuple[tuple[str, str, str], ...] = ()
    remarks: tuple[str, ...] = ()


class Slip(Struct, frozen=True, kw_only=True):
    """How to pay: when, how much, to whom with which reference, a web address, a code to scan."""

    title: str
    amount: str
    facts: tuple[Fact, ...]
    link: str = ""
    code: str = ""
    code_label: str = ""


class BillWords(Struct, frozen=True, kw_only=True):
    """The headings of a Swiss QR-bill in a language."""

    payment_part: str
    account: str
    reference: str
    information: str
    currency: str
    amount: str
    receipt: str
    acceptance: str
    separate: str
    payer: str
    payer_open: str


class Bill(Struct, frozen=True, kw_only=True):
    """A Swiss QR-bill: payment part and receipt; without a payer there is room to write one."""

    words: BillWords
    account: str
    payee: tuple[str, ...]
    reference: str
    message: str
    payer: tuple[str, ...]
    currency: str
    amount: str
    code: str


class Signature(Struct, frozen=True):
    """Where somebody signs: for whom, and what is written on which line."""

    title: str
    lines: tuple[str, ...]


class Boxes(Struct, frozen=True):
    """What can be ticked: for each box what it stands for and an amount, which `head` is about."""

    title: str
    head: str
    choices: tuple[Fact, ...]


class Signing(Struct, frozen=True, kw_only=True):
    """The place for signatures, with what is said and can be ticked above and below them."""

    title: str = ""
    text: str = ""
    boxes: tuple[Boxes, ...] = ()
    signatures: tuple[Signature, ...]
    remarks: tuple[str, ...] = ()


class Cover(Struct, frozen=True, kw_only=True):
    """A page before all others: what is offered to whom, when, and what is said first."""

    parties: tuple[Block, ...]
    facts: tuple[Fact, ...]
    text: str = ""


class Sheet(Struct, frozen=True, kw_only=True):
    """All that a document shows, from its head to its foot.

    `subject` is what it is about, `text` is plain, `opening` and `body` are Markdown, `blocks` are
    the tables below the sums, `mark` stands large and light behind everything, `page` has gaps for
    the page's number and the last one's.
    """

    info: Info
    title: str
    number: str
    sender: str
    facts: tuple[Fact, ...]
    parties: tuple[Block, ...]
    subject: str = ""
    text: str = ""
    opening: str = ""
    table: Table | None = None
    sums: Sums | None = None
    blocks: tuple[Table, ...] = ()
    body: str = ""
    notes: tuple[Fact, ...] = ()
    slip: Slip | None = None
    bill: Bill | None = None
    signing: Signing | None = None
    footer: tuple[tuple[str, ...], ...] = ()
    page: str
    mark: str = ""
    cover: Cover | None = None
