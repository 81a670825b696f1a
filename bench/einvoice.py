"""What an e-invoice costs to write, against lxml building the same elements and nothing else."""

from typing import TypeAlias

from lxml import etree

from bench.measure import Row, warm
from q2c.core.einvoice import Group
from q2c.documents.einvoice import Syntax, einvoice_xml
from tests.eterms import EVERYTHING, LINE

COUNT = 100
LINES = 12
TERMS: Group = {**EVERYTHING, "BG-25": tuple({**LINE, "BT-126": str(n)} for n in range(LINES))}

# An element: its name, attributes, text, and the elements in it.
Plan: TypeAlias = "tuple[str, dict[str, str], str | None, list[Plan]]"


def rows() -> list[Row]:
    """Give the rows on e-invoices."""
    return [_row("ubl", "UBL"), _row("cii", "CII")]


def _row(syntax: Syntax, name: str) -> Row:
    written = einvoice_xml(TERMS, syntax)
    root = etree.fromstring(written)
    plan, spaces = _plan(root), dict(root.nsmap)
    assert _plan(etree.fromstring(_built(plan, spaces))) == plan
    ours = warm(lambda: [einvoice_xml(TERMS, syntax) for _ in range(COUNT)])
    each = min(ours() for _ in range(5)) / COUNT * 1000
    return Row(
        f"{name} of {LINES} lines that say everything ({each:.2f} ms)",
        ours,
        warm(lambda: [_built(plan, spaces) for _ in range(COUNT)]),
        "lxml, the same elements",
        3,
    )


def _plan(element: "etree._Element") -> Plan:
    """Note what an element is made of, so that building it again costs nothing else."""
    text = None if len(element) else element.text
    return element.tag, {**element.attrib}, text, [_plan(child) for child in element]


def _built(plan: Plan, spaces: dict[str | None, str]) -> bytes:
    name, attributes, _, inside = plan
    root = etree.Element(name, attributes, nsmap=spaces)
    for child in inside:
        _add(root, child)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add(parent: "etree._Element", plan: Plan) -> None:
    name, attributes, text, inside = plan
    element = etree.SubElement(parent, name, attributes)
    element.text = text
    for child in inside:
        _add(element, child)
