"""Whether somebody is told, and why: the values of the noise filter."""

from apps.notifications.types.choices import (
    CHANNEL_NAMES,
    Bar,
    Frequency,
    Hold,
    MootReason,
    OffReason,
    Origin,
    Outcome,
    ProposalKind,
    QuietHoursPolicy,
    Reason,
    ReportKind,
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
from apps.notifications.types.reports import Report

__all__ = [
    "CHANNEL_NAMES",
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
    "OffReason",
    "Origin",
    "Outcome",
    "Plain",
    "PreferenceValues",
    "ProposalKind",
    "QuietHoursPolicy",
    "QuietRange",
    "Reason",
    "Report",
    "ReportKind",
    "Ringing",
    "Step",
    "Told",
    "TurnedStep",
]
