"""The same for programs, over HTTP: what is public of the schemes that are served."""

from tonne.api.app import api
from tonne.api.edge import Edge, Keeps, Log
from tonne.api.keys import Key
from tonne.api.limits import Limit
from tonne.api.problem import Problem, problem

__all__ = ["Edge", "Keeps", "Key", "Limit", "Log", "Problem", "api", "problem"]
