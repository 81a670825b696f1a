"""Towns as the post of each country reads them: where the postal code stands, and what is large.

The forms are those that the addressing guide of the Universal Postal Union shows for a country,
and capitals stand where its own post office asks for them. What is not said here is written as
in most of the world: the code, the town, and below them the region.
"""

import re
from collections.abc import Mapping
from typing import Final

from q2c.core.party import Address

_USUAL: Final = "{code} {city}|{region}"
_AMERICAN: Final = "{CITY} {REGION} {code}"
_BRITISH: Final = "{CITY}|{region}|{code}"
# Lines are parted by `|`; the name of a gap in capitals asks for capitals.
_FORMS: Final = {
    **dict.fromkeys(("AU", "CA", "US"), _AMERICAN),
    **dict.fromkeys(("GB", "GG", "IM", "JE"), _BRITISH),
    "BR": "{city} - {REGION}|{code}",
    "ES": "{code} {CITY} ({REGION})",
    "FR": "{code} {CITY}|{region}",
    "HU": "{CITY}|{region}|{code}",
    "IE": "{city}|{region}|{code}",
    "IN": "{CITY} {code}|{REGION}",
    "IT": "{code} {CITY} {REGION}",
    "JP": "{city}, {region}|{code}",
    "LV": "{city}, {region}, {code}",
    "MX": "{code} {CITY}, {REGION}",
    "NL": "{code} {CITY}|{region}",
    "NZ": "{city} {code}|{region}",
    "SG": "{CITY} {code}|{region}",
    "ZA": "{city}|{code}|{region}",
}
# How the signs of a postal code are grouped, and what stands between the groups.
_CODES: Final = {
    **dict.fromkeys(("SE", "CZ", "GR", "SK"), (r"(\d{3})(\d{2})", " ")),
    "CA": (r"([A-Z]\d[A-Z])(\d[A-Z]\d)", " "),
    "GB": (r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})", " "),
    "IE": (r"([A-Z]\d[\dW])([A-Z\d]{4})", " "),
    "NL": (r"(\d{4})([A-Z]{2})", " "),
    "BR": (r"(\d{5})(\d{3})", "-"),
    "PL": (r"(\d{2})(\d{3})", "-"),
    "PT": (r"(\d{4})(\d{3})", "-"),
}
# What is left of a form around a region that nobody gave.
_EMPTY: Final = re.compile(r" \(\)|^[ ,-]+|[ ,-]+$|(?<= ) +|, (?=,)")


def town_lines(place: Address) -> tuple[str, ...]:
    """Give what stands below the street, for a letter in the country itself."""
    form = _FORMS.get(place.country, _USUAL)
    region = place.region or ""
    said = {"code": postal_code(place), "city": place.city, "region": region}
    large = {key.upper(): text.upper() for key, text in said.items()}
    return tuple(line for one in form.split("|") if (line := _filled(one, {**said, **large})))


def _filled(form: str, said: Mapping[str, str]) -> str:
    return _EMPTY.sub("", form.format(**said))


def postal_code(place: Address) -> str:
    """Write a postal code in its country's groups; as it stands where it is no such code."""
    form, between = _CODES.get(place.country, ("", ""))
    signs = re.sub(r"[ -]", "", place.postal_code).upper()
    match = re.fullmatch(form, signs) if form else None
    return between.join(match.groups()) if match else place.postal_code
