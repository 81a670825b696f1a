"""Codes that documents are packed with: how many bits a letter, length or distance has.

In base 16: 286 letters and lengths, then 30 distances; `tools/cut_code.py` has counted them.
"""

from typing import Final

CODES: Final = {
    "marks": (
        "2fffffffff7ffffffffdfffffffffeff4ffffbff8bfb98595556556666ddafafb9789899a9fab8aa"
        "aba87babfdffcffff699768887a877778c67789aaaffffffffffffffffffffffffffffffffffffff"
        "9fffffffffffffffffffffffffffffffcfffffffffffffffffffffefffffffffffff9affffffffff"
        "ffffffafffffffffbfff556665778777989ccbcdeeffffd9d8da657765444454343445557dcc"
    ),
    "words": (
        "6a9fcffffdaffffdfffffffeffffefff3f9fcefc99fcb89654555555558f7b7cd8888989a8c89999"
        "8b788aaaacb7d8cce697758896aa77667b6667ab98dfffffffffffffffefffffefffffffffffffff"
        "ffffbbfefefdffffffefdecfffffffffeffafffffffffffffffcfffffcceffffffffeffffeffffff"
        "fffffffddffdfcf9bfff46767778887888a9bbcdbdacc9acc6b5976545454534453455566778"
    ),
}
