"""Mistakes: everything in a document that does not fit its record type, at its place."""

import re
from collections.abc import Iterable, Iterator

from msgspec import inspect

from q2c.core.fault import Fault
from q2c.store.dialect import Document, Path, Tree, typed
from q2c.store.forms import MANY, Form, bare, fields_of, suited
from q2c.store.plaintext import shown
from q2c.store.scalars import near, wrong

_ID = re.compile(r"[\w-]{1,64}")


def mistakes(document: Document, form: Form) -> Iterator[Fault]:
    """Go through a document and yield every mistake in it."""
    if document.value is None:
        remedy = "Write its keys, or remove the file."
        yield Fault("not-a-mapping", "The file is empty.", document.place(), remedy)
    else:
        yield from _look(document, document.value, form, ())


def spoken(root: Tree, path: Path) -> str:
    """Name a value as a person would: a list item by its id, else by its number from 1."""
    names, tree = [], root
    for key in path:
        tree = tree[key]
        names.append(_called(key, tree))
    return ".".join(names) or "The file"


def _called(key: str | int, tree: Tree) -> str:
    if isinstance(key, str):
        return shown(key)
    named = tree.get("id") if isinstance(tree, dict) else None
    return named if isinstance(named, str) and _ID.fullmatch(named) else f"#{key + 1}"


def _look(document: Document, tree: Tree, form: Form, path: Path) -> Iterator[Fault]:
    """Yield what is wrong with a value and with all below it."""
    form = suited(tree, form)
    inner = bare(form)
    if tree is None and not isinstance(inner, inspect.NoneType | inspect.AnyType):
        message = f"{spoken(document.value, path)} has no value."
        remedy = "Write one, or take the line away."
        yield Fault("empty-value", message, document.key_place(path), remedy)
    elif isinstance(inner, inspect.StructType):
        yield from _record(document, tree, inner, path)
    elif isinstance(inner, inspect.DictType):
        yield from _mapping(document, tree, inner, path)
    elif isinstance(inner, MANY):
        yield from _list(document, tree, inner, path)
    else:
        written = document.words.get(path, tree if isinstance(tree, str) else "")
        unfit = wrong(tree, written, form, spoken(document.value, path))
        if unfit:
            yield Fault(unfit.code, unfit.message, document.place(path), unfit.remedy)


def _record(
    document: Document, tree: Tree, record: inspect.StructType, path: Path
) -> Iterator[Fault]:
    if type(tree) is not dict:
        yield _not_a_mapping(document, path)
        return
    fields = fields_of(record)
    known, tag = [*fields], record.tag_field
    needed = [key for key, field in fields.items() if field.required]
    if tag is not None:
        known, needed = [tag, *known], [tag, *needed]
        if tree.get(tag, record.tag) != record.tag:
            message = (
                f'{spoken(document.value, path)} is of no known {tag} "{shown(str(tree[tag]))}".'
            )
            remedy = f"Write  {tag}: {record.tag}"
            yield Fault("not-one-of", message, document.place((*path, tag)), remedy)
    for key, value in tree.items():
        if key in fields:
            yield from _look(document, value, fields[key].type, (*path, key))
        elif key not in known:
            yield _unknown_key(document, key, known, path)
    for key in needed:
        if key not in tree:
            message = f'{spoken(document.value, path)} lacks the key "{key}".'
            yield Fault("missing-key", message, document.place(path), f"Add  {key}: …")


def _unknown_key(document: Document, key: str, known: Iterable[str], path: Path) -> Fault:
    message = f'{spoken(document.value, path)} has no key "{shown(key)}".'
    remedy = near(key, known, f"Its keys are {', '.join(known)}.")
    return Fault("unknown-key", message, document.key_place((*path, key)), remedy)


def _not_a_mapping(document: Document, path: Path) -> Fault:
    message = f"{spoken(document.value, path)} must have keys, each with its value."
    return Fault("not-a-mapping", message, document.place(path), "Write  key: value")


def _mapping(
    document: Document, tree: Tree, mapping: inspect.DictType, path: Path
) -> Iterator[Fault]:
    if type(tree) is not dict:
        yield _not_a_mapping(document, path)
        return
    yield from _size(document, tree, mapping, path)
    name = spoken(document.value, path)
    for key, value in tree.items():
        below = (*path, key)
        unfit = wrong(_read_key(key), key, mapping.key_type, f"A key of {name}")
        if unfit:
            place = document.key_place(below)
            yield Fault(unfit.code, unfit.message, place, unfit.remedy)
        yield from _look(document, value, mapping.value_type, below)


def _read_key(key: str) -> Tree:
    """Read a key as a value is read, so that a day can be a key."""
    try:
        return typed(key)
    except ValueError:
        return key


def _list(document: Document, tree: Tree, many: Form, path: Path) -> Iterator[Fault]:
    assert isinstance(many, MANY)
    if type(tree) is not list:
        message = f"{spoken(document.value, path)} must be a list."
        remedy = "Write each item below the key, behind a dash, or all of them in [ ]."
        yield Fault("not-a-list", message, document.place(path), remedy)
        return
    yield from _size(document, tree, many, path)
    for number, value in enumerate(tree):
        yield from _look(document, value, many.item_type, (*path, number))


def _size(document: Document, tree: Tree, form: Form, path: Path) -> Iterator[Fault]:
    """Yield that a list or mapping has too few or too many items, if it has."""
    assert isinstance(form, (*MANY, inspect.DictType))
    said, place = f"{spoken(document.value, path)} has {len(tree)} items", document.place(path)
    if form.min_length is not None and len(tree) < form.min_length:
        message = f"{said} and needs at least {form.min_length}."
        yield Fault("too-few", message, place, "Add what is missing.")
    if form.max_length is not None and len(tree) > form.max_length:
        message = f"{said}; at most {form.max_length} go there."
        yield Fault("too-many", message, place, "Take some away.")
