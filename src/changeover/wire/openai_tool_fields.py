"""What OpenAI's two protocols have alike of tools; how a tool and a choice are written differs."""

from collections.abc import Callable
from typing import Any

from changeover.conversation.model import ChatRequest, Tool, ToolChoice


def tool_fields(
    request: ChatRequest, tool: Callable[[Tool], Any], choice: Callable[[ToolChoice], Any]
) -> dict[str, Any]:
    """The fields of a request that speak of tools, each tool and the choice in the given form."""
    if not request.tools:
        return {}
    fields: dict[str, Any] = {"tools": [tool(each) for each in request.tools]}
    if request.tool_choice is not None:
        fields["tool_choice"] = choice(request.tool_choice)
    if request.parallel_calls is not None:
        fields["parallel_tool_calls"] = request.parallel_calls
    return fields
