"""q2c contract evidence: a page that tells how a contract was signed, and how to check it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from q2c.commands.call import At, DateOption
from q2c.commands.contracts.standing import (
    Course,
    Number,
    TrustOption,
    course_of,
    day_of,
    trust_in,
)
from q2c.commands.contracts.verifying import Checked, checks
from q2c.commands.desk import read_look, save, tree
from q2c.commands.output import say
from q2c.core.period import Day
from q2c.store.orders import contract_path
from q2c.store.tree import Tree

if TYPE_CHECKING:
    from q2c.documents.evidencepage import Evidence, ProvenFile, Shown
    from q2c.exchange.pades.reading import Found


def write_evidence(
    number: Number,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the PDF goes.")],
    *,
    trust: TrustOption = None,
    day: DateOption = None,
    at: At = "",
) -> None:
    """Write a page that tells how a contract was signed, and how to check it.

    It lists the files with their SHA-256, what happened, who signed by which certificate, and the
    commands of sha256sum and openssl by which anybody can check it without q2c.

    Example: q2c contract evidence C-2026-0001 --out evidence.pdf
    """
    from q2c.documents.evidencepage import evidence_pdf
    from q2c.documents.language import language

    files = tree(at)
    course = course_of(files, number)
    found = tuple(checks(files, course, trust_in(files, trust)))
    evidence = _evidence(files, course, found, day_of(course, day))
    look = read_look(files, course.contract.look)
    data = evidence_pdf(evidence, look, language(course.contract.language))
    sound = all(one.sound for one in found)
    say({"number": number, "file": str(out), "sound": sound}, save(out, data))


def _evidence(files: Tree, course: Course, found: tuple[Checked, ...], on: Day) -> "Evidence":
    from q2c.documents.evidencepage import Evidence

    base = f"{contract_path(course.contract.number)}.pdf"
    return Evidence(
        contract=course.contract,
        made_on=on,
        files=tuple(map(_proven, found)),
        events=course.events,
        base=base,
        size=len(files.read(base)),
        signed=course.signed,
    )


def _proven(one: Checked) -> "ProvenFile":
    from q2c.documents.evidencepage import ProvenFile

    reading = one.reading
    return ProvenFile(
        path=one.path,
        sha256=one.sha256,
        wrong=(*one.wrong, *(reading.wrong if reading else ())),
        signatures=tuple(map(_shown, reading.signatures)) if reading else (),
    )


def _shown(found: "Found") -> "Shown":
    from q2c.documents.evidencepage import Shown

    return Shown(
        name=found.holder,
        time=found.stamped or found.claimed,
        stamped_by=found.stamped_by,
        level=found.level,
        issuer=found.issuer,
        begins=found.begins,
        ends=found.ends,
        certificate=found.certificate,
        trust=found.trust,
        covers=found.covers,
        wrong=found.wrong,
    )
