#!/usr/bin/env python3
"""The one door: `up`, `test`, `run web|worker|beat`, and every Django command.

Needs nothing but Python 3.11: it makes its own environment first (config/bootstrap).
"""

import sys


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  # this very line is what older ones must reach
        sys.exit("Vigil needs Python 3.11 or newer. Try: python3.11 manage.py up")
    from config.bootstrap.entry import run

    run(sys.argv)


if __name__ == "__main__":
    main()
