"""Authorities that stamp times (RFC 3161), asked over HTTP and only where one is named."""

import asyncio
from typing import Any

PATIENCE = 15.0
LARGEST = 200_000
_TYPES = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


def stamper(address: str) -> Any:  # noqa: ANN401 - a time stamper of pyHanko
    """Give what asks an authority for a time."""
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper
    from pyhanko.sign.timestamps.common_utils import TimestampRequestError

    class Authority(TimeStamper):
        """Asks by one request, with a time limit; nothing but a hash is sent."""

        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            try:
                return tsp.TimeStampResp.load(await asyncio.to_thread(_asked, address, req.dump()))
            except (OSError, ValueError) as error:
                raise TimestampRequestError(_why(error)) from error

    made: Any = Authority
    return made()


def _why(error: Exception) -> str:
    """Say what went wrong, without the wrappings of the library."""
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason)


def _asked(address: str, question: bytes) -> bytes:
    """Send a question, and give the answer."""
    from urllib.request import Request, urlopen

    if not address.startswith(("https://", "http://")):
        raise ValueError("the address begins with neither https:// nor http://")
    request = Request(address, data=question, headers=_TYPES)  # noqa: S310 - as just seen
    with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - as just seen
        data: bytes = answer.read(LARGEST)
    return data
