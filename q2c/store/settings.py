"""The program's settings: what may be set, and which of the places that set it counts."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Misused, Place, Unknown

FILE = "q2c.toml"
Value = str | bool
Origin = Literal["environment", "repository", "user", "default"]


class Setting(Struct, frozen=True):
    """A setting: its name in the file, the variable that also sets it, and what it may be."""

    key: str
    default: Value
    variable: str
    meaning: str
    choices: tuple[str, ...] = ()


SETTINGS = (
    Setting(
        "output.color",
        "auto",
        "Q2C_COLOR",
        "whether a terminal is shown colours",
        ("auto", "always", "never"),
    ),
    Setting("user.name", "", "Q2C_USER_NAME", "who is recorded as having done something"),
    Setting("commit.auto", default=False, variable="Q2C_COMMIT", meaning="commit what is written"),
)
_KNOWN = {setting.key: setting for setting in SETTINGS}


class Found(Struct, frozen=True):
    """The value that counts, and where it was set."""

    key: str
    value: Value
    origin: Origin


def found(key: str, root: Path | None, environment: Mapping[str, str]) -> Found:
    """Find the value of a setting: environment, then repository, then user, then default."""
    setting = _setting(key)
    text = environment.get(setting.variable)
    if text:
        return Found(key, read_value(setting, text, setting.variable), "environment")
    layers: list[tuple[Origin, Path | None]] = [
        ("repository", root / FILE if root else None),
        ("user", user_file(environment)),
    ]
    for origin, path in layers:
        values = _values(path) if path else {}
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
    if setting.choices and text not in setting.choices:
        message = f"{said_by} is one of {', '.join(setting.choices)}, not '{text}'."
        raise Misused(_bad(message, near(text, setting.choices)))
    return text


def _values(path: Path) -> dict[str, Value]:
    """Read a settings file; one that is not there sets nothing."""
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
            fault = _fault(key, value, path.name, data)
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


def _fault(key: str, value: object, name: str, data: bytes) -> Fault | None:
    """Say what is wrong with a setting in a file, at its line."""
    setting = _KNOWN.get(key)
    lines = data.decode("utf-8").splitlines()
    last = key.rpartition(".")[2]
    line = next((n for n, text in enumerate(lines, 1) if text.lstrip().startswith(last)), 1)
    place = Place(name, line, 1, len(last))
    if setting is None:
        return Fault("unknown-setting", f"There is no setting '{key}'.", place, near(key))
    if type(value) is not type(setting.default):
        if isinstance(setting.default, bool):
            return _bad(f"{key} is true or false.", "Write one of the two, without quotes.", place)
        return _bad(f"{key} is a text.", "Write it in quotes.", place)
    if setting.choices and value not in setting.choices:
        message = f"{key} is one of {', '.join(setting.choices)}, not '{value}'."
        return _bad(message, near(str(value), setting.choices), place)
    return None


def _bad(message: str, remedy: str, place: Place | None = None) -> Fault:
    return Fault("bad-setting", message, place, remedy)


def _setting(key: str) -> Setting:
    if key not in _KNOWN:
        raise Unknown(Fault("unknown-setting", f"There is no setting '{key}'.", remedy=near(key)))
    return _KNOWN[key]


def near(key: str, known: Sequence[str] = tuple(_KNOWN)) -> str:
    """Suggest the setting or value that was meant."""
    from difflib import get_close_matches

    close = get_close_matches(key, known, 1)
    return f"Did you mean {close[0]}?" if close else f"Choose from: {', '.join(known)}."
