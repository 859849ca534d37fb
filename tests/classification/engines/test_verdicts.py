from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classification.engines.seniority import TitleRules
from apps.classification.engines.verdicts import JudgeContext, judge, needs_model
from apps.classification.engines.vocabulary import document
from apps.classification.types import Category, Level, Method, RiskLevel, Verdict
from apps.ingestion.types import EventKind, Fact, ProfileChange
from apps.rules.engines.keywords import KeywordSet
from apps.rules.types import KeywordEntry, KeywordHit, VipMatch

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
VIP = VipMatch(rule_id=UUID(int=3), label="Carla Example", priority=8)
TITLE_RULES = TitleRules.parse(document("seniority_rules"))
NOBODY = JudgeContext()


def mail(content: str = "", title: str = "", **fields: Any) -> Fact:
    return Fact(kind=EventKind.EMAIL, event_type="MAIL", title=title, content=content, **fields)


def news(content: str, **attributes: Any) -> Fact:
    return Fact(kind=EventKind.NEWS, event_type="NEWS", content=content, attributes=attributes)


def meeting(starts_in: timedelta | None, lasts: timedelta | None = HOUR, **attributes: Any) -> Fact:
    starts_at = NOW + starts_in if starts_in is not None else None
    return Fact(
        kind=EventKind.CALENDAR,
        event_type="GOOGLECALENDAR_SYNC",
        title="Planning",
        starts_at=starts_at,
        ends_at=starts_at + lasts if starts_at and lasts else None,
        attributes=attributes,
    )


def profile(title: str, name: str = "Dana Example") -> Fact:
    return Fact(
        kind=EventKind.PROFILE,
        event_type="profile.updated",
        change=ProfileChange(
            person_id="7", person_name=name, field_id="1", field_name="Job Title", value=title
        ),
    )


def verdict_on(fact: Fact, context: JudgeContext = NOBODY) -> Verdict:
    return judge(fact, context, now=NOW)


def hit(priority: int, category: str = "risk", label: str = "churn") -> KeywordHit:
    return KeywordHit(rule_id=UUID(int=3), label=label, priority=priority, category=category)


def codes_of(verdict: Verdict) -> list[str]:
    return [signal.code for signal in verdict.signals]


def title_context(previous: Level = Level.NONE) -> JudgeContext:
    return JudgeContext(previous_level=previous, title_rules=TITLE_RULES)


# One-time passwords


def test_a_lapsed_code_is_not_worth_telling() -> None:
    verdict = verdict_on(mail("Your code is 482913.", occurred_at=NOW - HOUR))
    assert verdict.priority == 1
    assert verdict.expires_at == NOW - HOUR + 10 * MINUTE
    assert not verdict.overrides_quiet_hours


def test_a_code_is_critical_and_breaks_the_quiet() -> None:
    verdict = verdict_on(mail("Your code is 482913.", occurred_at=NOW))
    assert verdict.code is not None
    assert verdict.code.value == "482913"
    assert (verdict.priority, verdict.category) == (9, Category.SECURITY_CODE)
    assert (verdict.relevance, verdict.confidence) == (1.0, 0.95)
    assert verdict.overrides_quiet_hours
    assert verdict.expires_at == NOW + 10 * MINUTE
    assert verdict.method is Method.FAST_PATH


def test_a_code_never_shows_in_the_reason_or_the_signals() -> None:
    verdict = verdict_on(mail("Your code is 482913."))
    assert "482913" not in f"{verdict.reason}{verdict.signals}"


def test_a_sender_whose_clock_runs_ahead_does_not_prolong_a_code() -> None:
    verdict = verdict_on(mail("Your code is 482913.", occurred_at=NOW + HOUR))
    assert verdict.expires_at == NOW + 10 * MINUTE


def test_news_about_codes_holds_no_code() -> None:
    assert verdict_on(news("Your code is 482913.")).code is None


def test_what_was_hidden_in_a_mail_is_told_and_moves_nothing() -> None:
    plain, hiding = (
        verdict_on(mail("Shall we meet?", hidden=hidden)) for hidden in ((), ("hidden_element",))
    )
    assert codes_of(hiding) == [*codes_of(plain), "hidden_text"]
    assert replace(hiding, signals=plain.signals) == plain


def test_a_newsletter_with_a_preheader_hides_nothing_worth_a_word() -> None:
    fact = mail("Unsubscribe here", hidden=("preheader",))
    assert "hidden_text" not in codes_of(verdict_on(fact))


# Senders and keywords


@pytest.mark.parametrize(("priority", "released"), [(8, False), (9, True), (10, True)])
def test_what_a_rule_of_somebodys_own_calls_critical_breaks_the_quiet(
    priority: int, *, released: bool
) -> None:
    vip = VipMatch(rule_id=UUID(int=3), label="Carla", priority=priority)
    for context in (JudgeContext(vip=vip), JudgeContext(keywords=(hit(priority),))):
        verdict = verdict_on(mail("Hello"), context)
        assert verdict.overrides_quiet_hours is released
        assert not verdict.awaited


def test_a_source_cannot_break_the_quiet_for_its_own_facts() -> None:
    assert not verdict_on(news("Nothing", priority=10)).overrides_quiet_hours


def test_whoever_forges_a_vips_name_is_no_vip() -> None:
    forged = mail("Hello", attributes={"authentication": "failed"})
    verdict = verdict_on(forged, JudgeContext(vip=replace(VIP, priority=10)))
    assert (verdict.vip, verdict.overrides_quiet_hours) == (False, False)
    assert verdict.priority == verdict_on(mail("Hello")).priority
    assert "vip_unproven" in codes_of(verdict)


@pytest.mark.parametrize(("asked", "given"), [(1, 7), (8, 8), (10, 10), (99, 10)])
def test_a_vip_sender_counts_at_least_seven(asked: int, given: int) -> None:
    context = JudgeContext(vip=VipMatch(rule_id=UUID(int=3), label="Carla", priority=asked))
    verdict = verdict_on(mail("Hello"), context)
    assert (verdict.priority, verdict.vip) == (given, True)


def test_the_reason_names_the_vip() -> None:
    reason = verdict_on(mail("Hello"), JudgeContext(vip=VIP)).reason
    assert reason == "Carla Example is on your VIP list."


@pytest.mark.parametrize("label", ["", " ", "carla@example.com", "@example.com"])
def test_the_reason_never_holds_an_address(label: str) -> None:
    context = JudgeContext(vip=VipMatch(rule_id=UUID(int=3), label=label, priority=8))
    assert verdict_on(mail("Hello"), context).reason == "The sender is on your VIP list."


def test_the_weightiest_keyword_decides_and_all_are_recorded() -> None:
    context = JudgeContext(keywords=(hit(6, "legal"), hit(8, "risk"), hit(5, "news")))
    verdict = verdict_on(mail("Hello"), context)
    assert (verdict.priority, verdict.category) == (8, Category.RISK)
    assert codes_of(verdict) == ["keyword", "keyword", "keyword"]


def test_a_keyword_may_make_a_message_less_important() -> None:
    assert verdict_on(mail("Please sign today"), JudgeContext(keywords=(hit(2),))).priority == 2


@pytest.mark.parametrize("category", ["security_code", "gossip", ""])
def test_a_keyword_cannot_invent_a_category(category: str) -> None:
    verdict = verdict_on(mail("Hello"), JudgeContext(keywords=(hit(6, category),)))
    assert verdict.category is Category.MESSAGE


def test_a_vip_and_a_keyword_together_take_the_higher_priority() -> None:
    verdict = verdict_on(mail("Hello"), JudgeContext(vip=VIP, keywords=(hit(10),)))
    assert (verdict.priority, verdict.vip) == (10, True)
    assert codes_of(verdict) == ["vip", "keyword"]


def test_among_equals_the_earlier_rule_gives_the_reason() -> None:
    verdict = verdict_on(mail("Hello"), JudgeContext(vip=VIP, keywords=(hit(8),)))
    assert verdict.reason == "Carla Example is on your VIP list."


# Meetings


@pytest.mark.parametrize("starts_in", [16 * MINUTE, 24 * HOUR])
def test_a_meeting_later_on_is_ordinary(starts_in: timedelta) -> None:
    verdict = verdict_on(meeting(starts_in))
    assert (verdict.priority, verdict.method) == (5, Method.RULES)


def test_an_all_day_event_is_never_about_to_start() -> None:
    assert verdict_on(meeting(5 * MINUTE, all_day=True)).priority == 5


@pytest.mark.parametrize(
    ("starts_in", "reason"),
    [
        (15 * MINUTE, "A meeting starts in 15 minutes."),
        (timedelta(seconds=61), "A meeting starts in 2 minutes."),
        (timedelta(seconds=1), "A meeting starts in 1 minute."),
        (timedelta(0), "A meeting starts now."),
        (-9 * MINUTE, "A meeting starts now."),
    ],
)
def test_a_near_meeting_is_urgent_until_it_has_begun(starts_in: timedelta, reason: str) -> None:
    verdict = verdict_on(meeting(starts_in))
    assert (verdict.priority, verdict.category) == (8, Category.MEETING)
    assert verdict.reason == reason
    assert verdict.expires_at == NOW + starts_in + 10 * MINUTE


def test_a_short_meeting_is_not_told_after_its_end() -> None:
    assert verdict_on(meeting(MINUTE, 5 * MINUTE)).expires_at == NOW + 6 * MINUTE


def test_the_calendars_own_announcement_counts_at_any_distance() -> None:
    assert verdict_on(meeting(HOUR, change="starting_soon")).priority == 8


def test_an_announcement_without_a_time_still_counts() -> None:
    assert verdict_on(meeting(None, change="starting_soon")).priority == 8


def test_a_late_announcement_is_low_and_already_pointless() -> None:
    verdict = verdict_on(meeting(-20 * MINUTE, change="starting_soon"))
    assert verdict.priority == 3
    assert verdict.expires_at == NOW - 10 * MINUTE


def test_a_running_meeting_is_ordinary() -> None:
    assert verdict_on(meeting(-20 * MINUTE)).priority == 5


@pytest.mark.parametrize("lasts", [HOUR, None])
def test_a_meeting_that_is_over_is_low(lasts: timedelta | None) -> None:
    verdict = verdict_on(meeting(-2 * HOUR, lasts))
    assert verdict.priority == 2
    assert verdict.expires_at is not None
    assert verdict.expires_at < NOW


@pytest.mark.parametrize("attributes", [{"change": "deleted"}, {"status": "cancelled"}])
def test_a_meeting_of_tomorrow_called_off_is_urgent(attributes: dict[str, Any]) -> None:
    assert verdict_on(meeting(23 * HOUR, **attributes)).priority == 7


def test_a_distant_meeting_called_off_is_ordinary() -> None:
    assert verdict_on(meeting(25 * HOUR, change="cancelled")).priority == 5


def test_a_past_meeting_called_off_is_low() -> None:
    assert verdict_on(meeting(-2 * HOUR, change="cancelled")).priority == 2


def test_what_a_vip_organizes_is_not_told_after_its_end() -> None:
    fact = meeting(5 * HOUR)
    verdict = verdict_on(fact, JudgeContext(vip=VIP))
    assert (verdict.priority, verdict.expires_at) == (8, fact.ends_at)


# Job titles


@pytest.mark.parametrize(
    ("title", "previous", "priority", "relevance", "signal"),
    [
        ("Engineer", Level.NONE, 2, 0.2, "seniority_not_senior"),
        ("VP Sales", Level.VP, 2, 0.2, "seniority_unchanged"),
        ("VP Sales", Level.NONE, 8, 0.95, "seniority_first"),
        ("CEO", Level.VP, 8, 0.95, "seniority_promotion"),
        ("VP Sales", Level.CSUITE, 5, 0.5, "seniority_demotion"),
        ("", Level.CSUITE, 5, 0.5, "seniority_removed"),
    ],
)
def test_a_job_title_weighs_by_what_it_changes(
    title: str, previous: Level, priority: int, relevance: float, signal: str
) -> None:
    verdict = verdict_on(profile(title), title_context(previous))
    assert (verdict.priority, verdict.relevance) == (priority, relevance)
    assert codes_of(verdict) == [signal]
    assert verdict.category is Category.LEADERSHIP


def test_the_reason_names_the_person_who_rose() -> None:
    verdict = verdict_on(profile("CEO"), title_context(Level.VP))
    assert verdict.reason == "Dana Example has risen to the C-suite."


def test_an_address_in_place_of_a_name_is_not_repeated() -> None:
    verdict = verdict_on(profile("CEO", name="dana@example.com"), title_context())
    assert verdict.reason == "A member is now in the C-suite."


def test_a_profile_field_that_is_no_title_is_ordinary() -> None:
    verdict = verdict_on(profile("President"))
    assert (verdict.priority, verdict.method) == (3, Method.RULES)


# Accounts and sources


@pytest.mark.parametrize(
    "event_type", ["composio.connected_account.expired", "composio.trigger.disabled"]
)
def test_a_lost_connection_asks_for_action(event_type: str) -> None:
    verdict = verdict_on(Fact(kind=EventKind.ACCOUNT, event_type=event_type))
    assert (verdict.priority, verdict.category) == (7, Category.ACCOUNT)
    assert verdict.action_required
    assert verdict.suggested_action == "Reconnect the account."


@pytest.mark.parametrize(("stated", "given"), [(-3, 1), (1, 1), (6, 6), (8, 8), (9, 8), (10, 8)])
def test_a_source_may_state_a_priority_up_to_eight(stated: int, given: int) -> None:
    verdict = verdict_on(news("Disk is full", priority=stated))
    assert (verdict.priority, verdict.method) == (given, Method.FAST_PATH)


@pytest.mark.parametrize("stated", [True, "9", 8.5, None, [9]])
def test_a_priority_that_is_no_number_is_ignored(stated: object) -> None:
    assert verdict_on(news("Disk is full", priority=stated)).priority == 4


# Wording


@pytest.mark.parametrize(
    "fact",
    [
        mail("Please reply by tomorrow!", attributes={"bulk": True}),
        mail("Please reply by tomorrow!", attributes={"label_ids": ["CATEGORY_PROMOTIONS"]}),
        mail("Please reply by tomorrow! Click here to unsubscribe."),
        mail("Bitte antworten! Newsletter abbestellen"),
    ],
    ids=["header", "label", "wording", "German"],
)
def test_bulk_mail_stays_low_whatever_it_asks(fact: Fact) -> None:
    verdict = verdict_on(fact)
    assert (verdict.priority, verdict.category) == (2, Category.NEWSLETTER)
    assert not verdict.action_required


@pytest.mark.parametrize(
    ("text", "priority", "asks"),
    [
        ("See you there.", 4, False),
        ("The pleasure is all mine.", 4, False),
        ("Where is the file?", 5, True),
        ("Please send me the file.", 6, True),
        ("The deadline is near.", 6, True),
        ("Please sign by tomorrow.", 7, True),
        ("Bitte unterschreiben, dringend.", 7, True),
        ("Пожалуйста, пришлите файл.", 6, True),
        ("ファイルを送ってください。", 6, True),
    ],
)
def test_mail_that_asks_for_something_weighs_more(text: str, priority: int, asks: bool) -> None:
    verdict = verdict_on(mail(text))
    assert (verdict.priority, verdict.action_required) == (priority, asks)
    assert verdict.method is Method.RULES


def test_an_automatic_message_asks_for_nothing() -> None:
    verdict = verdict_on(mail("Please note: I am away.", attributes={"automatic": True}))
    assert (verdict.priority, verdict.action_required) == (3, False)


@pytest.mark.parametrize(
    ("text", "category", "risk"),
    [
        ("Northwind suffers data breach", Category.RISK, RiskLevel.HIGH),
        ("Northwind sued over patents", Category.LEGAL, RiskLevel.MEDIUM),
        ("Northwind appoints new CFO", Category.LEADERSHIP, RiskLevel.LOW),
        ("Northwind raises series B", Category.FUNDING, RiskLevel.NONE),
        ("Northwind expands to Spain", Category.EXPANSION, RiskLevel.NONE),
        ("Northwind teams up with Fabrikam", Category.PARTNERSHIP, RiskLevel.NONE),
        ("Northwind unveils a new platform", Category.PRODUCT, RiskLevel.NONE),
        ("Northwind was in town", Category.NEWS, RiskLevel.NONE),
    ],
)
def test_news_has_the_topic_of_its_wording(text: str, category: Category, risk: RiskLevel) -> None:
    verdict = verdict_on(news(text))
    assert (verdict.category, verdict.risk) == (category, risk)


def test_bad_news_feels_bad_and_good_news_good() -> None:
    assert verdict_on(news("Layoffs and losses at Northwind")).sentiment < 0
    assert verdict_on(news("Northwind raises record funding")).sentiment > 0


def test_a_stated_priority_does_not_hide_the_topic() -> None:
    verdict = verdict_on(news("Northwind suffers data breach", priority=3))
    assert (verdict.priority, verdict.category) == (3, Category.RISK)


def test_wording_alone_never_makes_a_verdict_sure() -> None:
    assert needs_model(verdict_on(mail("Please sign by tomorrow, urgent!")))


def test_a_deterministic_rule_needs_no_model() -> None:
    assert not needs_model(verdict_on(mail("Hello"), JudgeContext(vip=VIP)))


# All of it


@given(
    text=st.text(),
    kind=st.sampled_from(EventKind),
    starts_in=st.none() | st.timedeltas(-2 * 24 * HOUR, 2 * 24 * HOUR),
    attributes=st.dictionaries(
        st.sampled_from(["priority", "change", "status", "all_day", "label_ids", "bulk"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()),
    ),
)
def test_every_fact_gets_a_verdict_within_bounds(
    text: str, kind: EventKind, starts_in: timedelta | None, attributes: dict[str, Any]
) -> None:
    fact = Fact(
        kind=kind,
        event_type=text,
        content=text,
        starts_at=NOW + starts_in if starts_in is not None else None,
        attributes=attributes,
    )
    verdict = verdict_on(fact, JudgeContext(keywords=(hit(99), hit(-1))))
    assert 1 <= verdict.priority <= 10
    assert 0 <= verdict.relevance <= 1
    assert 0 <= verdict.confidence <= 1
    assert -1 <= verdict.sentiment <= 1
    assert verdict.signals
    assert verdict == verdict_on(fact, JudgeContext(keywords=(hit(99), hit(-1))))


def test_judging_an_ordinary_mail_is_quick() -> None:
    keywords = KeywordSet.compile(
        [
            KeywordEntry(
                rule_id=UUID(int=n), pattern=f"word{n}", is_regex=False, priority=7, category=""
            )
            for n in range(50)
        ]
    )
    fact = mail(("Hello Ana, could you look at the contract before Friday? " * 9)[:500])

    def once() -> float:
        started = perf_counter()
        judge(fact, JudgeContext(keywords=keywords.match(fact.content)), now=NOW)
        return perf_counter() - started

    assert min(once() for _ in range(50)) < 0.001
