from django.urls import path

from apps.notifications.pages import addresses, hooks, preferences, push

urlpatterns = [
    path("", preferences.own, name="preferences"),
    path("consents/<slug:purpose>/", preferences.consent, name="preferences-consent"),
    path("push/", push.state, name="preferences-push"),
    path("try/", preferences.trying, name="preferences-try"),
    path("addresses/<uuid:public_id>/on/", addresses.send_again, name="preferences-address-on"),
    path("channels/<slug:channel>/", preferences.channel, name="preferences-channel"),
    path("hooks/", hooks.add, name="preferences-hooks"),
    *(
        path(f"hooks/<uuid:public_id>/{word}/", view, name=f"preferences-hook-{word}")
        for word, view in (
            ("rotate", hooks.rotate),
            ("enable", hooks.enable),
            ("remove", hooks.remove),
            ("recover", hooks.recovering),
        )
    ),
]
