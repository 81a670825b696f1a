"""Our dialect of YAML: the text of a file to plain values, each with its place."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn
from unicodedata import normalize

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Place
from q2c.store.calm import calm
from q2c.store.plaintext import LARGEST, MOST_FAULTS, plain, shown, unseen, unseen_fault
from q2c.store.syntax import syntax_fault

Scalar = str | int | Decimal | bool | date | None
Tree = Any  # a Scalar, a list of trees, or a dict of text to trees
Event = Any  # what the parser gives has no types
Path = tuple[str | int, ...]
Spot = tuple[int, int, int, int]  # line and column from 1; first character and the one behind

DEEPEST = 32
LONGEST = 10_000
MOST_VALUES = 300_000
_WIDEST = 200
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,12})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MINUS_NOTHING = re.compile(r"-0(?:\.0+)?")
_WORDS: dict[str, bool | None] = {"": None, "null": None, "true": True, "false": False}


class Document(Struct, frozen=True):
    """A file that was read: its values, and where each of them and of their keys stands.

    `words` keeps what was written where a number, date or `true` was read, so that a
    field of text gets it as written. `faults` are those that leave the tree usable.
    """

    file: str
    text: str
    value: Tree
    places: dict[Path, Spot]
    keys: dict[Path, Spot]
    words: dict[Path, str]
    faults: tuple[Fault, ...] = ()

    def place(self, path: Path = ()) -> Place:
        """Find where a value stands; for one that is not there, its nearest parent."""
        while path not in self.places and path:
            path = path[:-1]
        spot = self.places.get(path)
        return _placed(self.file, self.text, spot) if spot else Place(self.file)

    def key_place(self, path: Path) -> Place:
        """Find where the key of a value stands; a list item has none and is its own."""
        if path in self.keys:
            return _placed(self.file, self.text, self.keys[path])
        return self.place(path)


def parse(data: bytes, name: str, largest: int = LARGEST) -> Document:
    """Read a file of our dialect, or refuse it with everything that is wrong with it."""
    document = scan(data, name, largest)
    if document.faults:
        raise Invalid(*document.faults)
    return document


def scan(data: bytes, name: str, largest: int = LARGEST) -> Document:
    """Read a file as far as it goes: faults that leave its tree whole are kept beside it."""
    with calm():
        return _Reader(name, plain(data, name, largest)).read()


def typed(text: str) -> Scalar:
    """Read what stands without quotes; an impossible date raises `ValueError`."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "-0123456789":
        return text
    if NUMBER.fullmatch(text) and not _MINUS_NOTHING.fullmatch(text):
        return Decimal(text) if "." in text else int(text)
    return date.fromisoformat(text) if _DATE.fullmatch(text) else text


def _placed(file: str, text: str, spot: Spot) -> Place:
    line, column, first, last = spot
    marked = text[first : min(last, first + _WIDEST)].split("\n", 1)[0].rstrip()
    return Place(file, line, column, max(len(marked), 1))


def _spot(event: Event) -> Spot:
    start = event.start_mark
    return (start.line + 1, start.column + 1, start.index, event.end_mark.index)


class _Level:
    """A mapping or list that is being read; `key` is the one whose value comes next."""

    __slots__ = ("key", "path", "values")

    def __init__(self, path: Path, values: Tree) -> None:
        self.path = path
        self.values = values
        self.key: str | int | None = None

    def awaits_key(self) -> bool:
        """Say whether what comes next is a key."""
        return self.key is None and type(self.values) is dict


class _Reader:
    """Builds the tree from the parser's events, so that nothing bad is ever built."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.root: Tree = None
        self.documents = 0
        self.levels: list[_Level] = []
        self.places: dict[Path, Spot] = {}
        self.keys: dict[Path, Spot] = {}
        self.words: dict[Path, str] = {}
        self.faults: list[Fault] = []
        self.take: dict[str, Callable[[Event], None]] = {
            "ScalarEvent": self._scalar,
            "MappingStartEvent": lambda event: self._begin(event, {}),
            "SequenceStartEvent": lambda event: self._begin(event, []),
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "AliasEvent": self._alias,
            "DocumentStartEvent": self._document,
        }

    def read(self) -> Document:
        """Take every event in turn."""
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for event in yaml.parse(self.text, Loader=loader):
                take = self.take.get(type(event).__name__)
                if take:
                    take(event)
        except yaml.YAMLError as error:
            self._stop(syntax_fault(error, self.text, self.file))
        return Document(
            file=self.file,
            text=self.text,
            value=self.root,
            places=self.places,
            keys=self.keys,
            words=self.words,
            faults=tuple(self.faults),
        )

    def _document(self, event: Event) -> None:
        self.documents += 1
        if self.documents > 1:
            message = "A second document begins here; a file holds one."
            remedy = "Take the line away, or move what follows to a file of its own."
            self._stop(Fault("many-documents", message, self._place(event), remedy))
        if event.tags:
            self._fault("type-tag", event, "Types are not named here.", "Take the %TAG line away.")

    def _scalar(self, event: Event) -> None:
        text = self._text(event)
        if event.anchor is not None or event.tag is not None:
            self._named(event)
        level = self.levels[-1] if self.levels else None
        if level is not None and level.awaits_key():
            self._key(level, event, text)
            return
        quoted = event.style or event.tag is not None
        value = text if quoted else self._typed(event, text)
        path = self._put(event, value)
        if value is not text:
            self.words[path] = text

    def _text(self, event: Event) -> str:
        text: str = event.value
        if len(text) > LONGEST:
            message = f"The text has {len(text):,} characters; at most {LONGEST:,} are read."
            self._fault("too-long", event, message, "Shorten it, or keep it in a file of its own.")
        elif not text.isprintable():
            hidden = ((line, unseen(line)) for line in text.split("\n"))
            char = next((line[column] for line, column in hidden if column >= 0), "")
            if char:
                self._add(unseen_fault(char, self._place(event)))
        return text if text.isascii() else normalize("NFC", text)

    def _typed(self, event: Event, text: str) -> Scalar:
        try:
            return typed(text)
        except ValueError:
            message = f"There is no day {text}."
            remedy = "Write a day of the calendar, year first; a text goes in quotes."
            self._fault("bad-date", event, message, remedy)
            return text

    def _key(self, level: _Level, event: Event, text: str) -> None:
        path: Path = (*level.path, text)
        if text == "<<" and not event.style:
            message = "A merge key would copy another mapping; that is not used here."
            self._fault("merge-key", event, message, "Write the values themselves.")
        elif not text:
            self._fault("bad-key", event, "The key is empty.", "Write a key before the colon.")
        elif path in self.keys:
            message = f'The key "{shown(text)}" stands here and on line {self.keys[path][0]}.'
            self._fault("duplicate-key", event, message, "Keep one of the two.")
            # What stands below it is kept apart from what stands below the first.
            path = (*level.path, f"{text}\0{len(self.keys)}")
        elif text.isdecimal() and self._after_comma(event):
            message = "A comma stands in the middle of a number, and divides values here."
            remedy = "Write a dot before decimals, and nothing between thousands."
            self._fault("comma-in-number", event, message, remedy)
        level.key = path[-1]
        self.keys[path] = _spot(event)

    def _after_comma(self, event: Event) -> bool:
        first = event.start_mark.index
        return self.text[first - 1 : first] == "," and self.text[first - 2 : first - 1].isdecimal()

    def _begin(self, event: Event, values: Tree) -> None:
        if event.anchor is not None or event.tag is not None:
            self._named(event)
        if len(self.levels) >= DEEPEST:
            message = f"Lists and mappings are nested more than {DEEPEST} deep here."
            place = Place(self.file, *_spot(event)[:2])
            self._stop(Fault("too-deep", message, place, "Nothing q2c reads is nested so deep."))
        path = self._put(event, values)
        self.levels.append(_Level(path, values))

    def _end(self, event: Event) -> None:
        path = self.levels.pop().path
        line, column, first, _ = self.places[path]
        self.places[path] = (line, column, first, event.end_mark.index)

    def _put(self, event: Event, value: Tree) -> Path:
        """Give a value its place in the tree and its path."""
        path: Path = ()
        if not self.levels:
            self.root = value
        else:
            level = self.levels[-1]
            if type(level.values) is list:
                path = (*level.path, len(level.values))
                level.values.append(value)
            elif level.key is not None:
                path = (*level.path, level.key)
                level.values[level.key] = value
                level.key = None
            else:
                message = "A key is one piece of text, not a list or a mapping."
                remedy = "Quote what begins with [ or {, or write a plain key."
                self._stop(Fault("bad-key", message, self._place(event), remedy))
        self.places[path] = _spot(event)
        if len(self.places) > MOST_VALUES:
            message = f"The file has more than {MOST_VALUES:,} values."
            place = Place(self.file, *_spot(event)[:2])
            self._stop(Fault("too-large", message, place, "Divide it into several files."))
        return path

    def _alias(self, event: Event) -> None:
        message = f"*{event.anchor} would stand for another value; that is not used here."
        remedy = "Write the value itself; a text that begins with * goes in quotes."
        self._fault("named-value", event, message, remedy)
        if self.levels and self.levels[-1].awaits_key():
            raise Invalid(*self.faults)
        self._put(event, f"*{event.anchor}")

    def _named(self, event: Event) -> None:
        if event.anchor is not None:
            message = f"&{event.anchor} would name a value for later; that is not used here."
            remedy = "Take it away; a text that begins with & goes in quotes."
            self._fault("named-value", event, message, remedy)
        if event.tag is not None:
            message = "A value that begins with ! would name a type; types are not named here."
            remedy = "Take it away; a text that begins with ! goes in quotes."
            self._fault("type-tag", event, message, remedy)

    def _place(self, event: Event) -> Place:
        return _placed(self.file, self.text, _spot(event))

    def _fault(self, code: str, event: Event, message: str, remedy: str) -> None:
        self._add(Fault(code, message, self._place(event), remedy))

    def _add(self, fault: Fault) -> None:
        """Note a fault and read on, unless there are too many to be of use."""
        self.faults.append(fault)
        if len(self.faults) >= MOST_FAULTS:
            raise Invalid(*self.faults)

    def _stop(self, fault: Fault) -> NoReturn:
        raise Invalid(*self.faults, fault) from None
