"""Chromium for tests in a browser: where it is, and how it is got where there is none.

Run as a script it sees to it that there is one, and says nothing if there is.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    # Root's browser has no sandbox of its own; what it sees is ours.
    "--no-sandbox",
    # No name leads anywhere but here, so no request leaves the machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--no-proxy-server",
    "--disable-gpu",
    "--font-render-hinting=none",
)
MISSING = (
    "There is no Chromium on this machine, and tests in a browser need one. "
    "Install it (on Debian and Ubuntu: apt install chromium), or say where it is: CHROMIUM=/path."
)


def path() -> str:
    """Where Chromium is; nothing if it is not there. ``CHROMIUM`` names another."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named) or ""
    return next(filter(None, map(shutil.which, NAMES)), None) or _of_playwright()


@contextmanager
def a_browser() -> Iterator[Browser]:
    """A browser without a window."""
    found = path()
    assert found, MISSING
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def get() -> bool:
    """Install Chromium by the system's packages, or else by Playwright; whether it is there."""
    _tell("Tests in a browser need Chromium, and there is none: it is installed now.")
    for command in (*_of_the_system(), [sys.executable, "-m", "playwright", "install", "chromium"]):
        subprocess.run(
            command, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        )
        # A package may be there that only says where the browser would be got.
        if _runs(path()):
            return True
    return False


def _tell(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _of_the_system() -> Sequence[Sequence[str]]:
    if not shutil.which("apt-get"):
        return ()
    root = () if os.geteuid() == 0 else ("sudo", "-n")
    if root and not shutil.which("sudo"):
        return ()
    install = (*root, "apt-get", "install", "--yes", "--quiet", "--no-install-recommends")
    return ((*root, "apt-get", "update", "--quiet"), (*install, "chromium"))


def _of_playwright() -> str:
    with sync_playwright() as playwright:
        found = playwright.chromium.executable_path
    return found if Path(found).exists() else ""


def _runs(found: str) -> bool:
    return (
        bool(found)
        and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0
    )


if __name__ == "__main__" and not path() and not get():
    _tell(MISSING)
