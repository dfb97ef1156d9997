"""What becomes of each field of a Chat Completions request.

Source: OpenAI's API reference, "Create chat completion", as typed in the
`openai` SDK (`CompletionCreateParams`). What compatible servers take beside it, and clients
send them as `extra_body`, is named at each table's end. The kinds of treatment are in
`changeover.wire.fields`.
"""

from changeover.wire.fields import CARRIED, Table, converted, refused, reported

_OLD_TOOLS = "The older form of tools is not carried; `tools` are."
_NO_CUSTOM = "Tools whose input is no JSON are one vendor's own."
_NO_CACHE = "Hints for one vendor's prompt cache mean nothing to another."
_NO_AUDIO = "Sound is not carried."
_OFF = (False,)

STREAM_OPTIONS: Table = {
    "include_usage": CARRIED,
    "include_obfuscation": reported("Streams are not padded.", *_OFF),
}

MARK: Table = {"mode": CARRIED, "ttl": converted("As an hour, the shortest that keeps it.")}

FIELDS: Table = {
    "model": CARRIED,
    "messages": CARRIED,
    "max_completion_tokens": CARRIED,
    "max_tokens": converted("The older name of max_completion_tokens."),
    "temperature": CARRIED,
    "top_p": CARRIED,
    "stop": CARRIED,
    "stream": CARRIED,
    "stream_options": converted("Read field by field.", STREAM_OPTIONS),
    "tools": CARRIED,
    "tool_choice": CARRIED,
    "parallel_tool_calls": CARRIED,
    "audio": refused(_NO_AUDIO),
    "function_call": refused(_OLD_TOOLS, "none", "auto"),
    "functions": refused(_OLD_TOOLS),
    "modalities": refused(_NO_AUDIO, ["text"]),
    "moderation": refused("A check that one vendor makes cannot be promised of another."),
    "n": refused("One answer is given per call.", 1),
    "response_format": converted("Read with its own table."),
    "web_search_options": refused("Searching is a tool of one vendor."),
    "frequency_penalty": CARRIED,
    "logit_bias": reported("It names one vendor's tokens."),
    "logprobs": converted("It asks for probabilities; top_logprobs says how many others."),
    "metadata": CARRIED,
    "prediction": reported("A predicted answer only makes one vendor's faster."),
    "presence_penalty": CARRIED,
    "prompt_cache_key": CARRIED,
    "prompt_cache_options": converted("Read field by field.", MARK),
    "prompt_cache_retention": reported(_NO_CACHE),
    "reasoning_effort": CARRIED,
    "safety_identifier": CARRIED,
    "seed": CARRIED,
    "service_tier": reported("The tier is that of the organisation's account.", "auto"),
    "store": reported("Answers are not stored at a vendor.", *_OFF),
    "top_logprobs": converted("How many other tokens logprobs tells."),
    "user": converted("The older name of safety_identifier."),
    "verbosity": CARRIED,
    # compatible servers'
    "top_k": CARRIED,
    "thinking_token_budget": CARRIED,
    "continue_final_message": converted("The last message is continued."),
    "add_generation_prompt": converted("The contrary of continue_final_message."),
}

FORMAT: Table = {"type": CARRIED, "json_schema": converted("Read with its own table.")}

SCHEMA: Table = {
    "name": CARRIED,
    "description": CARRIED,
    "schema": CARRIED,
    "strict": CARRIED,
}

MESSAGE: Table = {
    "role": CARRIED,
    "content": CARRIED,
    "refusal": CARRIED,
    "name": reported("Participants of one role are not told apart by other vendors."),
    "audio": refused(_NO_AUDIO),
    "function_call": refused(_OLD_TOOLS),
    "tool_calls": CARRIED,
    "tool_call_id": CARRIED,
    "annotations": converted("Citations are read; another kind is reported."),
    # compatible servers'
    "reasoning_content": CARRIED,
    "reasoning": CARRIED,
    "reasoning_details": CARRIED,
    "prefix": CARRIED,
}

FUNCTION: Table = {
    "name": CARRIED,
    "description": CARRIED,
    "parameters": CARRIED,
    "strict": CARRIED,
}

TOOL: Table = {
    "type": CARRIED,
    "function": converted("Read field by field.", FUNCTION),
    "custom": refused(_NO_CUSTOM),
}

CALLED: Table = {"name": CARRIED, "arguments": CARRIED}

CALL: Table = {
    "id": CARRIED,
    "type": CARRIED,
    "function": converted("Read field by field.", CALLED),
    "custom": refused(_NO_CUSTOM),
    "index": converted("Its place in the list says the same."),
}

IMAGE: Table = {"url": CARRIED, "detail": CARRIED}

FILE: Table = {
    "file_data": CARRIED,
    "filename": CARRIED,
    "file_id": refused(
        "The file lies with one vendor, and the next call may go to another. Send its bytes."
    ),
}

PART: Table = {
    "type": CARRIED,
    "text": CARRIED,
    "refusal": CARRIED,
    "image_url": converted("Read field by field.", IMAGE),
    "file": converted("Read field by field.", FILE),
    "input_audio": refused(_NO_AUDIO),
    "prompt_cache_breakpoint": converted("Read field by field.", MARK),
}
