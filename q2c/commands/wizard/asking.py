"""Questions on a terminal: a text, a search, one of several, several of many; Esc goes back."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from q2c.commands.visible import cut, padded, visible, width, wrapped
from q2c.commands.wizard.searching import Choice, found, scattered

T = TypeVar("T")
Check = Callable[[str], bool | str]  # true, or what is wrong
Message = str | Callable[[str], str]  # what is asked, or how it reads once something is typed
NARROWEST = 40
POINTER = 8  # columns that a menu takes before the words of a choice
HOW = re.compile(r" \((Enter|as |-|0)[^)]*\)")  # how to answer, which is no part of the question
NOTHING = "-"  # what is shown for an empty answer, and typed to take away what was said
TICKS = "(space ticks, Enter goes on)"


class Back(Exception):  # noqa: N818 - an answer, not an error
    """The question before is to be asked again."""


def in_turn(
    state: T,
    questions: Sequence[Callable[[T], T | None]],
    *,
    answered: int = 0,
    last: bool = False,
) -> T:
    """Ask questions one after another; Esc goes back to the one before, with its answer kept.

    Begins behind those `answered` before, or with the `last` where all were. A question that
    gives nothing was not asked, and is passed in either direction. Esc at the first goes back
    further, to whoever called.
    """
    place, step = (len(questions) - 1, -1) if last else (answered, 1)
    while place < len(questions):
        try:
            answer = questions[place](state) if place >= 0 else None
        except Back:
            place, step = place - 1, -1
            continue
        if place < 0:
            raise Back
        if answer is not None:
            state, step = answer, 1
        place += step
    return state


def typed(message: Message, usual: str = "", check: Check | None = None) -> str:
    """Let a text be typed; an empty answer is the usual one, which is shown."""

    def right(text: str) -> bool | str:
        return check is None or check(text.strip() or usual)

    def asked(text: str) -> str:
        words = message if isinstance(message, str) else message(text.strip() or usual)
        return f"{words} [{usual}]" if usual else words

    said = _line(asked, right).strip() or usual
    _answered(message if isinstance(message, str) else message(said), said)
    return said


def searched(
    message: str, choices: Sequence[Choice], *, empty: bool, more: Choice | None, other: str = ""
) -> str:
    """Let one be searched for; give its id, or nothing for an empty answer.

    `more` is offered below all that is found. With `other`, which is said then, a text that
    finds nothing is an answer the second time, as is one that finds only something far-fetched.
    """
    known = {choice.id: choice for choice in choices}
    doubted: list[str] = []

    def right(text: str) -> bool | str:
        if not text.strip():
            return empty or "Type a part of the name; the down arrow shows all."
        hits = found(text, choices)
        if text.strip() in known or (more and text.strip() == more.id) or text in doubted:
            return True
        if other and (not hits or scattered(text, hits[0])):
            doubted.append(text)
            return f"Enter once more takes {hits[0].name}." if hits else other
        return bool(hits) or "Nothing is called so."

    text = _line(lambda _: message, right, _completer(choices, more)).strip()
    if not text or (more and text == more.id) or not found(text, choices):
        return text
    best = known.get(text) or found(text, choices)[0]
    _answered(message, best.name)
    return best.id


def chosen(
    message: str, choices: Sequence[Choice], usual: str = "", *, silent: bool = False
) -> str:
    """Let one of several be chosen by arrow keys; give its id.

    What is a way to go on, and no answer, is `silent`: it leaves no word on the screen.
    """
    import questionary

    titles = [questionary.Choice(title, one.id) for one, title in _titled(choices)]
    question = questionary.select(
        laid(message),
        titles,
        default=usual or None,
        qmark="",
        instruction=" ",
        use_jk_keys=False,
        **_terminal(),
    )
    said: str = _answer(question)
    if not silent:
        _answered(message, next(one.name for one in choices if one.id == said))
    return said


def ticked(
    message: str,
    choices: Sequence[Choice],
    usual: Iterable[str],
    check: Callable[[list[str]], bool | str],
) -> tuple[str, ...]:
    """Let several be ticked with the space bar; give their ids in the order of the choices."""
    import questionary

    before = set(usual)
    titles = [
        questionary.Choice(title, one.id, checked=one.id in before)
        for one, title in _titled(choices)
    ]
    question = questionary.checkbox(
        laid(f"{message} {TICKS}"),
        titles,
        validate=check,
        qmark="",
        instruction=" ",
        use_jk_keys=False,
        **_terminal(),
    )
    said: list[str] = _answer(question)
    _answered(message, ", ".join(one.name for one in choices if one.id in said) or "none")
    return tuple(said)


def tell(sentence: str) -> None:
    """Tell a person something between two questions, no wider than the terminal.

    It is part of the talk, so that --quiet does not leave it out.
    """
    sys.stderr.write(f" {laid(sentence)}\n")


def _answered(message: str, answer: str) -> None:
    """Leave the question with its answer on the screen; what stood above it is drawn anew."""
    question = HOW.sub("", message.rpartition("\n")[2])
    sign = "" if question.endswith("?") else ":"
    tell(f"{question}{sign} {answer or NOTHING}")


def columns() -> int:
    """Give how wide the terminal is that questions are asked on."""
    try:
        return max(os.get_terminal_size(sys.stderr.fileno()).columns, NARROWEST)
    except (OSError, ValueError):
        return 80


def laid(message: str) -> str:
    """Make a message harmless, and break its lines where the terminal ends."""
    lines = (visible(line) for line in message.split("\n"))
    # Leaves room for a blank at either end, as the menus of questionary have it.
    broken = [part for line in lines for part in wrapped(line, columns() - 2)]
    return "\n ".join(broken)


def _titled(choices: Sequence[Choice]) -> list[tuple[Choice, str]]:
    """Set names beside what else to know of them, no wider than the terminal."""
    wide = max((width(visible(one.name)) for one in choices if one.about), default=0)
    room = columns() - POINTER
    return [
        (one, cut(f"{padded(visible(one.name), wide)}  {visible(one.about)}".rstrip(), room))
        if one.about
        else (one, cut(visible(one.name), room))
        for one in choices
    ]


def _line(asked: Callable[[str], str], right: Check, completer: Any = None) -> str:  # noqa: ANN401 - a type of prompt_toolkit
    """Ask for a line of text; what is asked may change with what is typed.

    What is wrong with an answer stands above the question until the answer is changed.
    """
    from prompt_toolkit import PromptSession

    wrong: dict[str, str] = {}

    def accept(text: str) -> bool:
        verdict = right(text)
        wrong.clear()
        if verdict is not True:
            wrong[text] = str(verdict or "That cannot be.")
        return verdict is True

    def tokens() -> Any:  # noqa: ANN401 - text with styles, a type of prompt_toolkit
        text = session.default_buffer.text
        head, _, question = asked(text).rpartition("\n")
        above = "\n".join(filter(None, (head, wrong.get(text))))
        return [("", f" {laid(above)}\n" if above else ""), ("bold", f" {laid(question)} ")]

    session: PromptSession[str] = PromptSession(
        tokens,
        completer=completer,
        key_bindings=_keys(accept),
        reserve_space_for_menu=8 if completer else 1,
        **_terminal(),
    )
    return session.prompt()


def _terminal() -> dict[str, Any]:
    """Ask on standard error, which leaves standard output to the result."""
    from prompt_toolkit.output import ColorDepth, create_output

    from q2c.commands.color import colored

    depth = None if colored(sys.stderr) else ColorDepth.DEPTH_1_BIT
    output = create_output(stdout=sys.stderr)
    return {"output": output, "color_depth": depth, "erase_when_done": True}


def _going_back() -> Any:  # noqa: ANN401 - a type of prompt_toolkit
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("escape", eager=True)
    def _(event: Any) -> None:  # noqa: ANN401 - a type of prompt_toolkit
        event.app.exit(exception=Back())

    return keys


def _keys(accept: Callable[[str], bool]) -> Any:  # noqa: ANN401 - a type of prompt_toolkit
    """Let Enter give an answer that is right, the down arrow show what there is, Esc go back."""
    keys = _going_back()

    @keys.add("enter")  # type: ignore[untyped-decorator]
    def _(event: Any) -> None:  # noqa: ANN401 - a type of prompt_toolkit
        event.current_buffer.complete_state = None
        if accept(event.current_buffer.text):
            event.current_buffer.validate_and_handle()

    @keys.add("down")  # type: ignore[untyped-decorator]
    def _(event: Any) -> None:  # noqa: ANN401 - a type of prompt_toolkit
        if event.current_buffer.complete_state:
            event.current_buffer.complete_next()
        else:
            event.current_buffer.start_completion(select_first=True)

    return keys


def _answer(question: Any) -> Any:  # noqa: ANN401 - a question of any kind
    from prompt_toolkit.key_binding import merge_key_bindings

    application = question.application
    application.key_bindings = merge_key_bindings([application.key_bindings, _going_back()])
    return question.unsafe_ask()


def _completer(choices: Sequence[Choice], more: Choice | None) -> Any:  # noqa: ANN401 - a type of prompt_toolkit
    from prompt_toolkit.completion import Completer, Completion

    class Search(Completer):
        """Offers what was found, with its name and what to know of it."""

        def get_completions(self, document: Any, complete_event: Any) -> Iterable[Completion]:  # noqa: ANN401, ARG002 - as above
            text = document.text_before_cursor
            for choice in (*found(text, choices), *([more] if more else [])):
                yield Completion(
                    choice.id,
                    start_position=-len(text),
                    display=visible(choice.name),
                    display_meta=visible("  ".join(filter(None, (choice.id, choice.about)))),
                )

    return Search()
