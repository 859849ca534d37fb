import pytest

from apps.core.http.errors import BlockedAddress
from apps.core.http.types import Policy
from apps.notifications.engines.push.endpoints import origin_of, push_endpoint

HOSTS = ("fcm.googleapis.com", "*.push.services.mozilla.com", "*.push.apple.com")


@pytest.mark.parametrize(
    "url",
    [
        "http://fcm.googleapis.com/x",
        "ftp://fcm.googleapis.com/x",
        "file:///etc/passwd",
        "https://127.0.0.1/x",
        "https://[::ffff:7f00:1]/x",
        "https://[64:ff9b::a9fe:a9fe]/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://localhost./x",
        "https://push.internal/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://ana@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:22/x",
        "https://fcm.googleapis.com:443443/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com",
        "https://evil.example#fcm.googleapis.com",
        "https://evil.example\\@fcm.googleapis.com/x",
        "https://evilpush.apple.com/x",
        "https://push.apple.com/x",
        "https://xn--fm-9ua.googleapis.com/x",
        "https://fcm.googleapiſ.com/x",
        "https://ｆcm.googleapis.com/x",
        "https://fcm.googleapis.com /x",
        "https://fcm.googleapis.com/\r\nHost: evil",
        f"https://fcm.googleapis.com/{'x' * 3_000}",
        "//fcm.googleapis.com/x",
        "fcm.googleapis.com",
        "",
    ],
)
def test_what_is_no_push_service_is_refused(url: str) -> None:
    """Catalogue B64."""
    with pytest.raises(BlockedAddress):
        push_endpoint(url, hosts=HOSTS, policy=Policy())


def test_without_any_host_nothing_is_allowed() -> None:
    with pytest.raises(BlockedAddress):
        push_endpoint("https://fcm.googleapis.com/x", hosts=(), policy=Policy())


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://fcm.googleapis.com/fcm/send/a:b-c_d", "https://fcm.googleapis.com"),
        ("https://FCM.googleapis.com:443/x", "https://fcm.googleapis.com"),
        (
            "https://updates.push.services.mozilla.com/wpush/v2/gA",
            "https://updates.push.services.mozilla.com",
        ),
        ("https://web.push.apple.com/Q", "https://web.push.apple.com"),
    ],
)
def test_a_push_service_is_known_by_its_origin(url: str, origin: str) -> None:
    assert origin_of(push_endpoint(url, hosts=HOSTS, policy=Policy())) == origin


def test_another_port_is_part_of_the_origin() -> None:
    policy = Policy(extra_ports=frozenset({8443}))
    found = push_endpoint("https://fcm.googleapis.com:8443/x", hosts=HOSTS, policy=policy)
    assert origin_of(found) == "https://fcm.googleapis.com:8443"
