"""The same for programs, over HTTP: what is public of the schemes that are served."""

from tonne.api.app import api
from tonne.api.callers import MARKET
from tonne.api.edge import Edge, Keeps, Log
from tonne.api.happened import Tide, type_of
from tonne.api.hooks import hook_message
from tonne.api.keys import Key
from tonne.api.limits import Limit
from tonne.api.problem import Problem, problem
from tonne.api.streams import Streams
from tonne.api.versions import DEPRECATED, Deprecated, version_of

__all__ = [
    "DEPRECATED",
    "MARKET",
    "Deprecated",
    "Edge",
    "Keeps",
    "Key",
    "Limit",
    "Log",
    "Problem",
    "Streams",
    "Tide",
    "api",
    "hook_message",
    "problem",
    "type_of",
    "version_of",
]
