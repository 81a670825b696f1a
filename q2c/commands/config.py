"""q2c config: the settings of the program."""

import os
from pathlib import Path
from typing import Annotated

import typer

from q2c.commands.call import call
from q2c.commands.output import say, table
from q2c.core.fault import Unknown
from q2c.store.known import SETTINGS, Value
from q2c.store.settings import FILE, changed, every, found, own_only, user_file

Key = Annotated[str, typer.Argument(metavar="KEY", help="A setting, such as output.color.")]


def list_settings(
    *, origin: Annotated[bool, typer.Option("--origin", help="Show where each was set.")] = False
) -> None:
    """List every setting.

    Example: q2c config list --origin
    """
    meanings = {setting.key: setting.meaning for setting in SETTINGS}
    rows = [
        {"key": one.key, "value": one.value, "origin": one.origin, "meaning": meanings[one.key]}
        for one in every(workspace(), os.environ)
    ]
    table(rows, ("key", "value", "origin") if origin else ("key", "value", "meaning"))


def get_setting(key: Key) -> None:
    """Show one setting.

    Example: q2c config get output.color
    """
    one = found(key, workspace(), os.environ)
    say(one, _written(one.value))


def set_setting(
    key: Key, value: Annotated[str, typer.Argument(metavar="VALUE", help="Its new value.")]
) -> None:
    """Write one setting to q2c.toml.

    Where a password comes from is written to your own settings, ~/.config/q2c/config.toml.

    Example: q2c config set output.color never
    """
    from q2c.store.writing import Change, writing

    if own_only(key):
        path = user_file(os.environ)
        save_own(path, changed(path.read_bytes() if path.exists() else b"", key, value))
        say({"key": key, "value": value}, f"{key} is now {value} in {path}.")
        return
    root = call().root
    path = root / FILE
    before = path.read_bytes() if path.exists() else b""
    after = changed(before, key, value)
    with writing(root) as writer:
        writer.write(Change(replaced={FILE: after}))
    say({"key": key, "value": value}, f"{key} is now {value} in {FILE}.")


def save_own(path: Path, data: bytes) -> None:
    """Write a person's own settings, which nobody else reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.with_name(f".{path.name}.q2c")
    passing.touch(mode=0o600)
    passing.write_bytes(data)
    passing.replace(path)


def value_of(key: str) -> str:
    """Give the value of a setting for a command that obeys it."""
    return _written(found(key, workspace(), os.environ).value)


def workspace() -> Path | None:
    """Give the workspace, or nothing outside of one."""
    try:
        return call().root
    except Unknown:
        return None


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
