"""Templates kept on a short lead: they print, choose and repeat, and can do nothing else.

A template cannot call, count or keep anything, so the most it can do is to write too much or to
go on too long, and that is stopped too: every turn of a loop and every part that a filter works
on is a step, and there are only so many. Imported only where a template is filled: Jinja is heavy.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from difflib import get_close_matches
from functools import wraps
from types import CodeType
from typing import Any, Final, NoReturn

from jinja2 import (
    StrictUndefined,
    TemplateRuntimeError,
    TemplateSyntaxError,
    Undefined,
    UndefinedError,
    nodes,
)
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from q2c.core.fault import Fault, Invalid, Place
from q2c.documents.flow import escaped

LONGEST_TEMPLATE: Final = 200_000
LONGEST_TEXT: Final = 1_000_000
MOST_PARTS: Final = 20_000
MOST_STEPS: Final = 2_000_000
DEEPEST_LOOP: Final = 2
_NODES: Final = frozenset(
    "Template Output TemplateData Name Const Getattr Getitem If For Filter Test Keyword "
    "Compare Operand And Or Not CondExpr".split()
)
_TOO_DEEP: Final = "This is nested too deep."
_TURNS: Final = " turns"  # a name that no template can write
_FILTERS: Final = (
    "capitalize count default first last length list lower map reject rejectattr select "
    "selectattr title trim unique upper"
).split()


class Endless(TemplateRuntimeError):  # noqa: N818 - it ends as a fault in words
    """Says that a template has had its steps."""


class Environment(ImmutableSandboxedEnvironment):
    """A Jinja without functions, that looks into a mapping by its keys alone."""

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined,
            autoescape=True,
            finalize=_shown,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.globals.clear()
        self.steps = 0
        kept: dict[str, Callable[..., Any]] = {name: self.filters[name] for name in _FILTERS}
        kept = {name: self._paid(act) for name, act in {**kept, "join": _joined}.items()}
        self.filters = {**kept, _TURNS: self._turns}

    def getattr(self, obj: object, attribute: str) -> object:
        """Look a name up: in a mapping among its keys, so that `items` is no method."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext | Undefined):
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: object, argument: object) -> object:
        """Look up a name or a place in a list; nothing else has parts."""
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, list) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.undefined(obj=obj, name=str(argument))

    def _spend(self, steps: int) -> None:
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise Endless(f"it takes more than {MOST_STEPS:,} steps")

    def _turns(self, value: Any, weight: int) -> list[Any]:  # noqa: ANN401 - what is repeated
        """Give what a loop is over; each turn takes as many steps as there are parts in it."""
        if isinstance(value, str):
            raise TypeError("a text has no parts to repeat")
        return list(self._counted(value, weight))

    def _counted(self, value: Iterable[Any], weight: int = 1) -> Iterator[Any]:
        for part in value:
            self._spend(weight)
            yield part

    def _paid(self, act: Callable[..., Any]) -> Callable[..., Any]:
        """Give a filter that takes steps for what it works on."""
        at = 1 if hasattr(act, "jinja_pass_arg") else 0

        @wraps(act)
        def paid(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - as the filter has it
            value = given[at]
            self._spend(1 + (len(value) if isinstance(value, Sized) else 0))
            if isinstance(value, Iterator):
                value = self._counted(value)
            return act(*given[:at], value, *given[at + 1 :], **named)

        return paid


def _shown(value: object) -> object:
    """Print a value so that Markdown shows it as it stands."""
    if isinstance(value, Markup | Undefined):
        return value
    if isinstance(value, str | int):
        return Markup(escaped(str(value)))  # noqa: S704 - this is where it is escaped
    raise TypeError("only a text or a number can be printed")


def _joined(texts: Iterable[Any], between: str = ", ", attribute: str = "") -> str:
    """Join texts, or one entry of each of some mappings."""
    parts = [str(text[attribute] if attribute else text) for text in texts]
    if sum(map(len, parts)) + len(between) * len(parts) > LONGEST_TEXT:
        raise ValueError("the text is too long")
    return between.join(parts)


def read_template(text: str, name: str) -> None:
    """Read a template without filling it; refuse what is none, and what one may not do."""
    _compiled(Environment(), text, name)


def filled(text: str, values: Mapping[str, Any], name: str) -> str:
    """Fill a template that stands in a file of that name.

    Refuses a variable that is not there, what is no template and what one may not do.
    """
    environment = Environment()
    tree, code = _compiled(environment, text, name)
    try:
        made = environment.template_class.from_code(environment, code, {})
        return _written(made.generate(values), name)
    except UndefinedError as error:
        raise Invalid(_unknown(error, tree, text, values, name)) from None
    except (RecursionError, MemoryError):
        _refuse("template-syntax", _TOO_DEEP, name)
    except Endless as error:
        message = f"This does not come to an end: {error}."
        _refuse("template-too-long", message, name, _line_of(error, name))
    except (TemplateRuntimeError, TypeError, ValueError, LookupError) as error:
        _refuse("template-value", _not_worked_out(error), name, _line_of(error, name))


def _compiled(environment: Environment, text: str, name: str) -> tuple[nodes.Template, CodeType]:
    """Read a template, and make it ready to be filled."""
    if len(text) > LONGEST_TEMPLATE:
        _refuse("template-too-long", f"A template has at most {LONGEST_TEMPLATE:,} letters.", name)
    try:
        tree = environment.parse(text, name, name)
        _check(tree, name)
        _count(tree)
        return tree, environment.compile(tree, name, name)
    except TemplateSyntaxError as error:
        message = (error.message or "this cannot be read").rstrip(".")
        _refuse("template-syntax", f"{message[:1].upper()}{message[1:]}.", name, error.lineno)
    except (RecursionError, MemoryError, SyntaxError):  # Python has read it, and gave up
        _refuse("template-syntax", _TOO_DEEP, name)
    except ValueError as error:  # a number with more digits than Python reads
        _refuse("template-value", _not_worked_out(error), name)


def _not_worked_out(error: Exception) -> str:
    return f"This cannot be worked out: {str(error).rstrip('.')}."


def _check(tree: nodes.Template, name: str) -> None:
    """Refuse what a template may not do, by the kind of each of its parts."""
    for place, node in enumerate(_inside(tree)):
        if place > MOST_PARTS:
            _refuse("template-too-long", f"A template has at most {MOST_PARTS:,} parts.", name)
        kind = type(node).__name__
        if kind not in _NODES or (isinstance(node, nodes.For) and node.recursive):
            message = f"A template prints, chooses and repeats, and does nothing else ({kind})."
            _refuse("template-forbidden", message, name, node.lineno or 1)
    if _depth(tree) > DEEPEST_LOOP:
        _refuse("template-forbidden", f"Loops stand at most {DEEPEST_LOOP} deep.", name)


def _count(tree: nodes.Template) -> None:
    """Let every loop take steps for each of its turns."""
    for loop in tree.find_all(nodes.For):
        weight = nodes.Const(sum(1 for _ in _inside(loop)))
        loop.iter = nodes.Filter(loop.iter, _TURNS, [weight], [], None, None, lineno=loop.lineno)


def _inside(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _inside(child)


def _depth(node: nodes.Node) -> int:
    """Count how deep loops stand in each other."""
    below = max(map(_depth, node.iter_child_nodes()), default=0)
    return below + isinstance(node, nodes.For)


def _written(parts: Iterable[str], name: str) -> str:
    written, size = [], 0
    for part in parts:
        size += len(part)
        if size > LONGEST_TEXT:
            _refuse("template-too-long", f"It writes more than {LONGEST_TEXT:,} letters.", name)
        written.append(part)
    return "".join(written)


def _unknown(
    error: UndefinedError, tree: nodes.Template, text: str, values: Mapping[str, Any], name: str
) -> Fault:
    """Name the variable that is not there, and one that is alike."""
    line = _line_of(error, name)
    known = _known(values)
    asked = (path for path in _variables(tree, line) if path not in known)
    told = re.findall("'([^']*)'", str(error))
    full = next((path for path in asked if _last(path) in told), told[-1] if told else "…")
    at = text.splitlines()[line - 1].find(_last(full))
    before = len(full) - len(_last(full))
    place = Place(name, line, max(at - before, 0) + 1, max(len(full), 1))
    message = f"There is no '{full}' to put into this template."
    close = get_close_matches(full, known, 1)
    remedy = f"Did you mean {close[0]}?" if close else f"There are {', '.join(known)}."
    return Fault("template-variable", message, place, remedy)


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _variables(tree: nodes.Template, line: int) -> Iterator[str]:
    """Write out the variables that a line asks for: `buyer.name`."""
    for node in _inside(tree):
        if node.lineno == line and isinstance(node, nodes.Getattr | nodes.Name):
            yield _path(node)


def _path(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_path(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem):
        return f"{_path(node.node)}[]"
    return node.name if isinstance(node, nodes.Name) else "()"


def _known(values: Mapping[str, Any]) -> Sequence[str]:
    """Name everything that a template may print."""
    return [
        f"{group}.{key}" if key else group
        for group, inside in values.items()
        for key in (inside if isinstance(inside, Mapping) else [""])
    ]


def _line_of(error: BaseException, name: str) -> int:
    """Find the line of the template in which something went wrong."""
    trace, line = error.__traceback__, 1
    while trace:
        if trace.tb_frame.f_code.co_filename == name:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


_REMEDIES: Final = {
    "template-too-long": "Shorten it, or take a repetition out.",
    "template-syntax": "Close every {{ with }} and every {% with %}, each if and for with its end.",
    "template-forbidden": "Print values with {{ }}, choose with if, repeat with for.",
    "template-value": "Compare and join like with like: a number with a number, texts with texts.",
}


def _refuse(code: str, message: str, name: str, line: int = 1) -> NoReturn:
    raise Invalid(Fault(code, message, Place(name, line), _REMEDIES[code])) from None
