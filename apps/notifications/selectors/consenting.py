"""What people consented to and proved, where a channel needs it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import User
from apps.accounts.models.consent import NOTIFICATIONS
from apps.accounts.selectors import latest_consents
from apps.notifications.types import Bar, Needs

# Person → channels they consented to.
Granted = Mapping[int, Collection[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What channels need, to which of them one person consented, and which do not reach them."""

    needs: Needs
    granted: Collection[str]
    unreached: Mapping[str, Bar]

    def bar(self, channel: str) -> Bar | None:
        """What bars a channel that asks for more than being switched on."""
        if channel in self.needs.consent and channel not in self.granted:
            return Bar.NO_CONSENT
        return self.unreached.get(channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentState:
    """What holds for one purpose; `since` is None as long as the person has not spoken.

    `needed`: nothing is told this way without it.
    """

    purpose: str
    granted: bool
    since: datetime | None
    needed: bool


def granted_channels(user_ids: Collection[int], needs: Needs) -> Granted:
    """Asks nothing where no channel needs consent."""
    if not needs.consent:
        return {}
    found: dict[int, set[str]] = {}
    for (user, purpose), row in latest_consents(user_ids, needs.consent).items():
        if row.granted:
            found.setdefault(user, set()).add(purpose)
    return found


def consent_states(user: User, purposes: Collection[str], needs: Needs) -> list[ConsentState]:
    """One for each of `purposes`, in their order. One query."""
    latest = latest_consents({user.pk}, purposes)
    states = []
    for purpose in purposes:
        row = latest.get((user.pk, purpose))
        states.append(
            ConsentState(
                purpose=purpose,
                granted=purpose == NOTIFICATIONS if row is None else row.granted,
                since=row.recorded_at if row else None,
                needed=purpose == NOTIFICATIONS or purpose in needs.consent,
            )
        )
    return states
