from typing import Any

from unfold.widgets import UnfoldAdminPasswordWidget


class SecretInput(UnfoldAdminPasswordWidget):
    """A value that goes in and never comes out: neither on a saved row nor after an error."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "new-password", **(attrs or {})})
        self.render_value = False
