"""No transaction spans a network call: its locks would be held for as long as a stranger likes."""

from django.db import connections


class NetworkInsideTransaction(RuntimeError):
    """A programming error, never an outcome: it is not a VigilError."""


def refuse_inside_transaction() -> None:
    """Raise NetworkInsideTransaction when this thread has an open `atomic` block.

    The blocks with which Django's TestCase (and so pytest-django's `db`) surrounds a test do not
    count, so a test needs no exemption and real blocks inside it are still found.
    """
    for connection in connections.all(initialized_only=True):
        blocks = connection.atomic_blocks
        if not all(getattr(block, "_from_testcase", False) for block in blocks):
            raise NetworkInsideTransaction("no network inside a transaction")
