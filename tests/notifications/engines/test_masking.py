import pytest

from apps.notifications.engines.masking import without_code

DOTS = "••••••"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Your verification code is 481 923", "481923"),
        ("Enter 12-34-56 to go on", "123456"),
        ("Type 99 88 77.", "998877"),
        ("It is 4 4 5 5 6 6", "445566"),
        ("It is 481\u00a0923", "481923"),
        ("It is 481–923", "481923"),
        ("It is 48\u200b19\u200b23", "481923"),
        ("验证码\uff14\uff18\uff11\uff19\uff12\uff13", "481923"),
        ("It is G-48192", "G-48192"),
        ("It is \uff27\u201148192", "G-48192"),
    ],
)
def test_a_code_is_masked_as_its_sender_wrote_it(text: str, code: str) -> None:
    masked = without_code(text, code)
    assert "•" * len(code) in masked
    assert not any(character.isdigit() for character in masked)


def test_every_occurrence_is_masked() -> None:
    assert without_code("481923, that is 481 923.", "481923") == f"{DOTS}, that is {DOTS}."


def test_other_numbers_stay() -> None:
    text = "Order 481 924 of 12-34-57, 4 lines"
    assert without_code(text, "481923") == text


@pytest.mark.parametrize("code", [None, "", "-"])
def test_without_a_code_nothing_changes(code: str | None) -> None:
    assert without_code("Lunch at 12-30?", code) == "Lunch at 12-30?"
