"""What becomes of each field of a Messages request.

Source: Anthropic's API reference, "Create a Message", as typed in the
`anthropic` SDK (`MessageCreateParams`), which since its second version leaves
out `temperature`, `top_p` and `top_k`: newer models refuse them and older ones
take them, so they are carried and the vendor has the last word. The kinds of
treatment are in `changeover.wire.fields`.
"""

from changeover.wire.fields import CARRIED, Table, converted, refused, reported

_NO_TOOLS = "Tools are not carried to other vendors yet."
_NO_CACHE = "Marks for one vendor's prompt cache mean nothing to another."
_NO_NAMING = "A name for one vendor's own records is not passed to any vendor."

OUTPUT_CONFIG: Table = {
    "effort": reported("How much effort to spend is left to the model."),
    "format": refused("Only text answers are carried."),
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
    "output_config": converted("Read field by field.", OUTPUT_CONFIG),
    "container": refused("State that one vendor holds cannot be reached from here."),
    "inference_geo": refused("Where the answer is computed cannot be promised here."),
    "mcp_servers": refused(_NO_TOOLS),
    "thinking": refused("Reasoning is not carried yet.", {"type": "disabled"}),
    "tool_choice": refused(_NO_TOOLS, {"type": "auto"}, {"type": "none"}),
    "tools": refused(_NO_TOOLS),
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
