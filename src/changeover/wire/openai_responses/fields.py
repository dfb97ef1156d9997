"""What becomes of each field of a Responses request.

Source: OpenAI's API reference, "Create a model response", as typed in the
`openai` SDK (`ResponseCreateParams`). The kinds of treatment are in
`changeover.wire.fields`. What a vendor would hold between calls (stored
responses, conversations, prompts) is refused: the answer would not be the one
asked for.
"""

from changeover.wire.fields import CARRIED, Table, converted, refused, reported

_NO_HOSTED = "Only functions of the client's own are carried."
_NO_STATE = "State that one vendor holds cannot be reached from here."
_NO_CACHE = "Hints for one vendor's prompt cache mean nothing to another."
_NO_NAMING = "A name for one vendor's own records is not passed to any vendor."
_NO_EFFORT = "How long to reason, and what of it to show, is left to the model."
_OF_THE_ACCOUNT = "It is as the organisation's account has it."
_OFF = (False,)

STREAM_OPTIONS: Table = {
    "include_obfuscation": reported("Streams are not padded.", *_OFF),
}

REASONING: Table = {
    "context": reported(_NO_EFFORT, "auto"),
    "effort": reported(_NO_EFFORT),
    "generate_summary": reported(_NO_EFFORT),
    "mode": reported(_NO_EFFORT, "standard"),
    "summary": reported(_NO_EFFORT),
}

TEXT: Table = {
    "format": refused("Only text answers are carried.", {"type": "text"}),
    "verbosity": reported("How much to say is left to the model.", "medium"),
}

FIELDS: Table = {
    "model": CARRIED,
    "input": CARRIED,
    "instructions": CARRIED,
    "max_output_tokens": CARRIED,
    "temperature": CARRIED,
    "top_p": CARRIED,
    "stream": CARRIED,
    "tools": CARRIED,
    "tool_choice": CARRIED,
    "parallel_tool_calls": CARRIED,
    "reasoning": converted("Read field by field.", REASONING),
    "stream_options": converted("Read field by field.", STREAM_OPTIONS),
    "text": converted("Read field by field.", TEXT),
    "background": refused("An answer is given to whoever waits for it.", *_OFF),
    "background_options": refused("An answer is given to whoever waits for it."),
    "conversation": refused(_NO_STATE),
    "moderation": refused("A check that one vendor makes cannot be promised of another."),
    "previous_response_id": refused(f"{_NO_STATE} Send the earlier turns in input."),
    "prompt": refused(_NO_STATE),
    "access_programs": reported(_OF_THE_ACCOUNT),
    "context_management": reported("The turns are sent as they are, however long."),
    "image": reported("Images are sent as they are.", {"context_compression": "auto"}),
    "include": reported("Words and calls of the answer are carried, and nothing beside them."),
    "max_tool_calls": reported("It counts calls of one vendor's own tools, and there are none."),
    "metadata": reported(_NO_NAMING),
    "prompt_cache_key": reported(_NO_CACHE),
    "prompt_cache_options": reported(_NO_CACHE),
    "prompt_cache_retention": reported(_NO_CACHE),
    "safety_identifier": reported(_NO_NAMING),
    "service_tier": reported(_OF_THE_ACCOUNT, "auto"),
    "store": reported("Answers are not stored at a vendor.", *_OFF),
    "top_logprobs": reported("Probabilities of tokens are not carried.", 0),
    "truncation": reported("The turns are sent as they are, however long.", "disabled"),
    "user": reported(_NO_NAMING),
}

_OF_AN_ANSWER = "It is about the item in its vendor's records; what was said is sent."

MESSAGE: Table = {
    "type": CARRIED,
    "role": CARRIED,
    "content": CARRIED,
    "id": converted(_OF_AN_ANSWER),
    "status": converted(_OF_AN_ANSWER),
    "phase": reported("Commentary is not told apart from the answer by other vendors."),
}

CALL: Table = {
    "type": CARRIED,
    "call_id": CARRIED,
    "name": CARRIED,
    "arguments": CARRIED,
    "id": converted(_OF_AN_ANSWER),
    "status": converted(_OF_AN_ANSWER),
    "async": reported("Calls are answered before the next answer.", *_OFF),
    "caller": refused(_NO_HOSTED, {"type": "direct"}),
    "namespace": refused(_NO_HOSTED),
}

RESULT: Table = {
    "type": CARRIED,
    "call_id": CARRIED,
    "output": CARRIED,
    "id": converted(_OF_AN_ANSWER),
    "status": converted(_OF_AN_ANSWER),
    "name": converted("The call says it."),
    "caller": refused(_NO_HOSTED, {"type": "direct"}),
    "namespace": refused(_NO_HOSTED),
}

TOOL: Table = {
    "type": CARRIED,
    "name": CARRIED,
    "description": CARRIED,
    "parameters": CARRIED,
    "strict": CARRIED,
    "allowed_callers": reported("Only the model calls a tool.", ["direct"]),
    "async": reported("Calls are answered before the next answer.", *_OFF),
    "defer_loading": reported("All tools are sent at once.", *_OFF),
    "output_schema": reported("What a tool gives is not described."),
}

PART: Table = {
    "type": CARRIED,
    "text": CARRIED,
    "refusal": CARRIED,
    "image_url": CARRIED,
    "detail": CARRIED,
    "file_id": refused(_NO_STATE),
    "annotations": reported("Citations of an earlier answer are not carried."),
    "logprobs": reported("Probabilities of tokens are not carried."),
    "prompt_cache_breakpoint": reported(_NO_CACHE),
}
