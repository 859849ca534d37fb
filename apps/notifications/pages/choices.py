"""What may be said of an entry of the inbox."""

from dataclasses import dataclass

from apps.notifications.models import Feedback

Kind = Feedback.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button of every entry, and what the page says once it was pressed."""

    kind: str
    label: str
    noted: str


CHOICES = (
    Choice(kind=Kind.HELPFUL, label="Helpful", noted="Noted: helpful."),
    Choice(kind=Kind.DISMISSED, label="Not helpful", noted="Noted: not helpful."),
    Choice(
        kind=Kind.LESS_LIKE_THIS,
        label="Less like this",
        noted="Noted: less like this. It counts as three that were not helpful; once there are "
        "enough, a change is proposed at the top of the inbox.",
    ),
)
