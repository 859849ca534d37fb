"""Channels that follow one another."""

from hypothesis import given
from hypothesis import strategies as st

from apps.notifications.engines.succession import at_once, following

NAMES = ["web_push", "sms", "email", "slack"]
some = st.lists(st.sampled_from(NAMES), unique=True)


def test_without_an_order_all_ring_at_once() -> None:
    assert at_once((), ("in_app", "web_push", "sms")) == ("in_app", "web_push", "sms")


def test_the_first_of_the_order_that_can_be_used_rings_beside_those_outside_of_it() -> None:
    usable = ("in_app", "sms", "email", "slack")
    assert at_once(("web_push", "email", "sms"), usable) == ("in_app", "email", "slack")


def test_the_next_is_one_that_can_be_used_and_was_not_tried() -> None:
    order = ("web_push", "sms", "email")
    assert following(order, NAMES, {"web_push"}, "web_push") == "sms"
    assert following(order, ["email"], {"web_push"}, "web_push") == "email"
    assert following(order, NAMES, {"web_push", "sms", "email"}, "web_push") is None
    assert following(order, NAMES, set(), "email") is None


def test_nothing_follows_what_stands_in_no_order() -> None:
    assert following(("sms",), NAMES, set(), "slack") is None


@given(some, some)
def test_every_usable_channel_of_the_order_is_rung_once_if_all_fail(
    order: list[str], usable: list[str]
) -> None:
    rung = list(at_once(order, usable))
    last = next((name for name in order if name in rung), None)
    while last is not None:
        last = following(order, usable, rung, last)
        rung += [last] if last else []
    assert sorted(rung) == sorted(usable)
