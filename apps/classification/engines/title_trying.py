"""Two versions of the title rules beside each other, on titles somebody pasted."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.classification.engines.seniority import TitleJudgement, TitleRules


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedTitle:
    """`edited` is None where nothing is being edited."""

    title: str
    active: TitleJudgement
    edited: TitleJudgement | None = None

    @property
    def differs(self) -> bool:
        return self.edited is not None and self.edited.level != self.active.level


def try_titles(
    titles: Sequence[str], *, active: TitleRules, edited: TitleRules | None = None
) -> list[TriedTitle]:
    """One row for each title that is not blank, in order."""
    return [
        TriedTitle(
            title=title.strip(),
            active=active.level(title),
            edited=edited.level(title) if edited else None,
        )
        for title in titles
        if title.strip()
    ]
