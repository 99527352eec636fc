"""What tests in a browser share: one browser and one stage a process, and visitors who come."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from chromium import a_browser
from stage import Come, Stage, Visitor, a_stage, a_visitor


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    with a_stage() as found:
        yield found


@pytest.fixture(scope="session")
def one_browser() -> Iterator[tuple[Browser, asyncio.AbstractEventLoop]]:
    """The browser, and the loop that runs in this thread while it is spoken to."""
    with a_browser() as browser:
        loop = asyncio.get_running_loop()
        _run(None)
        yield browser, loop
        _run(loop)


@pytest.fixture
def browser(one_browser: tuple[Browser, asyncio.AbstractEventLoop]) -> Iterator[Browser]:
    """The browser; between tests of ours others in this process may begin a loop of their own."""
    found, loop = one_browser
    _run(loop)
    yield found
    _run(None)


def _run(loop: asyncio.AbstractEventLoop | None) -> None:
    # Playwright leaves its loop running after each call, and asyncio allows one in a thread.
    asyncio._set_running_loop(loop)  # noqa: SLF001  asyncio says it is for whoever runs loops


@pytest.fixture
def come(stage: Stage, browser: Browser) -> Iterator[Come]:
    with ExitStack() as all_of_them:

        def comes(**how: Any) -> Visitor:  # noqa: ANN401  what a context takes
            return all_of_them.enter_context(a_visitor(stage, browser, **how))

        yield comes
