"""The door for people beside the one for programs: all that is not under ``/v1`` is a page."""

from starlette.routing import Match, Mount
from starlette.types import Scope

from tonne.operations import Office
from tonne.signin import Lodge
from tonne.web import Certifier, pages

_PROGRAMS = "/v1"


class Pages(Mount):
    """The pages, at every address that the interface for programs leaves."""

    def __init__(self, office: Office, lodge: Lodge | None, certifier: Certifier | None) -> None:
        """The pages of an office; people sign in where there is a lodge."""
        super().__init__("/", app=pages(office, lodge=lodge, certifier=certifier))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether an address is a page's."""
        path = scope.get("path", "")
        if path == _PROGRAMS or path.startswith(f"{_PROGRAMS}/"):
            return Match.NONE, {}
        return super().matches(scope)
