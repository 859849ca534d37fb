import time
import uuid

from apps.core.identifiers import uuid7


def milliseconds(identifier: uuid.UUID) -> int:
    return identifier.int >> 80


def test_an_identifier_is_a_version_7_uuid_of_the_rfc_variant() -> None:
    identifier = uuid7()
    assert (identifier.version, identifier.variant) == (7, uuid.RFC_4122)


def test_an_identifier_carries_the_milliseconds_of_its_birth() -> None:
    before = time.time_ns() // 1_000_000
    born = milliseconds(uuid7())
    assert before <= born <= time.time_ns() // 1_000_000


def test_identifiers_of_later_milliseconds_sort_later() -> None:
    first = uuid7()
    time.sleep(0.002)
    assert first < uuid7()


def test_times_in_identifiers_never_go_back() -> None:
    births = [milliseconds(uuid7()) for _ in range(2_000)]
    assert births == sorted(births)


def test_identifiers_of_one_millisecond_differ() -> None:
    assert len({uuid7() for _ in range(5_000)}) == 5_000
