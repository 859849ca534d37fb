"""Whether somebody is told, and why: the values of the noise filter."""

from apps.notifications.types.choices import (
    CHANNEL_NAMES,
    POSTPONED,
    Bar,
    Frequency,
    Hold,
    MootReason,
    Origin,
    Outcome,
    ProposalKind,
    QuietHoursPolicy,
    Reason,
)
from apps.notifications.types.decisions import (
    Decision,
    FilterContext,
    HeldChannel,
    Plain,
    Ringing,
    Step,
    Told,
    TurnedStep,
)
from apps.notifications.types.preferences import (
    BarredChannel,
    ChannelRule,
    Needs,
    PreferenceValues,
    QuietRange,
)

__all__ = [
    "CHANNEL_NAMES",
    "POSTPONED",
    "Bar",
    "BarredChannel",
    "ChannelRule",
    "Decision",
    "FilterContext",
    "Frequency",
    "HeldChannel",
    "Hold",
    "MootReason",
    "Needs",
    "Origin",
    "Outcome",
    "Plain",
    "PreferenceValues",
    "ProposalKind",
    "QuietHoursPolicy",
    "QuietRange",
    "Reason",
    "Ringing",
    "Step",
    "Told",
    "TurnedStep",
]
