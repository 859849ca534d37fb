"""Pages of lists, each under the list's own name."""

from apps.core.api.pagination import LimitOffsetPage


class VipPage(LimitOffsetPage):
    rows_name = "vips"


class SilencePage(LimitOffsetPage):
    rows_name = "silences"


class EventPage(LimitOffsetPage):
    rows_name = "events"


class ProposalPage(LimitOffsetPage):
    rows_name = "proposals"


class EmailLogPage(LimitOffsetPage):
    rows_name = "logs"
    offset_name = "skip"


class HistoryPage(LimitOffsetPage):
    rows_name = "notifications"
