"""Anything inhibitions may meet, close enough to each other to match often."""

from hypothesis import strategies as st

from apps.rules.types import ActiveInhibition, ActiveMatchers, Equal, Subject

_words = st.sampled_from(("risk", "message"))
_types = st.sampled_from(("mail", "news.article"))
_priorities = st.none() | st.integers(1, 10)
_matchers = st.builds(
    ActiveMatchers,
    category=st.none() | _words,
    event_type=st.none() | _types,
    sender_index=st.sampled_from((None, None, b"carla", b"@acme")),
    client_id=st.sampled_from((None, None, 7)),
    min_priority=_priorities,
    max_priority=_priorities,
)
subjects = st.builds(
    Subject,
    category=_words,
    event_type=_types,
    priority=st.integers(1, 10),
    client_id=st.sampled_from((None, 7, 8)),
    senders=st.sampled_from(((), (b"carla", b"@acme"), (b"dora", b"@acme"))),
    thread=st.sampled_from(("", "t1")),
)
inhibitions = st.builds(
    ActiveInhibition,
    inhibition_id=st.uuids(),
    source=_matchers,
    target=_matchers,
    equal=st.sets(st.sampled_from(Equal.values)).map(tuple),
    window_minutes=st.integers(1, 1_440),
)
