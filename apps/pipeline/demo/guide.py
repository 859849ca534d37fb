"""What whoever started the demo reads: where to look, how to log in, how to send a webhook."""

from apps.pipeline.demo.seeding import Demo

_TEXT = """
  Demo login        {email}  /  {password}

  Send a signed mail of your own (seconds later it is in the inbox, with its reasons):

    ID=msg_$RANDOM$RANDOM; TS=$(date +%s)
    BODY='{{"id":"'$ID'","timestamp":"'$(date -u +%FT%TZ)'","type":"composio.trigger.message",
      "metadata":{{"trigger_slug":"GMAIL_NEW_GMAIL_MESSAGE","user_id":"demo-ana"}},
      "data":{{"sender":"Mira Castell <mira.castell@contoso.example>",
        "subject":"Hello from curl '$ID'","message_text":"Can you call me today?"}}}}'
    SIG=$(printf '%s.%s.%s' "$ID" "$TS" "$BODY" |
      openssl dgst -sha256 -hmac '{secret}' -binary | base64)
    curl -i {url}/webhooks/composio/events -H 'content-type: application/json' \\
      -H "webhook-id: $ID" -H "webhook-timestamp: $TS" -H "webhook-signature: v1,$SIG" -d "$BODY"
"""

FIRST_PERSON = """
  Nobody can log in yet. Make the first person:

    python3 manage.py createsuperuser

  Then log in to the console and make a business, and a membership of yours in it.
"""


def text(demo: Demo, url: str) -> str:
    return _TEXT.format(
        email=demo.email,
        password=demo.password,
        secret=demo.secrets["composio"],
        url=url.rstrip("/"),
    )
