"""Identifier of an e-certificate, GB/T 36904: `1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>`.

The check character is ISO 7064 MOD 37,36 (GB/T 17710) over type, issuer, serial and version without the dots.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.failures import InvalidArgument, Violation
from shared.national_codes import mod_37_36_digit

ROOT = "1.2.156.3005.2"
MAX_LENGTH = 200
# The version of an identifier has three digits.
MAX_VERSION = 999
# Own identifiers carry an issuer's 18 characters; 9 characters or a division code are met in the field.
_FORM = re.compile(
    re.escape(ROOT)
    + r"\.(?P<type_code>[0-9A-Z]{21})\.(?P<issuer_code>[0-9A-Z]{18}|[0-9A-Z]{9}|[0-9]{6})"
    + r"\.(?P<serial>[0-9A-Z]{1,64})\.(?P<version>[0-9]{3})\.(?P<check>[0-9A-Z])",
    re.ASCII,
)


class IdentifierMalformed(InvalidArgument):
    """The text is no identifier; the reason is IDENTIFIER_TOO_LONG, IDENTIFIER_FORM or CHECK_CHARACTER."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """The parts of an identifier whose check character is right."""

    type_code: str
    issuer_code: str
    serial: str
    version: int

    def __str__(self) -> str:
        body = (self.type_code, self.issuer_code, self.serial, f"{self.version:03d}")
        return ".".join((ROOT, *body, mod_37_36_digit("".join(body))))


def compose_identifier(type_code: str, issuer_code: str, serial: str, version: int = 1) -> str:
    """Put an identifier together. Raises IdentifierMalformed when a part has another form than the standard's."""
    text = str(Identifier(type_code, issuer_code, serial, version))
    parse_identifier(text)
    return text


def parse_identifier(text: str) -> Identifier:
    """Take an identifier apart, exactly as written: no folding of case, width or look-alikes.

    Raises IdentifierMalformed.
    """
    if len(text) > MAX_LENGTH:
        raise _malformed("longer than an identifier can be", "IDENTIFIER_TOO_LONG")
    match = _FORM.fullmatch(text)
    if match is None:
        raise _malformed("not of the form of GB/T 36904", "IDENTIFIER_FORM")
    found = Identifier(match["type_code"], match["issuer_code"], match["serial"], int(match["version"]))
    if str(found) != text:
        raise _malformed("the check character does not fit", "CHECK_CHARACTER")
    return found


def _malformed(description: str, reason: str) -> IdentifierMalformed:
    return IdentifierMalformed(description, reason=reason, violations=(Violation("identifier", description, reason),))


def find_identifier(data: bytes) -> str:
    """The first well-formed identifier that stands in the bytes as plain text; "" if there is none.

    Looks at a bounded number of places, so that bytes made of near-identifiers cost no more than others.
    """
    position = -1
    for _ in range(_MAX_PLACES):
        position = data.find(_ROOT_BYTES, position + 1)
        if position < 0:
            break
        match = _IN_BYTES.match(data, position)
        if match is None:
            continue
        try:
            return str(parse_identifier(match[0].decode("ascii")))
        except IdentifierMalformed:
            continue
    return ""


_ROOT_BYTES, _IN_BYTES = ROOT.encode(), re.compile(_FORM.pattern.encode(), re.ASCII)
_MAX_PLACES = 1000
