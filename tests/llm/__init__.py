"""A stand-in for servers that speak OpenAI's API: real sockets, real bytes, every way to fail."""

from tests.llm.faults import Fault
from tests.llm.server import LlmServer

__all__ = ["Fault", "LlmServer"]
