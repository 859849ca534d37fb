"""What the people of the demo say, and dice that do not let them say it twice in a row."""

import random
from collections.abc import Hashable
from typing import Any, Final, TypeVar

Line = TypeVar("Line", bound=Hashable)

# (who, what): the people of one client ask.
QUESTIONS: Final = (
    ("Jonas Feld", "Can you send the signed minutes by Thursday?"),
    ("Jonas Feld", "Who takes over the workshop in Ghent while Tom is away?"),
    ("Jonas Feld", "Could you check the numbers on slide nine?"),
    ("Jonas Feld", "Did legal ever answer about the liability clause?"),
    ("Priya Nair", "Which of the three vendors did we choose in the end?"),
    ("Priya Nair", "Would you introduce me to your data team?"),
    ("Priya Nair", "Can we move the steering meeting to the afternoon?"),
    ("Priya Nair", "Do you need our purchase order before you begin?"),
    ("Sam Whitlock", "Could you review the draft before it goes out tomorrow?"),
    ("Sam Whitlock", "Who has the keys of the project room?"),
    ("Sam Whitlock", "Shall I book the small room or the big one for the kick-off?"),
    ("Sam Whitlock", "Is the migration still planned for the weekend?"),
    ("Lucía Romero", "Are we still on for the site visit next week?"),
    ("Lucía Romero", "Can you tell me where the latest contract is kept?"),
    ("Lucía Romero", "How many seats should we plan for the training?"),
    ("Lucía Romero", "Would you mind answering the auditor's questionnaire?"),
)
VIP_TOPICS: Final = (
    "the rollout plan for the Lisbon office",
    "numbers for the board deck",
    "a change of scope in phase two",
    "dinner with the steering group",
    "the successor of our project lead",
    "the price of the support contract",
    "what the pilot users say",
    "the date of the go-live",
)


class Dice(random.Random):
    """`draw` deals from a shuffled deck: nothing comes again before everything was said."""

    def __init__(self, seed: Any = None) -> None:
        super().__init__(seed)
        self._decks: dict[tuple[Hashable, ...], list[Any]] = {}
        self._last: dict[tuple[Hashable, ...], Hashable] = {}

    def draw(self, lines: tuple[Line, ...]) -> Line:
        deck = self._decks.setdefault(lines, [])
        if not deck:
            deck.extend(self.sample(lines, len(lines)))
            if deck[-1] == self._last.get(lines):
                deck.reverse()
        line: Line = deck.pop()
        self._last[lines] = line
        return line
