"""Every table has a factory, and every factory makes a row that the database accepts."""

import pytest
from django.apps import apps
from django.db.models import Model

from tests import factories

pytestmark = pytest.mark.django_db

# Made by the code under test alone.
WITHOUT_FACTORY = {
    "core.CircuitBreaker",
    "classification.ModelAnswer",
    "classification.ShadowVerdict",
    "notifications.Move",
}


def test_each_factory_makes_a_row() -> None:
    business = factories.make_business()
    ana = factories.make_user(business=business)
    source = factories.make_source(business=business)
    event = factories.make_event(business=business, user=ana)
    notification = factories.make_notification(event=event, user=ana)
    delivery = factories.make_delivery(notification=notification)
    digest = factories.make_digest(business=business, user=ana)
    rule_set = factories.make_seniority_rule_set(document={})
    rows: list[Model] = [
        notification.decision,
        event.raw_event,
        factories.make_api_key(business=business, user=ana)[0],
        factories.make_assignment(client=factories.make_client(business=business), user=ana),
        factories.make_attempt(delivery=delivery),
        factories.make_audit_event(),
        factories.make_aura(business=business, user=ana),
        factories.make_channel_preference(user=ana),
        factories.make_classification(event=event),
        factories.make_consent(user=ana),
        factories.make_detection(event=event),
        factories.make_digest_item(digest=digest, notification=notification),
        factories.make_feedback(notification=notification),
        factories.make_golden_case(event=event, author=ana),
        factories.make_heartbeat(),
        factories.make_inhibition(business=business),
        factories.make_insight(event=event),
        factories.make_keyword_rule(business=business),
        factories.make_linked_account(business=business, user=ana),
        factories.make_model_call(business=business),
        factories.make_model_spend(business=business),
        factories.make_preference(user=ana),
        factories.make_presence(user=ana),
        factories.make_waking(business=business, user=ana),
        factories.make_prompt(),
        factories.make_proposal(business=business, user=ana),
        factories.make_profile_value(source=source),
        factories.make_refresh_token(user=ana),
        factories.make_round(business=business, user=ana),
        rule_set,
        factories.make_seniority_state(source=source),
        factories.make_shadow_title(event=event, rule_set=rule_set),
        factories.make_silence(business=business),
        factories.make_source_secret(source=source),
        factories.make_tally(user=ana),
        factories.make_task(),
        factories.make_vip(business=business),
        factories.make_watched_field(source=source),
    ]
    assert [row for row in rows if row.pk is None] == []
    own = {model for model in apps.get_models() if model.__module__.startswith("apps.")}
    empty = {model._meta.label for model in own if not model._default_manager.exists()}
    assert empty == WITHOUT_FACTORY
