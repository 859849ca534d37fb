"""Colors as CSS and HTML write them, and whether letters of one can be told from their ground."""

import colorsys
import re
from functools import lru_cache
from typing import Final, NamedTuple

from apps.ingestion.engines.color_names import COLOR_NAMES

# Of 255: nobody tells such colors apart.
_ALIKE: Final = 12
# No color is written longer.
_LONGEST: Final = 60

_HEX: Final = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_CALL: Final = re.compile(r"(rgba?|hsla?)\(([^()]*+)\)")
_NUMBER: Final = re.compile(r"(-?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))(%|deg)?")
_INHERITED: Final = frozenset(("inherit", "unset", "revert", "revert-layer", "currentcolor"))


class Color(NamedTuple):
    """Red, green and blue from 0 to 255, alpha from 0 to 1; below 0 it is none that is known."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0


BLACK: Final = Color(0, 0, 0)
WHITE: Final = Color(255, 255, 255)
CLEAR: Final = Color(0, 0, 0, 0.0)
# A picture, a gradient, a variable: it may be any color, or many.
UNKNOWN: Final = Color(0, 0, 0, -1.0)
# What is around: "inherit" and its like.
AROUND: Final = Color(0, 0, 0, -2.0)


def is_seen(front: Color, back: Color) -> bool:
    """Whether a reader can make out letters of `front`; one who might is one who can."""
    if front.alpha < 0:
        return True
    if front.alpha * 255 <= _ALIKE:
        return False
    pairs = zip(front[:3], back[:3], strict=True)
    return back.alpha < 0 or any(front.alpha * abs(one - other) > _ALIKE for one, other in pairs)


def over(color: Color, ground: Color) -> Color:
    """What is seen of `color` laid upon `ground`."""
    if color.alpha == 1 or color.alpha < 0:
        return color
    if color.alpha == 0 or ground.alpha < 0:
        return ground
    share = color.alpha
    pairs = zip(color[:3], ground[:3], strict=True)
    red, green, blue = (share * one + (1 - share) * other for one, other in pairs)
    return Color(red, green, blue)


@lru_cache(maxsize=2048)
def parse_color(text: str) -> Color | None:
    """A CSS color in lower case; UNKNOWN for one that must be computed, None for no color."""
    if len(text) > _LONGEST:
        return UNKNOWN if "(" in text else None
    if text in COLOR_NAMES:
        return _from_digits(COLOR_NAMES[text])
    if text == "transparent":
        return CLEAR
    if text in _INHERITED:
        return AROUND
    if found := _HEX.fullmatch(text):
        digits = found.group(1)
        return _from_digits(digits if len(digits) >= 6 else "".join(one * 2 for one in digits))
    if found := _CALL.fullmatch(text):
        return _computed(found.group(1), _NUMBER.findall(found.group(2)))
    return UNKNOWN if "(" in text else None


def legacy_color(text: str) -> Color | None:
    """The value of `bgcolor` and its like, by HTML's rules: nearly any text is a color."""
    text = text.strip()[:_LONGEST]
    if not text or text == "transparent":
        return None
    if (known := parse_color(text)) and known.alpha == 1 and "(" not in text:
        return known
    digits = re.sub(r"[^0-9a-f]", "0", text.removeprefix("#"))
    digits += "0" * (-len(digits) % 3 or (0 if digits else 3))
    size = len(digits) // 3
    parts = [digits[at : at + size][-8:] for at in (0, size, 2 * size)]
    while len(parts[0]) > 2 and all(part[0] == "0" for part in parts):
        parts = [part[1:] for part in parts]
    return Color(*(int(part[:2], 16) for part in parts))


def _from_digits(digits: str) -> Color:
    red, green, blue, *alpha = bytes.fromhex(digits)
    return Color(red, green, blue, alpha[0] / 255 if alpha else 1.0)


def _computed(name: str, numbers: list[tuple[str, str]]) -> Color | None:
    if len(numbers) not in (3, 4):
        return UNKNOWN
    values = [float(number) for number, _ in numbers]
    if name.startswith("rgb"):
        parts = [
            value * 2.55 if unit else value
            for value, (_, unit) in zip(values[:3], numbers, strict=False)
        ]
    else:
        hue, saturation, light = values[0] / 360, _share(values[1]), _share(values[2])
        parts = [255 * part for part in colorsys.hls_to_rgb(hue % 1, light, saturation)]
    alpha = values[3] / (100 if numbers[3][1] else 1) if len(values) == 4 else 1.0
    red, green, blue = (min(max(part, 0.0), 255.0) for part in parts)
    return Color(red, green, blue, min(max(alpha, 0.0), 1.0))


def _share(percent: float) -> float:
    return min(max(percent / 100, 0.0), 1.0)
