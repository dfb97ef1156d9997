"""What becomes of each field of a Chat Completions request.

Source: OpenAI's API reference, "Create chat completion", as typed in the
`openai` SDK (`CompletionCreateParams`). The kinds of treatment are in
`changeover.wire.fields`.
"""

from changeover.wire.fields import CARRIED, Table, converted, refused, reported

_OLD_TOOLS = "The older form of tools is not carried; `tools` are."
_NO_CUSTOM = "Tools whose input is no JSON are one vendor's own."
_NO_CACHE = "Hints for one vendor's prompt cache mean nothing to another."
_NO_NAMING = "A name for one vendor's own records is not passed to any vendor."
_NO_AUDIO = "Sound is not carried."
_OFF = (False,)

STREAM_OPTIONS: Table = {
    "include_usage": CARRIED,
    "include_obfuscation": reported("Streams are not padded.", *_OFF),
}

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
    "response_format": refused("Only text answers are carried.", {"type": "text"}),
    "web_search_options": refused("Searching is a tool of one vendor."),
    "frequency_penalty": reported("Only one vendor's models take it.", 0),
    "logit_bias": reported("It names one vendor's tokens."),
    "logprobs": reported("Probabilities of tokens are not carried.", *_OFF),
    "metadata": reported(_NO_NAMING),
    "prediction": reported("A predicted answer only makes one vendor's faster."),
    "presence_penalty": reported("Only one vendor's models take it.", 0),
    "prompt_cache_key": reported(_NO_CACHE),
    "prompt_cache_options": reported(_NO_CACHE),
    "prompt_cache_retention": reported(_NO_CACHE),
    "reasoning_effort": reported("How long to reason is left to the model."),
    "safety_identifier": reported(_NO_NAMING),
    "seed": reported("No vendor promises the same answer twice."),
    "service_tier": reported("The tier is that of the organisation's account.", "auto"),
    "store": reported("Answers are not stored at a vendor.", *_OFF),
    "top_logprobs": reported("Probabilities of tokens are not carried.", 0),
    "user": reported(_NO_NAMING),
    "verbosity": reported("How much to say is left to the model.", "medium"),
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
    "annotations": reported("Citations of an earlier answer are not carried."),
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

PART: Table = {
    "type": CARRIED,
    "text": CARRIED,
    "refusal": CARRIED,
    "image_url": converted("Read field by field.", IMAGE),
    "prompt_cache_breakpoint": reported(_NO_CACHE),
}
