"""The program's settings: which of the places that set one counts, and what is wrong with it."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Misused, Place, Unknown
from q2c.store.known import KNOWN, SETTINGS, Setting, Value

FILE = "q2c.toml"
Origin = Literal["environment", "repository", "user", "default"]
LARGEST = 100_000


class Found(Struct, frozen=True):
    """The value that counts, and where it was set."""

    key: str
    value: Value
    origin: Origin


def found(key: str, root: Path | None, environment: Mapping[str, str]) -> Found:
    """Find the value of a setting: environment, then repository, then user, then default.

    Where the person's own file counts first, it comes before the repository.
    """
    setting = _setting(key)
    text = environment.get(setting.variable)
    if text:
        return Found(key, read_value(setting, text, setting.variable), "environment")
    layers: list[tuple[Origin, Path | None]] = [
        ("repository", root / FILE if root else None),
        ("user", user_file(environment)),
    ]
    for origin, path in reversed(layers) if setting.own else layers:
        values = _values(path, shared=origin == "repository") if path else {}
        if key in values:
            return Found(key, values[key], origin)
    return Found(key, setting.default, "default")


def every(root: Path | None, environment: Mapping[str, str]) -> list[Found]:
    """Find the value of every setting."""
    return [found(setting.key, root, environment) for setting in SETTINGS]


def user_file(environment: Mapping[str, str]) -> Path:
    """Give the place of a person's own settings (XDG)."""
    home = environment.get("XDG_CONFIG_HOME") or f"{environment.get('HOME', '~')}/.config"
    return Path(home) / "q2c" / "config.toml"


def own_only(key: str) -> bool:
    """Say whether a setting stands in a person's own file and nowhere else."""
    return _setting(key).own == "only"


def changed(data: bytes, key: str, text: str) -> bytes:
    """Give the bytes of a settings file in which one setting has a new value."""
    import tomli_w

    setting = _setting(key)
    table = _parsed(data, FILE)
    section, _, name = key.partition(".")
    table.setdefault(section, {})[name] = read_value(setting, text, key)
    return tomli_w.dumps(table).encode()


def read_value(setting: Setting, text: str, said_by: str) -> Value:
    """Read the value of a setting from a word; refuse what it may not be."""
    if isinstance(setting.default, bool):
        words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        if text.lower() in words:
            return words[text.lower()]
        raise Misused(_bad(f"{said_by} is true or false, not '{text}'.", "Write one of the two."))
    if isinstance(setting.default, int):
        if text.isascii() and text.isdigit() and int(text[:9]) <= LARGEST:
            return int(text)
        raise Misused(_bad(f"{said_by} is a whole number, not '{text}'.", _NUMBER))
    if setting.choices and text not in setting.choices:
        message = f"{said_by} is one of {', '.join(setting.choices)}, not '{text}'."
        raise Misused(_bad(message, near(text, setting.choices)))
    return text


def _values(path: Path, *, shared: bool) -> dict[str, Value]:
    """Read a settings file, one's own or one that others share; a missing one sets nothing."""
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    values: dict[str, Value] = {}
    faults: list[Fault] = []
    for section, table in _parsed(data, path.name).items():
        entries = table if isinstance(table, dict) else {"": table}
        for name, value in entries.items():
            key = f"{section}.{name}".rstrip(".")
            fault = _fault(key, value, path.name, data, shared=shared)
            if fault:
                faults.append(fault)
            else:
                values[key] = value
    if faults:
        raise Invalid(*faults)
    return values


def _parsed(data: bytes, name: str) -> dict[str, dict[str, Value]]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message, _, place = str(error).partition(" (at ")
        numbers = [
            int(word) for word in place.replace(",", " ").strip(")").split() if word.isdigit()
        ]
        where = Place(name, *numbers[:2])
        remedy = "Write  name = value  below [section], texts in quotes."
        raise Invalid(Fault("bad-toml", f"This is not TOML: {message}.", where, remedy)) from None


def _fault(key: str, value: object, name: str, data: bytes, *, shared: bool) -> Fault | None:
    """Say what is wrong with a setting in a file, at its line."""
    setting = KNOWN.get(key)
    lines = data.decode("utf-8").splitlines()
    last = key.rpartition(".")[2]
    line = next((n for n, text in enumerate(lines, 1) if text.lstrip().startswith(last)), 1)
    place = Place(name, line, 1, len(last))
    if fault := _secret(setting, key, place, shared=shared):
        return fault
    if setting is None:
        return Fault("unknown-setting", f"There is no setting '{key}'.", place, near(key))
    if type(value) is not type(setting.default):
        what, remedy = _KINDS[type(setting.default)]
        return _bad(f"{key} is {what}.", remedy, place)
    if isinstance(value, int) and not 0 <= value <= LARGEST:
        return _bad(f"{key} is a whole number that is not negative.", _NUMBER, place)
    if setting.choices and value not in setting.choices:
        message = f"{key} is one of {', '.join(setting.choices)}, not '{value}'."
        return _bad(message, near(str(value), setting.choices), place)
    return None


def _secret(setting: Setting | None, key: str, place: Place, *, shared: bool) -> Fault | None:
    """Say where a password, or where it comes from, stands in a file that it does not belong in."""
    if key == "mail.password":
        message = "A password does not stand in a settings file."
    elif shared and setting is not None and setting.own == "only":
        message = f"{key} is for your own settings, not for a file that others share."
    else:
        return None
    return Fault("secret-in-file", message, place, _KEEP)


def _bad(message: str, remedy: str, place: Place | None = None) -> Fault:
    return Fault("bad-setting", message, place, remedy)


def _setting(key: str) -> Setting:
    if key not in KNOWN:
        raise Unknown(Fault("unknown-setting", f"There is no setting '{key}'.", remedy=near(key)))
    return KNOWN[key]


def near(key: str, known: Sequence[str] = tuple(KNOWN)) -> str:
    """Suggest the setting or value that was meant."""
    from difflib import get_close_matches

    close = get_close_matches(key, known, 1)
    return f"Did you mean {close[0]}?" if close else f"Choose from: {', '.join(known)}."


_NUMBER = f"Write one from 0 to {LARGEST}, without quotes."
_KINDS: dict[type, tuple[str, str]] = {
    bool: ("true or false", "Write one of the two, without quotes."),
    int: ("a whole number", _NUMBER),
    str: ("a text", "Write it in quotes."),
}
_KEEP = (
    "Keep it in a file that only you can read, a password manager or the keyring, and name "
    "that in ~/.config/q2c/config.toml: q2c config set mail.password_file FILE"
)
