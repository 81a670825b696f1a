"""Secrets: kept where no message, record or traceback shows them."""

from base64 import b64encode
from typing import Final

SHOWN: Final = "[secret]"


class Secret:
    """A password that prints as `[secret]`; only `reveal` gives it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return SHOWN

    def reveal(self) -> str:
        """Give the password itself, to the one place that needs it."""
        return self._text

    def hidden_in(self, text: str) -> str:
        """Give a text without the password, in none of the forms that a server might repeat."""
        forms = {self._text, b64encode(self._text.encode()).decode()}
        for form in sorted(filter(None, forms), key=len, reverse=True):
            text = text.replace(form, SHOWN)
        return text
