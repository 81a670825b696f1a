"""Countries by the names that lists of customers have for them, to their ISO 3166 codes."""

from functools import cache

# The code, then the English name, then the country's own and the Swedish one where they differ.
_NAMES = """
AE United Arab Emirates|Förenade Arabemiraten|UAE
AT Austria|Österreich|Österrike
AU Australia|Australien
BE Belgium|België|Belgique|Belgien
BG Bulgaria|България|Bulgarien
BR Brazil|Brasil|Brasilien
CA Canada|Kanada
CH Switzerland|Schweiz|Suisse|Svizzera
CN China|中国|Kina
CY Cyprus|Κύπρος|Cypern
CZ Czechia|Czech Republic|Česko|Tjeckien
DE Germany|Deutschland|Tyskland
DK Denmark|Danmark
EE Estonia|Eesti|Estland
ES Spain|España|Spanien
FI Finland|Suomi
FR France|Frankrike
GB United Kingdom|UK|Great Britain|England|Scotland|Wales|Northern Ireland|Storbritannien
GR Greece|Ελλάδα|Grekland
HR Croatia|Hrvatska|Kroatien
HU Hungary|Magyarország|Ungern
IE Ireland|Éire|Irland
IL Israel
IN India|Indien
IS Iceland|Ísland|Island
IT Italy|Italia|Italien
JP Japan|日本
KR South Korea|Sydkorea
LI Liechtenstein
LT Lithuania|Lietuva|Litauen
LU Luxembourg|Luxemburg
LV Latvia|Latvija|Lettland
MT Malta
MX Mexico|México|Mexiko
NL Netherlands|The Netherlands|Nederland|Holland|Nederländerna
NO Norway|Norge|Noreg
NZ New Zealand|Nya Zeeland
PL Poland|Polska|Polen
PT Portugal
RO Romania|România|Rumänien
RS Serbia|Srbija|Serbien
SE Sweden|Sverige
SG Singapore
SI Slovenia|Slovenija|Slovenien
SK Slovakia|Slovensko|Slovakien
TR Turkey|Türkiye|Turkiet
UA Ukraine|Україна|Ukraina
US United States|United States of America|USA|U.S.A.|Förenta staterna
ZA South Africa|Sydafrika
"""


def country_code(name: str) -> str:
    """Give the code of a country by its name or code; what is not known comes back as it is."""
    return _codes().get(name.strip().casefold(), name.strip())


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for line in _NAMES.strip().splitlines():
        code, _, names = line.partition(" ")
        codes |= dict.fromkeys((name.casefold() for name in (code, *names.split("|"))), code)
    return codes
