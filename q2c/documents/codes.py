"""Codes that documents are packed with: how many bits a letter, length or distance has.

In base 16: 286 letters and lengths, then 30 distances; `tools/cut_code.py` has counted them.
"""

from typing import Final

CODES: Final = {
    "marks": (
        "3fffffffff4ffffffffeffffffffffff3ffffdff77fda8556556655666ee6f6fca5566bad6fbc5bb"
        "6ca85cbcfdffdffff7996688977978779e68789bbaffffffffffffffffffffffffffffffffffffff"
        "afffffffffffffffffffffffffffffffefffffffffffffffffffffffffffffffffffaaffffffffff"
        "ffffffafffffffffdffffffffdfba7cbdecffceeffffffccccccbbbb9bb66254243537788bbb"
    ),
    "words": (
        "587fbffdfffffdffffffffecffffdfff2fffccfffffffff83455555555ff8f4fffffbffffffaffbe"
        "9f4aaffefff5d5eeebcbf9fbfebfdbbabfac9afffcffffffffffdfcffffcfffffcfbfffffeffffff"
        "ffebcbfdfffbbfffcfffdfeffffffdffefdfcfffffffebffbffbfffffffffffffffeffffffffffff"
        "feecfedfffffffdabfff7fcffffffff5cfeffeeeefdeafbbbbb4b7b31bbbbbbb786b336baaaa"
    ),
}
