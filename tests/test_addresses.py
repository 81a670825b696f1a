"""Addresses: as the post of each country publishes how they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.party import Address
from q2c.documents.language import address, language
from q2c.documents.postal import postal_code, town_lines


def place(country: str, code: str, city: str, region: str | None = None) -> Address:
    """Make an address in a country."""
    return Address(street="1", postal_code=code, city=city, region=region, country=country)


# The last lines of the examples in the addressing guide of the Universal Postal Union, by country.
PUBLISHED = {
    "AU": (("5024", "West Beach", "SA"), ("WEST BEACH SA 5024",)),
    "CA": (("H3Z 2Y7", "Montreal", "QC"), ("MONTREAL QC H3Z 2Y7",)),
    "DE": (("32547", "Bad Oeynhausen", None), ("32547 Bad Oeynhausen",)),
    "DK": (("8660", "Skanderborg", None), ("8660 Skanderborg",)),
    "ES": (("28300", "Aranjuez", "Madrid"), ("28300 ARANJUEZ (MADRID)",)),
    "FI": (("00630", "Helsinki", None), ("00630 Helsinki",)),
    "FR": (("14390", "Cabourg", None), ("14390 CABOURG",)),
    "GB": (("SE1 7EH", "London", None), ("LONDON", "SE1 7EH")),
    "IE": (("D01 F5P2", "Dublin 1", None), ("Dublin 1", "D01 F5P2")),
    "IN": (("110034", "New Delhi", None), ("NEW DELHI 110034",)),
    "IT": (("00144", "Roma", "RM"), ("00144 ROMA RM",)),
    "MX": (("02860", "Mexico", "D.F."), ("02860 MEXICO, D.F.",)),
    "NL": (("2595AK", "'s-Gravenhage", None), ("2595 AK 'S-GRAVENHAGE",)),
    "NZ": (("6004", "Wellington", None), ("Wellington 6004",)),
    "PL": (("81-116", "Gdynia", None), ("81-116 Gdynia",)),
    "PT": (("2740-029", "Colares", None), ("2740-029 Colares",)),
    "SE": (("412 84", "Göteborg", None), ("412 84 Göteborg",)),
    "SG": (("408600", "Singapore", None), ("SINGAPORE 408600",)),
    "US": (("27601", "Raleigh", "NC"), ("RALEIGH NC 27601",)),
    "ZA": (("0001", "Pretoria", None), ("Pretoria", "0001")),
}


@pytest.mark.parametrize("country", PUBLISHED)
def test_towns_are_written_as_their_post_publishes_it(country: str) -> None:
    said, lines = PUBLISHED[country]
    assert town_lines(place(country, *said)) == lines


@pytest.mark.parametrize("country", PUBLISHED)
def test_a_region_that_nobody_gave_leaves_no_trace(country: str) -> None:
    for line in town_lines(place(country, "9", "Ort")):
        assert line.casefold() in {"ort", "9", "9 ort", "ort 9"}


@pytest.mark.parametrize(
    ("country", "written", "printed"),
    [
        ("SE", "11122", "111 22"),
        ("SE", "SE-111 22", "SE-111 22"),
        ("NL", "1234ab", "1234 AB"),
        ("GB", "eh12ng", "EH1 2NG"),
        ("GB", "SW1A1AA", "SW1A 1AA"),
        ("PL", "90001", "90-001"),
        ("CA", "h3z2y7", "H3Z 2Y7"),
        ("PT", "2740029", "2740-029"),
        ("CZ", "10000", "100 00"),
        ("DE", "70565", "70565"),
        ("AD", "AD500", "AD500"),
    ],
)
def test_postal_codes_are_grouped(country: str, written: str, printed: str) -> None:
    assert postal_code(place(country, written, "X")) == printed


def test_the_country_is_named_in_the_language_of_the_document() -> None:
    oulu = place("FI", "90100", "Oulu")
    told = {code: address(language(code), oulu, "SE")[-1] for code in ("sv", "fi", "pl", "de")}
    assert told == {"sv": "Finland", "fi": "Suomi", "pl": "Finlandia", "de": "Finnland"}
    assert address(language("fi"), oulu, "FI") == ("1", "90100 Oulu")


@given(
    st.sampled_from([*PUBLISHED, "CH", "JP", "BR", "HU", "LV", "AX"]),
    st.text("AB12", min_size=1, max_size=8),
    st.text("Ab ö-'", min_size=1, max_size=12).filter(str.isalpha),
    st.text("Ab", max_size=5),
)
def test_all_that_was_given_is_on_the_letter(
    country: str, code: str, city: str, region: str
) -> None:
    lines = " ".join(town_lines(place(country, code, city, region or None))).casefold()
    left = "".join(sign for sign in lines if sign not in " -")
    assert city.casefold() in lines
    assert code.casefold() in left
    assert region.casefold() in lines
