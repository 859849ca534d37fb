"""What the person at the keyboard must know, without a stack trace."""


class SetupError(Exception):
    """The message says what is wrong and what to do; `manage.py` prints it and exits with 1."""


class Stopped(Exception):  # a request, not a failure
    """Ctrl-C, SIGTERM or a closed terminal arrived while something was being waited for."""
