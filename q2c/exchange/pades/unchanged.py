"""What was added to a PDF before it was signed: signatures alone, or something else."""

import io
from collections.abc import Iterator
from typing import Any

# What a signer may add to the root of a document, to the facts about it, and to its pages.
_ROOT = {"/AcroForm", "/DSS", "/Extensions", "/Version"}
_FACTS = {"/ModDate", "/Producer"}
_PAGE = {"/Annots"}
_FORM = {"/DA", "/DR", "/Fields", "/SigFlags"}
_ACTIONS = {"/A", "/AA"}


def additions(reader: Any, base: int, through: int) -> Iterator[str]:  # noqa: ANN401 - of pyHanko
    """Say what changed from one revision through another, besides signatures and their pictures.

    A signature says that nothing changed after it. What was slipped in between the document that
    was made and the first signature is seen only so: of the objects that were there before, only
    the root, the facts and the annotations of pages may be written anew.
    """
    before, after = (reader.get_historical_resolver(which) for which in (base, through))
    if before.root_ref.idnum != after.root_ref.idnum:
        yield "the document was given another root"
    yield from _rewritten(reader, before, after)
    yield from _structure(before, after)
    yield from _form(after)
    yield from _annotations(before, after)


def _rewritten(reader: Any, before: Any, after: Any) -> Iterator[str]:  # noqa: ANN401 - of pyHanko
    """Say which objects were written anew, and say something else than a signer would."""
    sections = reader.xrefs.explicit_refs_in_revision
    known = {ref.idnum: ref for n in range(before.revision + 1) for ref in sections(n)}
    anew = {
        ref.idnum for n in range(before.revision + 1, after.revision + 1) for ref in sections(n)
    }
    facts, metadata = _number_at(reader.trailer, "/Info"), _number_at(before.root, "/Metadata")
    changeable = {before.root_ref.idnum: _ROOT, facts: _FACTS, **_parts(before)}
    for number in sorted(anew & known.keys() - {metadata}):
        old, new = (where.get_object(known[number]) for where in (before, after))
        allowed = changeable.get(number, _PAGE)
        if _written(old, allowed) != _written(new, allowed):
            yield f"object {number} was changed"


def _parts(before: Any) -> dict[int, set[str]]:  # noqa: ANN401 - of pyHanko
    """Give what of the structure of a tagged document a new field is written into."""
    structure = _at(before.root, "/StructTreeRoot", {})
    whole, numbers = (_number_at(structure, key) for key in ("/K", "/ParentTree"))
    return {whole: {"/K"}, numbers: {"/Nums"}} if structure else {}


def _structure(before: Any, after: Any) -> Iterator[str]:  # noqa: ANN401 - of pyHanko
    """Say where the structure of a tagged document has more than fields of signatures."""
    old, new = (_at(where.root, "/StructTreeRoot", {}) for where in (before, after))
    if not old:
        return
    kids = [list(_at(_at(one, "/K", {}), "/K", ())) for one in (old, new)]
    numbers = [list(_at(_at(one, "/ParentTree", {}), "/Nums", ())) for one in (old, new)]
    for was, now in (kids, numbers):
        if [_bytes(one) for one in now[: len(was)]] != [_bytes(one) for one in was]:
            yield "the structure was changed"
    for part in _each(kids[1][len(kids[0]) :]):
        if set(part) != {"/K", "/P", "/S"} or part["/S"] != "/Form":
            yield "the structure has more than fields of signatures"


def _written(thing: Any, without: set[str]) -> bytes:  # noqa: ANN401 - of pyHanko
    """Write an object without some of its keys; two that say the same are written the same."""
    if not hasattr(thing, "keys"):
        return _bytes(thing)
    keys = sorted(set(thing.keys()) - without)
    content = getattr(thing, "encoded_data", None) or b""
    return b"".join(key.encode() + _bytes(thing.raw_get(key)) for key in keys) + content


def _bytes(thing: Any) -> bytes:  # noqa: ANN401 - of pyHanko
    stream = io.BytesIO()
    thing.write_to_stream(stream, None)
    return stream.getvalue()


def _form(after: Any) -> Iterator[str]:  # noqa: ANN401 - of pyHanko
    """Say which fields other than signatures there are in the form."""
    form = _at(after.root, "/AcroForm", {})
    if extra := sorted(set(form) - _FORM):
        yield f"the form has {', '.join(extra)}"
    if any(not _of_signature(field) for field in _each(_at(form, "/Fields", ()))):
        yield "a field was added that is no signature"


def _annotations(before: Any, after: Any) -> Iterator[str]:  # noqa: ANN401 - of pyHanko
    """Say where annotations were taken away, or added besides those of signatures."""
    for old, new in zip(_pages(before), _pages(after), strict=False):
        was, now = (list(_at(page, "/Annots", ())) for page in (old, new))
        if [_bytes(one) for one in now[: len(was)]] != [_bytes(one) for one in was]:
            yield "an annotation was taken away"
        if any(not _of_signature(one) for one in _each(now[len(was) :])):
            yield "an annotation was added that is no signature"


def _of_signature(field: Any) -> bool:  # noqa: ANN401 - of pyHanko
    return _at(field, "/FT", "") == "/Sig" and _ACTIONS.isdisjoint(field)


def pictures(reader: Any) -> Iterator[tuple[str, int, tuple[float, float, float, float]]]:  # noqa: ANN401 - of pyHanko
    """Give the fields of signatures that show something: name, page and rectangle."""
    for number, page in enumerate(_pages(reader)):
        for field in _each(_at(page, "/Annots", ())):
            left, bottom, right, top = (float(edge) for edge in field["/Rect"])
            if _of_signature(field) and left < right and bottom < top:
                yield str(field.get("/T", "")), number, (left, bottom, right, top)


def _pages(resolver: Any) -> Iterator[Any]:  # noqa: ANN401 - of pyHanko
    """Walk the pages of a document."""
    waiting = [resolver.root["/Pages"]]
    while waiting:
        node = waiting.pop(0)
        if "/Kids" in node:
            waiting = [*_each(node["/Kids"]), *waiting]
        else:
            yield node


def _each(things: Any) -> list[Any]:  # noqa: ANN401 - of pyHanko
    """Give what references lead to."""
    return [one.get_object() for one in things]


def _at(node: Any, key: str, otherwise: Any) -> Any:  # noqa: ANN401 - of pyHanko
    """Give what stands at a key, also where only its number stands there."""
    return node[key] if key in node else otherwise  # noqa: SIM401 - get gives the reference


def _number_at(node: Any, key: str) -> int:  # noqa: ANN401 - of pyHanko
    """Give the number of the object at a key, 0 where there is none."""
    try:
        return int(getattr(node.raw_get(key), "idnum", 0))
    except KeyError:
        return 0
