"""What was handed in with an application, for whoever reviews it: the files by their digests, who puts in what. Packed, because
every application carries it through the store and hardly any is read twice."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from services.registration.domain.form_check import Investor, SetUpApplication, mask_name


class HandedIn(NamedTuple):
    """`materials`: (kind, SHA-256 in hex) of each file. `investors`: (masked name, "" for an organisation; its code; amount in
    fen)."""

    materials: list[tuple[str, str]]
    investors: list[tuple[str, str, int]]


class _Packed(NamedTuple):
    # digests as bytes: half the length
    materials: list[tuple[str, bytes]]
    investors: list[tuple[str, str, int]]


_ENCODER, _DECODER = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(_Packed)


def handed_in(asked: SetUpApplication) -> bytes:
    """Packed for the store."""
    materials = [(material.type_code, bytes.fromhex(material.sha256)) for material in asked.materials]
    return _ENCODER.encode((materials, [_shown(investor) for investor in asked.investors]))


def read_handed_in(packed: bytes | None) -> HandedIn:
    """As it was packed; nothing for an application that went back, or that came before this was kept."""
    if not packed:
        return HandedIn([], [])
    found = _DECODER.decode(packed)
    return HandedIn([(kind, digest.hex()) for kind, digest in found.materials], found.investors)


def _shown(investor: Investor) -> tuple[str, str, int]:
    return mask_name(investor.person.name) if investor.person else "", investor.uscc, investor.amount_fen
