"""Fields that wait for signatures, as parts of a document that readers of every kind can find."""

from collections.abc import Mapping
from typing import Any

from q2c.exchange.pades.places import Box


def add_fields(writer: Any, places: Mapping[str, Box]) -> None:  # noqa: ANN401 - of pyHanko
    """Add the fields that are not there yet, each empty, at its place.

    All are added before the first signature, so that a later one only fills its field. Where the
    document is tagged, each is a form of its own in it (ISO 14289-1, 7.18.4).
    """
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field, enumerate_sig_fields

    known = {name for name, _, _ in enumerate_sig_fields(writer)}
    for name, box in places.items():
        if name not in known:
            corners = (round(box.left), round(box.bottom), round(box.right), round(box.top))
            spec = SigFieldSpec(name, on_page=box.page, box=corners, readable_field_name=name)
            append_signature_field(writer, spec)
    if "/StructTreeRoot" in writer.root:
        for name, _, field in enumerate_sig_fields(writer):
            if name in places.keys() - known:
                _tag(writer, field)


def _tag(writer: Any, field: Any) -> None:  # noqa: ANN401 - of pyHanko
    """Make a field a part of the document, after all others."""
    from pyhanko.pdf_utils import generic

    named = generic.pdf_name
    dictionary: Any = generic.DictionaryObject
    numbered: Any = generic.NumberObject
    structure = writer.root["/StructTreeRoot"]
    whole, numbers = structure["/K"], structure["/ParentTree"]["/Nums"]
    widget = field.get_object()
    seen = {"/Type": named("/OBJR"), "/Obj": field, "/Pg": widget.raw_get("/P")}
    part = {
        "/S": named("/Form"),
        "/P": structure.raw_get("/K"),
        "/K": dictionary({named(key): value for key, value in seen.items()}),
    }
    made = writer.add_object(dictionary({named(key): value for key, value in part.items()}))
    number = numbered(numbers[-2] + 1)
    whole["/K"].append(made)
    numbers.extend((number, made))
    widget[named("/StructParent")] = number
    writer.mark_update(field)
    for changed in (whole, structure["/ParentTree"]):
        writer.update_container(changed)
