"""What becomes of each field of a Messages request.

Source: Anthropic's API reference, "Create a Message", as typed in the
`anthropic` SDK (`MessageCreateParams`), which since its second version leaves
out `temperature`, `top_p` and `top_k`: newer models refuse them and older ones
take them, so they are carried and the vendor has the last word. The kinds of
treatment are in `changeover.wire.fields`.
"""

from changeover.wire.fields import CARRIED, Table, converted, refused, reported

_VENDORS_TOOLS = "Tools that one vendor's servers run cannot be had from another."
_STATE = "State that one vendor holds cannot be reached from here."
_NO_CACHE = "Marks for one vendor's prompt cache mean nothing to another."
_NO_NAMING = "A name for one vendor's own records is not passed to any vendor."
_OFF = (False,)

OUTPUT_CONFIG: Table = {
    "effort": reported("How much effort to spend is left to the model."),
    "format": refused("Only text answers are carried."),
}

TOOL_CHOICE: Table = {
    "type": CARRIED,
    "name": CARRIED,
    "disable_parallel_tool_use": CARRIED,
}

FIELDS: Table = {
    "model": CARRIED,
    "messages": CARRIED,
    "max_tokens": CARRIED,
    "system": CARRIED,
    "stop_sequences": CARRIED,
    "stream": CARRIED,
    "temperature": CARRIED,
    "top_p": CARRIED,
    "top_k": CARRIED,
    "tools": CARRIED,
    "tool_choice": converted("Read field by field.", TOOL_CHOICE),
    "output_config": converted("Read field by field.", OUTPUT_CONFIG),
    "container": refused(_STATE),
    "thread": refused(_STATE),
    "inference_geo": refused("Where the answer is computed cannot be promised here."),
    "mcp_servers": refused(_VENDORS_TOOLS),
    "thinking": refused("Reasoning is not carried yet.", {"type": "disabled"}),
    "cache_control": reported(_NO_CACHE),
    "diagnostics": reported("It asks about one vendor's prompt cache."),
    "metadata": reported(_NO_NAMING),
    "service_tier": reported("The tier is that of the organisation's account.", "auto"),
    "speed": reported("The speed is that of the organisation's account.", "standard"),
    "user_profile_id": reported(_NO_NAMING),
    "workspace_id": reported("The workspace is that of the organisation's account."),
}

MESSAGE: Table = {"role": CARRIED, "content": CARRIED}

PART: Table = {
    "type": CARRIED,
    "text": CARRIED,
    "cache_control": reported(_NO_CACHE),
    "citations": reported("Citations are not carried."),
}

TOOL: Table = {
    "type": CARRIED,
    "name": CARRIED,
    "description": CARRIED,
    "input_schema": CARRIED,
    "strict": CARRIED,
    "cache_control": reported(_NO_CACHE),
    "allowed_callers": reported(_VENDORS_TOOLS, ["direct"]),
    "defer_loading": reported("All tools are shown to the model from the start.", *_OFF),
    "eager_input_streaming": reported("How input is streamed is left to the vendor.", *_OFF),
    "input_examples": reported("Examples of a tool's input are not carried."),
}

TOOL_USE: Table = {
    "type": CARRIED,
    "id": CARRIED,
    "name": CARRIED,
    "input": CARRIED,
    "cache_control": reported(_NO_CACHE),
    "caller": refused(_VENDORS_TOOLS, {"type": "direct"}),
    "toolset_name": refused(_VENDORS_TOOLS),
}

TOOL_RESULT: Table = {
    "type": CARRIED,
    "tool_use_id": CARRIED,
    "content": CARRIED,
    "is_error": CARRIED,
    "cache_control": reported(_NO_CACHE),
    "toolset_name": refused(_VENDORS_TOOLS),
}

SOURCE: Table = {
    "type": CARRIED,
    "media_type": CARRIED,
    "data": CARRIED,
    "url": CARRIED,
    "file_id": refused("Files that one vendor holds cannot be reached from here."),
}

IMAGE: Table = {
    "type": CARRIED,
    "source": converted("Read field by field.", SOURCE),
    "cache_control": reported(_NO_CACHE),
    "transformations": reported("What becomes of a large image is left to the vendor.", {}),
}
