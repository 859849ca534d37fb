"""Near-duplicate texts by SimHash: similar texts have fingerprints that differ in few bits."""

import re
from collections.abc import Sequence
from hashlib import blake2b
from itertools import islice

# One byte lane per bit of the fingerprint: 255 votes are what a lane can count.
_MAX_SHINGLES = 255
_LANES = int.from_bytes(b"\x01" * 64, "big")
_WORD = re.compile(r"\w+")
_BITS = (1 << 64) - 1
_SIGN = 1 << 63


def fingerprint(text: str) -> int:
    """A signed 64-bit number for a PostgreSQL bigint; 0 for a text without any word.

    Votes are cast by the first 255 distinct runs of three words, or by the words of a shorter
    text; case and punctuation do not count.
    """
    shingles = _shingles(_WORD.findall(text.casefold()))
    if not shingles:
        return 0
    votes = 0
    for shingle in shingles:
        votes += int.from_bytes(blake2b(shingle).digest(), "big") & _LANES
    half = len(shingles) // 2
    majority = b"0" * (half + 1) + b"1" * (255 - half)
    # 0 is taken: it means that there was nothing to compare.
    unsigned = int(votes.to_bytes(64, "big").translate(majority), 2) or 1
    return unsigned - (1 << 64) if unsigned & _SIGN else unsigned


def distance(a: int, b: int) -> int:
    """How many of the 64 bits differ."""
    return ((a ^ b) & _BITS).bit_count()


def similar(a: int, b: int, *, max_distance: int = 6) -> bool:
    """Whether two fingerprints are of nearly the same text; an empty text is like nothing."""
    return a != 0 and b != 0 and distance(a, b) <= max_distance


def similar_among(a: int, others: Sequence[int], *, max_distance: int = 6) -> list[int]:
    """The positions of those that `similar` finds: in one pass, which is part of every decision."""
    if a == 0:
        return []
    return [
        at
        for at, b in enumerate(others)
        if ((a ^ b) & _BITS).bit_count() <= max_distance and b != 0
    ]


def _shingles(words: list[str]) -> list[bytes]:
    """At most 255 distinct shingles, in the order they first appear."""
    runs = (
        map(" ".join, zip(words, words[1:], words[2:], strict=False)) if len(words) > 2 else words
    )
    distinct = dict.fromkeys(runs)
    return [run.encode(errors="surrogatepass") for run in islice(distinct, _MAX_SHINGLES)]
