"""Forms: what a record type says stands where, and plain values brought into it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache

from msgspec import inspect

from q2c.core.trace import Sourced, noted
from q2c.store.dialect import Document, Path, Tree

Form = inspect.Type
Marks = dict[str, tuple[int, int]]
MANY = (
    inspect.ListType,
    inspect.VarTupleType,
    inspect.SetType,
    inspect.FrozenSetType,
)
_WORDED = (inspect.StrType, inspect.LiteralType)
_KINDS: dict[type, tuple[type[Form], ...]] = {
    dict: (inspect.StructType, inspect.DictType),
    list: MANY,
    type(None): (inspect.NoneType,),
    bool: (inspect.BoolType, *_WORDED),
    int: (inspect.IntType, inspect.DecimalType, *_WORDED),
    Decimal: (inspect.DecimalType, *_WORDED),
    date: (inspect.DateType, *_WORDED),
    str: _WORDED,
}


@cache
def form_of(kind: type) -> Form:
    """Give the form of a record type."""
    return inspect.type_info(kind)


def bare(form: Form) -> Form:
    """Give a form without what is said about it."""
    while isinstance(form, inspect.Metadata):
        form = form.type
    return form


def suited(tree: Tree, form: Form) -> Form:
    """Choose among alternatives the one that a value is meant for; the first if none is."""
    union = bare(form)
    if not isinstance(union, inspect.UnionType):
        return form
    for kind in _KINDS[type(tree)]:
        fitting = [member for member in union.types if isinstance(bare(member), kind)]
        if fitting:
            return next((one for one in fitting if _tagged(tree, bare(one))), fitting[0])
    return next(one for one in union.types if not isinstance(bare(one), inspect.NoneType))


def _tagged(tree: Tree, form: Form) -> bool:
    """Say whether a mapping names this form by its tag."""
    if not isinstance(form, inspect.StructType) or form.tag_field is None:
        return False
    return bool(tree.get(form.tag_field) == form.tag)


def fields_of(form: inspect.StructType) -> dict[str, inspect.Field]:
    """Give what a person may write in a record, by key."""
    ours = Sourced.__struct_fields__ if issubclass(form.cls, Sourced) else ()
    return {field.encode_name: field for field in form.fields if field.name not in ours}


class Shaper:
    """Brings a document into a form: texts as written, numbers exact, places noted.

    Afterwards `doubtful` says that something in it is wrong that the form's type lets pass.
    """

    def __init__(self, document: Document) -> None:
        self.doubtful = False
        self._document = document
        self._fields: dict[type, dict[str, inspect.Field]] = {}
        self._shapes: dict[type[Form], Callable[..., Tree]] = {
            inspect.StructType: self._struct,
            inspect.DictType: self._mapping,
            inspect.DecimalType: _decimal,
            inspect.StrType: self._text,
            inspect.LiteralType: self._word,
            **dict.fromkeys(MANY, self._list),
        }

    def shape(self, form: Form) -> Tree:
        """Bring the whole document into a form."""
        return self._shape(self._document.value, form, (), {}, "")

    def _shape(self, tree: Tree, form: Form, path: Path, marks: Marks, at: str) -> Tree:
        """Bring one value into a form; `at` is its path below the record of `marks`."""
        spot = self._document.places.get(path)
        if spot is not None:
            marks[at] = spot[:2]
        inner = bare(suited(tree, form))
        shape = self._shapes.get(type(inner))
        return tree if shape is None or tree is None else shape(tree, inner, path, marks, at)

    def _struct(
        self, tree: Tree, form: inspect.StructType, path: Path, marks: Marks, at: str
    ) -> Tree:
        if type(tree) is not dict:
            return tree
        fields = self._fields.get(form.cls)
        if fields is None:
            fields = self._fields[form.cls] = fields_of(form)
        own = issubclass(form.cls, Sourced)
        if own:
            marks, at = {"": marks[at]}, ""
        shaped = {}
        for key, value in tree.items():
            field, below = fields.get(key), f"{at}.{key}" if at else key
            shaped[key] = (
                self._shape(value, field.type, (*path, key), marks, below) if field else value
            )
        if own:
            self.doubtful |= "file" in tree or "places" in tree
            shaped["file"], shaped["places"] = self._document.file, noted(marks)
        return shaped

    def _mapping(
        self, tree: Tree, form: inspect.DictType, path: Path, marks: Marks, at: str
    ) -> Tree:
        if type(tree) is not dict:
            return tree
        dated = isinstance(bare(form.key_type), inspect.DateType)
        return {
            _dated(key) if dated else key: self._shape(
                value, form.value_type, (*path, key), marks, f"{at}.{key}" if at else key
            )
            for key, value in tree.items()
        }

    def _list(self, tree: Tree, form: inspect.ListType, path: Path, marks: Marks, at: str) -> Tree:
        if type(tree) is not list:
            return tree
        return [
            self._shape(
                value,
                form.item_type,
                (*path, number),
                marks,
                f"{at}.{number}" if at else f"{number}",
            )
            for number, value in enumerate(tree)
        ]

    def _text(self, tree: Tree, form: inspect.StrType, path: Path, *_: object) -> Tree:
        text = self._document.words.get(path, tree)
        # A pattern that ends in $ lets a line break behind it pass.
        self.doubtful |= form.pattern is not None and type(text) is str and "\n" in text
        return text

    def _word(self, tree: Tree, _form: Form, path: Path, *_: object) -> Tree:
        return self._document.words.get(path, tree)


def _decimal(tree: Tree, *_: object) -> Tree:
    return Decimal(tree) if type(tree) is int else tree


def _dated(key: str) -> date | str:
    """Read a key that is a day; anything else is left for the type to refuse."""
    try:
        return date.fromisoformat(key) if len(key) == len("2026-01-31") else key
    except ValueError:
        return key
