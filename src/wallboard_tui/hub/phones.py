"""Room ``hub``: callers' numbers in one form (E.164), so that a caller is the same caller however the number was sent.

Pure.
"""

from functools import lru_cache

import phonenumbers

WITHHELD = frozenset({"", "anonymous", "unknown", "restricted", "private", "withheld", "unavailable", "<unknown>", "s"})
"""What phone systems write when the caller did not want to be known."""


def normal(sent: str | None, country: str) -> str | None:
    """A number in E.164 where it can be read as one in that country (ISO 3166), else as it was sent; ``None`` when
    withheld.
    """
    if sent is None:
        return None
    # Most numbers come in full: no parser needed.
    if sent[:1] == "+" and 8 <= len(sent) <= 16 and sent[1:].isdigit() and sent.isascii():
        return sent
    return _parsed(sent.strip(), country)


@lru_cache(maxsize=65536)
def _parsed(sent: str, country: str) -> str | None:
    if sent.casefold() in WITHHELD:
        return None
    try:
        number = phonenumbers.parse(sent, country)
    except phonenumbers.NumberParseException:
        return sent
    if not phonenumbers.is_possible_number(number):
        return sent
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
