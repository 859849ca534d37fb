import pytest
from django.template.loader import render_to_string
from django.test import Client


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("400.html", "That request made no sense"),
        ("403.html", "You may not do that"),
        ("403_csrf.html", "reload it"),
        ("404.html", "There is nothing here"),
        ("500.html", "That is our fault"),
    ],
)
def test_a_page_about_an_error_needs_nothing_to_be_shown(template: str, words: str) -> None:
    assert words in render_to_string(template)


def test_browsers_that_ask_for_an_icon_get_one(client: Client) -> None:
    icon = client.get(client.get("/favicon.ico")["location"])
    assert (icon.status_code, icon["content-type"]) == (200, "image/svg+xml")
    icon.close()
