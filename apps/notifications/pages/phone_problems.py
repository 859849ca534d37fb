from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneProblem:
    """What is wrong with what was typed, and where: `place` is a channel's name (a new number
    there) or a number's public id (its code).
    """

    place: str
    detail: str
    typed: str = ""
