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
_NO_NAMING = "A name for one vendor's own records is not passed to any vendor."
_OFF = (False,)

FORMAT: Table = {"type": CARRIED, "schema": CARRIED}

OUTPUT_CONFIG: Table = {
    "effort": CARRIED,
    "format": converted("Read field by field.", FORMAT),
    "task_budget": reported("A budget for a whole task is counted by one vendor."),
}

THINKING: Table = {
    "type": CARRIED,
    "budget_tokens": CARRIED,
    "display": CARRIED,
    "block_binding": reported("What a vendor does with its own reasoning is left to it."),
}

METADATA: Table = {"user_id": CARRIED}

KEEP_THINKING = {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]}
"""An edit of the context that edits nothing; Claude Code sends it."""

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
    "compaction": refused(_STATE),
    "thinking": converted("Read field by field.", THINKING),
    "metadata": converted("Read field by field.", METADATA),
    "output_format": converted("Read as output_config.format, its name since.", FORMAT),
    "cache_control": CARRIED,
    "billing_policy": reported("How it is billed is that of the organisation's account."),
    "context_management": reported(
        "The conversation is sent as it is; one vendor's edits of it are not made.", KEEP_THINKING
    ),
    "diagnostics": reported("It asks about one vendor's prompt cache."),
    "fallback_credit_token": reported("Which model answers instead is decided here."),
    "fallbacks": reported("Which model answers instead is decided here."),
    "service_tier": reported("The tier is that of the organisation's account.", "auto"),
    "speed": reported("The speed is that of the organisation's account.", "standard"),
    "user_profile_id": reported(_NO_NAMING),
    "workspace_id": reported("The workspace is that of the organisation's account."),
}

MESSAGE: Table = {
    "role": CARRIED,
    "content": CARRIED,
    "clear_at": reported("Instructions stay for the whole conversation.", "never"),
    "output_config": reported("How much effort to spend is asked for the whole answer."),
}

PART: Table = {
    "type": CARRIED,
    "text": CARRIED,
    "cache_control": CARRIED,
    "citations": CARRIED,
}

THINKING_BLOCK: Table = {"type": CARRIED, "thinking": CARRIED, "signature": CARRIED}

REDACTED: Table = {"type": CARRIED, "data": CARRIED}

TOOL: Table = {
    "type": CARRIED,
    "name": CARRIED,
    "description": CARRIED,
    "input_schema": CARRIED,
    "strict": CARRIED,
    "cache_control": CARRIED,
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
    "cache_control": CARRIED,
    "caller": refused(_VENDORS_TOOLS, {"type": "direct"}),
    "toolset_name": refused(_VENDORS_TOOLS),
}

TOOL_RESULT: Table = {
    "type": CARRIED,
    "tool_use_id": CARRIED,
    "content": CARRIED,
    "is_error": CARRIED,
    "cache_control": CARRIED,
    "toolset_name": refused(_VENDORS_TOOLS),
}

SOURCE: Table = {
    "type": CARRIED,
    "media_type": CARRIED,
    "data": CARRIED,
    "url": CARRIED,
    "content": CARRIED,
    "file_id": refused("Files that one vendor holds cannot be reached from here."),
}

DOCUMENT: Table = {
    "type": CARRIED,
    "source": converted("Read field by field.", SOURCE),
    "title": CARRIED,
    "context": CARRIED,
    "citations": CARRIED,
    "cache_control": CARRIED,
}

SEARCH_RESULT: Table = {
    "type": CARRIED,
    "source": CARRIED,
    "title": CARRIED,
    "content": CARRIED,
    "citations": CARRIED,
    "cache_control": CARRIED,
}

TOOL_REFERENCE: Table = {"type": CARRIED, "tool_name": CARRIED, "cache_control": CARRIED}

IMAGE: Table = {
    "type": CARRIED,
    "source": converted("Read field by field.", SOURCE),
    "cache_control": CARRIED,
    "transformations": reported("What becomes of a large image is left to the vendor.", {}),
}
