"""Making texts fit the licence's face: sizes are computed beforehand, so that nothing overflows and nothing is cut.

A short scope stands in the left column; a long one goes across the sheet in smaller letters; what would need letters
below 6 pt goes to an annex page in readable size. Widths are estimated on the safe side (a CJK character is one em).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

MM_PER_PT = 0.3528
NORMAL_PT = 12.5
ANNEX_NOTICE = "（详见附页）"
# Measures of templates/business_licence.typ, in mm: widths of the values, height from the first field to the foot.
_LEFT_MM, _RIGHT_MM, _WIDE_MM = 93.0, 78.0, 144.0
_BODY_MM, _RIGHT_BODY_MM = 112.0, 66.0
_LEFT, _RIGHT = ("name", "entity_type", "principal"), ("capital", "founding_date", "premises")
_GAP_MM, _ROW_MM = 5.2, 3.3
_LINE_EM, _TIGHT_LINE_EM = 1.38, 1.2
_ANNEX_LINES_MM = (238.0, 118.0)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a face is set: `columns`, `wide` or `annex`, and the size of each value in pt by field code."""

    layout: str
    sizes: Mapping[str, float]
    annex_size: float = 0.0


def fit_face(values: Mapping[str, str]) -> Fit:
    """Choose layout and sizes for the values of a face (by field code)."""
    sizes = {code: _single_size(value, _width_of(code)) for code, value in values.items()}
    left = sum(_height(values[code], sizes[code], _LEFT_MM) for code in _LEFT if code in values)
    right = sum(_height(values[code], sizes[code], _RIGHT_MM) for code in _RIGHT if code in values)
    scope = values.get("business_scope", "")
    size = _largest(scope, _LEFT_MM, _BODY_MM - left, 8.5, _LINE_EM)
    if size and right <= _RIGHT_BODY_MM:
        return Fit("columns", sizes | {"business_scope": size})
    size = _largest(scope, _WIDE_MM, _BODY_MM - max(left, right), 6.0, _TIGHT_LINE_EM)
    if size:
        return Fit("wide", sizes | {"business_scope": size})
    width, height = _ANNEX_LINES_MM
    annex_size = _largest(scope, width, height, 5.0, _LINE_EM) or 5.0
    return Fit("annex", sizes | {"business_scope": NORMAL_PT}, annex_size)


def _width_of(code: str) -> float:
    return _RIGHT_MM if code in _RIGHT else _LEFT_MM


def _single_size(text: str, width: float) -> float:
    """Size of a short field: normal up to two lines, smaller when longer."""
    for size in (NORMAL_PT, 11.0, 9.5, 8.5):
        if _lines(text, size, width) <= 2:
            return size
    return 7.5


def _largest(text: str, width: float, height: float, floor: float, line_em: float) -> float:
    """Largest size (half points) at which the text fits; 0.0 when even the floor does not do."""
    size = NORMAL_PT
    while size >= floor:
        if _lines(text, size, width) * size * MM_PER_PT * line_em <= height:
            return size
        size -= 0.5
    return 0.0


def _height(text: str, size: float, width: float) -> float:
    return (_lines(text, size, width) - 1) * size * MM_PER_PT * _LINE_EM + _ROW_MM + _GAP_MM


def _lines(text: str, size: float, width: float) -> int:
    # a line may end one character early, so that no punctuation begins the next
    per_line = max(width / (size * MM_PER_PT) - 1, 1)
    return max(math.ceil(sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.62 for c in text) / per_line), 1)
