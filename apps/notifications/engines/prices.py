"""What a message to a number costs. Pure."""

from collections.abc import Mapping

ANY = "*"


def price_of(number: str, prices: Mapping[str, int]) -> int:
    """By the longest beginning of the E.164 number in the table, without its +; ANY is any other.

    A table without ANY charges its highest price there: a cap must not be passed for want of one.
    """
    digits = number.lstrip("+")
    for length in range(len(digits), 0, -1):
        if digits[:length] in prices:
            return prices[digits[:length]]
    return prices.get(ANY, max(prices.values(), default=0))
