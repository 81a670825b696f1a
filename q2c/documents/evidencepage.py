"""Evidence of signatures as PDF: files, events, certificates, and how anybody checks them."""

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from q2c.core.contract import Contract
from q2c.core.signature import SigningEvent
from q2c.documents.draw import drawn
from q2c.documents.flow import escaped
from q2c.documents.language import Language, day, long_day
from q2c.documents.look import Look
from q2c.documents.parts import facts, footer, info
from q2c.documents.sheet import Column, Row, Sheet, Table

_ROOTS = "roots.pem"


class Shown(Struct, frozen=True, kw_only=True):
    """A signature: who and when, by which certificate, the bytes it covers, what is wrong."""

    name: str
    time: datetime | None
    stamped_by: str
    level: str
    issuer: str
    begins: date
    ends: date
    certificate: str
    trust: str
    covers: tuple[int, ...]
    wrong: tuple[str, ...]


class ProvenFile(Struct, frozen=True, kw_only=True):
    """A file of a contract: its SHA-256, what is wrong with it, and the signatures in it."""

    path: str
    sha256: str
    wrong: tuple[str, ...] = ()
    signatures: tuple[Shown, ...] = ()


class Evidence(Struct, frozen=True, kw_only=True):
    """All that is known of how a contract was signed, as of a day.

    `base` is the file that was to be signed, and `size` how many bytes it has; `signed` is the
    file that begins with it.
    """

    contract: Contract
    made_on: date
    files: tuple[ProvenFile, ...]
    events: tuple[SigningEvent, ...]
    base: str
    size: int
    signed: str = ""


def evidence_pdf(evidence: Evidence, look: Look, lang: Language) -> bytes:
    """Draw the evidence in a language."""
    return drawn(evidence_sheet(evidence, look, lang), look)


def evidence_sheet(evidence: Evidence, look: Look, lang: Language) -> Sheet:
    """Write out the evidence: what there is, what happened, who signed, how to check it."""
    contract, seller = evidence.contract, evidence.contract.seller
    title = lang.say("evidence_page")
    about = (("agreed_on", day(lang, contract.agreed_on)), ("our_order", contract.order))
    on = long_day(lang, evidence.made_on)
    return Sheet(
        info=info(look, f"{title} {contract.number}", evidence.made_on, contract),
        title=title,
        number=contract.number,
        sender=seller.name,
        facts=facts(lang, about),
        parties=(),
        subject=contract.title,
        text=lang.say("evidence_of", number=contract.number, date=on),
        blocks=tuple(_blocks(evidence, lang)),
        body="\n\n".join(_checks(evidence, lang)),
        footer=footer(look, seller, contract.buyer),
        page=lang.say("page"),
    )


def _blocks(evidence: Evidence, lang: Language) -> Iterator[Table]:
    yield _files(evidence, lang)
    if evidence.events:
        yield _events(evidence, lang)
    for file in evidence.files:
        for one in file.signatures:
            yield _signature(one, lang)


def _files(evidence: Evidence, lang: Language) -> Table:
    """List the files with their sums, and what is wrong with them."""
    rows = (
        Row(cells=(_name(one.path), one.sha256), notes=_odd(one.wrong, lang))
        for one in evidence.files
    )
    columns = (Column(lang.say("column_file"), gives_way=True), Column("SHA-256", right=True))
    return Table(columns=columns, rows=tuple(rows), title=lang.say("evidence_files"))


def _odd(wrong: tuple[str, ...], lang: Language) -> tuple[str, ...]:
    return (lang.say("evidence_odd", told="; ".join(wrong)),) if wrong else ()


def _events(evidence: Evidence, lang: Language) -> Table:
    columns = (
        Column(lang.say("column_date")),
        Column(lang.say("column_event"), gives_way=True),
        Column(lang.say("column_who")),
    )
    rows = (
        Row(cells=(day(lang, one.date), _happened(one, evidence.contract, lang), one.by))
        for one in evidence.events
    )
    return Table(columns=columns, rows=tuple(rows), title=lang.say("evidence_events"))


def _happened(event: SigningEvent, contract: Contract, lang: Language) -> str:
    """Say what an event is, with what belongs to its kind."""
    names = {"seller": contract.seller.name, "buyer": contract.buyer.name}
    gaps = {
        "date": day(lang, event.expires) if event.expires else "",
        "parties": ", ".join(names[role] for role in event.roles),
        "reason": event.reason,
    }
    return lang.say(f"event_{event.kind}", **gaps)


def _signature(one: Shown, lang: Language) -> Table:
    """Tell one signature, a row for each thing that is known of it."""
    issued = {"name": one.issuer, "from": day(lang, one.begins), "to": day(lang, one.ends)}
    told = (
        ("evidence_time", _time(one, lang)),
        ("evidence_level", one.level if one.level == "CMS" else f"PAdES {one.level}"),
        ("evidence_issuer", lang.say("evidence_issued", **issued)),
        ("evidence_certificate", one.certificate),
        ("evidence_trust", lang.say(f"trust_{one.trust}")),
        ("evidence_result", "; ".join(_odd(one.wrong, lang)) or lang.say("evidence_sound")),
    )
    rows = tuple(Row(cells=(lang.say(key), text), keeps=True) for key, text in told)
    columns = (Column(lang.say("column_who")), Column(one.name, gives_way=True))
    return Table(columns=columns, rows=rows, title=lang.say("signature"))


def _time(one: Shown, lang: Language) -> str:
    if one.time is None:
        return ""
    told = f"{day(lang, one.time)} {one.time:%H:%M:%S} UTC"
    if one.stamped_by:
        return lang.say("evidence_stamped", time=told, name=one.stamped_by)
    return lang.say("evidence_claimed", time=told)


def _checks(evidence: Evidence, lang: Language) -> Iterator[str]:
    """Write how to check everything with sha256sum and openssl alone, as Markdown."""
    yield f"## {lang.say('check_how')}"
    yield lang.say("check_files")
    yield _code(f"sha256sum {' '.join(_name(one.path) for one in evidence.files)}")
    if evidence.signed:
        yield lang.say("check_base")
        yield _code(f"head -c {evidence.size} {_name(evidence.signed)} | sha256sum")
    for file in evidence.files:
        for one in file.signatures:
            yield escaped(lang.say("check_signature", name=one.name))
            yield _code(*openssl(_name(file.path), one.covers))


def openssl(name: str, covers: tuple[int, ...]) -> tuple[str, ...]:
    """Give the commands that check a signature: what it is of, itself, and both together.

    The bytes between those that it covers are the signature in hexadecimal, in angle brackets
    (ISO 32000-1, 12.8.1).
    """
    _, first, second, rest = covers
    return (
        f"(head -c {first} {name}; tail -c +{second + 1} {name} | head -c {rest}) > signed.bin",
        f"tail -c +{first + 2} {name} | head -c {second - first - 2} | xxd -r -p > signature.der",
        "openssl cms -verify -binary -inform DER -in signature.der \\",
        f"  -content signed.bin -CAfile {_ROOTS} -purpose any -out /dev/null",
    )


def _code(*lines: str) -> str:
    return "\n".join(f"    {line}" for line in lines)


def _name(path: str) -> str:
    return path.rpartition("/")[2]
