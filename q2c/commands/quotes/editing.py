"""q2c quote edit: a draft in the user's own editor, checked before it counts."""

import shlex
from hashlib import sha256
from pathlib import Path

from q2c.commands.call import Commit, Message, call, today
from q2c.commands.desk import Desk, desk, tree
from q2c.commands.output import check_fields, following, hint, say
from q2c.commands.prompt import editor
from q2c.commands.quotes.offertold import quote_told
from q2c.commands.quotes.quote import Number
from q2c.commands.quotes.quoting import as_row, course_of, drafted
from q2c.core.fault import Fault, Misused, Refused, Stale
from q2c.core.quote import Draft, Priced
from q2c.core.quote.moves import refuse_final
from q2c.store.quotes import path_of, read_quote
from q2c.store.records import read_record
from q2c.store.shop import quoted, read_shop
from q2c.store.writing import Change


def edit_quote(number: Number, commit: Commit = None, message: Message = "") -> None:
    """Edit a draft with $VISUAL or $EDITOR; it is checked before it takes the old one's place.

    What cannot be is refused, kept aside, and there again when you edit the next time.

    Example: q2c quote edit Q-2026-0002
    """
    files = tree()
    folder = read_quote(files, number)
    refuse_final(course_of(folder))
    name = path_of(number, "quote.yaml")
    if not folder.faults:  # what cannot be read is what is to be edited
        drafted(folder)
    before = files.read(name)
    # An edit that was refused is taken up again, unless the draft became another meanwhile.
    aside = f".q2c/cache/{number}-{sha256(before).hexdigest()[:12]}.yaml"
    copy = call().root / aside
    if copy.exists() and copy.read_bytes() != before:
        hint(f"This goes on with what you wrote last; to begin anew, delete {aside}.")
    data = _edited(copy, before)
    with desk(commit=commit, message=message) as at:
        try:
            quote = _checked(at, number, data, aside, before)
        except Refused as refused:
            if not isinstance(refused, Stale):
                hint(f"The draft is as it was. Go on with your edit: q2c quote edit {number}")
            raise
        row = as_row(quote, (), today("UTC", quote.date))
        check_fields(row)
        told = "Nothing was changed."
        if data != before:
            told = at.write(Change(replaced={name: data}), f"Edit {number}")
        (at.root / aside).unlink(missing_ok=True)
    say(row, f"{quote_told(quote, 'draft')}\n{told}")
    if folder.sent and data != before:
        hint(f"Version {folder.sent.version} stays as it was sent; sending again makes the next.")
    following(f"q2c quote send {number}")


def _edited(copy: Path, before: bytes) -> bytes:
    """Let the user edit a copy, and give what it says then."""
    import subprocess

    program = editor()
    if not program:
        remedy = "Name one: export EDITOR=nano; or edit quote.yaml by yourself."
        raise Misused(
            Fault("no-editor", "No editor is named in $VISUAL or $EDITOR.", remedy=remedy)
        )
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(before)
    try:
        done = subprocess.run([*shlex.split(program), str(copy)], check=False)  # noqa: S603 - the user's own editor
    except OSError as error:
        raise Refused(_failed(program, error.strerror or "")) from None
    if done.returncode:
        raise Refused(_failed(program, f"it ended with {done.returncode}"))
    return copy.read_bytes()


def _failed(program: str, why: str) -> Fault:
    message = f"The editor '{program}' did not do its part: {why}."
    return Fault("editor-failed", message, remedy="Nothing was changed.")


def _checked(at: Desk, number: str, data: bytes, aside: str, before: bytes) -> Priced:
    """Price what was edited; refuse it where the draft was changed by others meanwhile."""
    if at.tree.read(path_of(number, "quote.yaml")) != before:
        message = f"The draft of {number} was changed while you edited it."
        remedy = f"What you wrote is in {aside}; edit again, and bring it in."
        raise Stale(Fault("draft-changed", message, remedy=remedy))
    return quoted(read_shop(at.tree), number, read_record(data, aside, Draft))
