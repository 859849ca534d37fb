"""The operators' console as tests use it: who is logged in, and one row of everything it shows."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from apps.accounts.models import Business, User
from apps.core.models import CircuitBreaker
from apps.ingestion.models import RawEvent
from tests import factories

SECRET = "whsec_bmV2ZXItc2hvdy10aGlzLXNlY3JldC1vbi1hbnktcGFnZSE="
BODY = b'{"subject": "never show this body in a list"}'
HOSTILE = "<script>alert('title')</script>"
TITLES = {"version": "1", "csuite": ["ceo"], "vp": ["vp"]}


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def operator() -> Client:
    """Somebody who may do everything."""
    return logged_in(factories.make_user(name="Olga", is_staff=True, is_superuser=True))


def staff(*permissions: str) -> Client:
    """Somebody of the staff with just these permissions, "app.codename"."""
    user = factories.make_user(name="Sam", is_staff=True)
    for permission in permissions:
        app, _, codename = permission.partition(".")
        user.user_permissions.add(_permission(app, codename))
    return logged_in(user)


def _permission(app: str, codename: str) -> Permission:
    found = Permission.objects.filter(content_type__app_label=app, codename=codename).first()
    content_type = ContentType.objects.get_for_model(RawEvent)
    return found or Permission.objects.create(
        content_type=content_type, codename=codename, name=codename
    )


def one_of_each(business: Business, user: User) -> dict[type[Model], Any]:
    """A row of every model the console shows, as far as possible of one and the same event."""
    source = factories.make_source(business=business, kind="generic")
    factories.make_source_secret(source=source, value=SECRET)
    raw = factories.make_raw_event(business=business, source=source, body=BODY)
    event = factories.make_event(business=business, user=user, raw_event=raw, title=HOSTILE)
    decision = factories.make_decision(event=event, user=user)
    notification = factories.make_notification(
        event=event, user=user, decision=decision, title=HOSTILE
    )
    delivery = factories.make_delivery(notification=notification)
    factories.make_attempt(delivery=delivery)
    digest = factories.make_digest(business=business, user=user, title=HOSTILE)
    factories.make_digest_item(digest=digest, notification=notification)
    rules = factories.make_seniority_rule_set(document=TITLES, business=business, active=True)
    every = IntervalSchedule.objects.create(every=5, period=IntervalSchedule.SECONDS)
    rows = [
        business,
        user,
        Group.objects.create(name="Operators"),
        CircuitBreaker.objects.create(name="mail"),
        PeriodicTask.objects.create(name="sweep", task="pipeline.sweep", interval=every),
        factories.make_client(business=business),
        factories.make_linked_account(business=business, user=user),
        factories.make_aura(business=business, user=user),
        factories.make_consent(user=user),
        factories.make_api_key(business=business, user=user)[0],
        factories.make_audit_event(correlation_id=event.correlation_id),
        source,
        raw,
        event,
        factories.make_vip(business=business),
        factories.make_keyword_rule(business=business),
        factories.make_silence(business=business),
        factories.make_inhibition(business=business),
        rules,
        factories.make_shadow_title(event=event, rule_set=rules),
        factories.make_classification(event=event),
        factories.make_detection(event=event, title=HOSTILE),
        factories.make_golden_case(event=event, author=user),
        factories.make_model_call(business=business),
        factories.make_model_spend(business=business),
        factories.make_prompt(),
        factories.make_preference(user=user),
        factories.make_message_template(business=business),
        factories.make_channel_preference(user=user),
        factories.make_address(user=user),
        decision,
        notification,
        delivery,
        digest,
        factories.make_feedback(notification=notification),
        factories.make_proposal(business=business, user=user),
        factories.make_spend_cap(business=business),
        factories.make_spend_counter(business=business, user=user),
        factories.make_whatsapp_template(business=business),
        factories.make_task(),
        factories.make_heartbeat(),
    ]
    return {type(row): row for row in rows}


def list_of(model: type[Model]) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def page_of(row: Model) -> str:
    return f"{list_of(type(row))}{row.pk}/change/"


def fields_of(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send back of the form at `url` if nothing were changed."""
    context = client.get(url).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    return {
        name: value
        for form in forms
        for field in form
        for name, value in _sent(field)
        if value is not None and value is not False
    }


def _sent(field: Any) -> list[tuple[str, Any]]:
    value, widget = field.value(), field.field.widget
    if hasattr(widget, "widgets"):
        parts = value if isinstance(value, list) else widget.decompress(value)
        return [(f"{field.html_name}_{index}", part) for index, part in enumerate(parts)]
    return [(field.html_name, value)]
