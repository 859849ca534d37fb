import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.http.address import check_address, check_url
from apps.core.http.errors import BlockedAddress, FailureKind
from apps.core.http.types import Policy

PUBLIC = Policy()

PRIVATE_ADDRESSES = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
]

NOT_ADDRESSES = [
    "",
    "localhost",
    "127.1",
    "0x7f.1",
    "2130706433",
    "010.0.0.1",
    "1.2.3.4.5",
    "[::1]",
]

PUBLIC_ADDRESSES = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450::1"]

BLOCKED_HOSTS = [
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "0x7f000001",
    "0x7F.0x0.0x0.0x1",
    "127.1",
    "127.0.1",
    "017700000001",
    "0177.0.0.1",
    "0.0.0.0",
    "0",
    "10.0.0.1",
    "169.254.169.254",
    "2852039166",
    "192.168.0.1",
    "224.0.0.1",
    "192.88.99.1",
    "example.0x1",
    "1.2.3.4.5",
    "256.1.1.1",
    "127。0。0。1",
    "１２７.0.0.1",
    "①②⑦.0.0.1",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:7f00:1::]",
    "[fec0::1]",
    "[fe80::1%25eth0]",
    "[fd00::1]",
    "[ff02::1]",
    "[127.0.0.1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "api.localhost",
    "printer.local",
    "metadata.google.internal",
    "router.home.arpa",
    "redis",
    "example.com.",
    "example.com。",
    "example..com",
    ".example.com",
    "-example.com",
    "example-.com",
    "ex_ample.com",
    "exa%6dple.com",
    f"{'a' * 64}.com",
    f"{'a.' * 127}com",
]


def is_blocked(ip: str) -> bool:
    try:
        check_address(ip)
    except BlockedAddress:
        return True
    return False


@pytest.mark.parametrize("ip", PRIVATE_ADDRESSES)
def test_an_address_that_is_not_public_unicast_is_refused(ip: str) -> None:
    with pytest.raises(BlockedAddress):
        check_address(ip)


@pytest.mark.parametrize("text", NOT_ADDRESSES)
def test_what_is_not_written_as_one_exact_address_is_refused(text: str) -> None:
    with pytest.raises(BlockedAddress):
        check_address(text)


@pytest.mark.parametrize("ip", PUBLIC_ADDRESSES)
def test_a_public_address_passes(ip: str) -> None:
    assert not is_blocked(ip)


@given(st.ip_addresses(v=4, network="127.0.0.0/8"))
def test_no_embedding_hides_loopback(address: ipaddress.IPv4Address) -> None:
    embeddings = [
        int(address),
        0xFFFF << 32 | int(address),
        0x64FF9B << 96 | int(address),
        0x2002 << 112 | int(address) << 80,
    ]
    for number in embeddings:
        with pytest.raises(BlockedAddress):
            check_address(str(ipaddress.IPv6Address(number)))


@pytest.mark.parametrize("host", BLOCKED_HOSTS)
def test_a_host_that_is_not_a_public_name_is_refused(host: str) -> None:
    with pytest.raises(BlockedAddress):
        check_url(f"https://{host}/", policy=PUBLIC)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "//example.com/",
        "example.com",
        "",
        "https://",
        "https:///path",
        "https://user@example.com/",
        "https://user:secret@example.com/",
        "https://example.com@127.0.0.1/",
        "https://example.com:22/",
        "https://example.com:80/",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:443x/",
        "https://example.com:-443/",
        "https://[::1/",
        "https://example.com/a b",
        "https://example.com/\r\nX-Injected: 1",
        "https://exam\tple.com/",
        "https://example.com\\@127.0.0.1/",
        "https://example.com/\x00",
        f"https://example.com/{'a' * 2_000}",
    ],
)
def test_a_url_that_could_mean_two_things_is_refused(url: str) -> None:
    with pytest.raises(BlockedAddress):
        check_url(url, policy=PUBLIC)


def test_a_refused_url_says_that_nothing_was_sent() -> None:
    with pytest.raises(BlockedAddress) as caught:
        check_url("https://127.0.0.1/", policy=PUBLIC)
    assert (caught.value.kind, caught.value.sent) == (FailureKind.BLOCKED, False)
    assert caught.value.number == 5003


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "query"),
    [
        ("https://example.com", "example.com", 443, "/", ""),
        ("HTTPS://EXAMPLE.com:443/A?b=c#d", "example.com", 443, "/A", "b=c"),
        ("https://bücher.example/ü", "xn--bcher-kva.example", 443, "/%C3%BC", ""),
        ("https://example.com:/a%20b", "example.com", 443, "/a%20b", ""),
        ("https://8.8.8.8/", "8.8.8.8", 443, "/", ""),
        ("https://[2606:4700:4700:0::1111]/", "2606:4700:4700::1111", 443, "/", ""),
    ],
)
def test_a_public_url_is_taken_apart(url: str, host: str, port: int, path: str, query: str) -> None:
    parsed = check_url(url, policy=PUBLIC)
    assert (parsed.host, parsed.port, parsed.path, parsed.query) == (host, port, path, query)


def test_a_listed_port_is_allowed() -> None:
    policy = Policy(extra_ports=frozenset({8443}))
    assert check_url("https://example.com:8443/", policy=policy).port == 8443


def test_plain_http_to_the_public_needs_its_port_as_well() -> None:
    with pytest.raises(BlockedAddress):
        check_url("http://example.com/", policy=Policy(allow_http=True))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8001/", "http://web:8000/", "http://[::2]:8000/"]
)
def test_an_exempted_neighbour_exempts_no_other(url: str) -> None:
    policy = Policy(allow_private=frozenset({"127.0.0.1:8000", "[::1]:8000"}), allow_http=True)
    with pytest.raises(BlockedAddress):
        check_url(url, policy=policy)


@pytest.mark.parametrize("origin", ["127.0.0.1:8000", "[::1]:8000", "web:8000"])
def test_an_exempted_host_and_port_passes(origin: str) -> None:
    policy = Policy(allow_private=frozenset({origin}), allow_http=True)
    assert check_url(f"http://{origin}/", policy=policy).origin == origin
