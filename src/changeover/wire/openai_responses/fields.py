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
_NO_EFFORT = "How the model reasons is left to it."
_OF_THE_ACCOUNT = "It is as the organisation's account has it."
_OF_THE_CACHE = "How one vendor keeps its cache cannot be asked of another."
_BY_FIELD = "Read field by field."
_OFF = (False,)

STREAM_OPTIONS: Table = {
    "include_obfuscation": reported("Streams are not padded.", *_OFF),
}

REASONING: Table = {
    "effort": CARRIED,
    "summary": CARRIED,
    "generate_summary": converted("The older name of summary."),
    "context": reported("Which earlier reasoning counts is left to the model.", "auto"),
    "mode": reported(_NO_EFFORT, "standard"),
}

FORMAT: Table = {
    "type": CARRIED,
    "name": CARRIED,
    "schema": CARRIED,
    "description": CARRIED,
    "strict": CARRIED,
}

TEXT: Table = {
    "format": converted(_BY_FIELD, FORMAT),
    "verbosity": CARRIED,
}

CACHE_OPTIONS: Table = {
    "mode": CARRIED,
    "ttl": converted("The nearest lifetime that other vendors know."),
    "comparison_response_id": reported(_OF_THE_CACHE),
    "prewarm": reported(_OF_THE_CACHE, *_OFF),
}

BREAKPOINT: Table = {
    "mode": CARRIED,
    "ttl": converted("The nearest lifetime that other vendors know."),
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
    "metadata": CARRIED,
    "prompt_cache_key": CARRIED,
    "prompt_cache_options": converted(_BY_FIELD, CACHE_OPTIONS),
    "reasoning": converted(_BY_FIELD, REASONING),
    "safety_identifier": CARRIED,
    "stream_options": converted(_BY_FIELD, STREAM_OPTIONS),
    "text": converted(_BY_FIELD, TEXT),
    "top_logprobs": CARRIED,
    "user": converted("The older name of safety_identifier."),
    "include": converted("Each is read by its name."),
    "background": refused(
        "An answer is given to whoever waits for it. Leave it out and wait, or read the stream.",
        *_OFF,
    ),
    "background_options": refused("An answer is given to whoever waits for it."),
    "conversation": refused(f"{_NO_STATE} Send the conversation's items in input."),
    "moderation": refused("A check that one vendor makes cannot be promised of another."),
    "previous_response_id": refused(f"{_NO_STATE} Send the earlier turns in input."),
    "prompt": refused(f"{_NO_STATE} Send the prompt's own text in instructions and input."),
    "access_programs": reported(_OF_THE_ACCOUNT),
    "context_management": reported("The turns are sent as they are, however long."),
    "image": reported("Images are sent as they are.", {"context_compression": "auto"}),
    "max_tool_calls": reported("It counts calls of one vendor's own tools, and there are none."),
    "prompt_cache_retention": reported(_OF_THE_CACHE, "in_memory"),
    "service_tier": reported(_OF_THE_ACCOUNT, "auto"),
    "store": reported("Answers are not stored at a vendor.", *_OFF),
    "truncation": reported("The turns are sent as they are, however long.", "disabled"),
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

CUSTOM_TOOL: Table = {
    "type": CARRIED,
    "name": CARRIED,
    "description": CARRIED,
    "format": converted("A grammar is described to the model."),
    "allowed_callers": reported("Only the model calls a tool.", ["direct"]),
    "async": reported("Calls are answered before the next answer.", *_OFF),
    "defer_loading": reported("All tools are sent at once.", *_OFF),
}

CUSTOM_CALL: Table = {
    "type": CARRIED,
    "call_id": CARRIED,
    "name": CARRIED,
    "input": CARRIED,
    "id": converted(_OF_AN_ANSWER),
    "status": converted(_OF_AN_ANSWER),
    "async": reported("Calls are answered before the next answer.", *_OFF),
    "caller": refused(_NO_HOSTED, {"type": "direct"}),
    "namespace": refused(_NO_HOSTED),
}

REASONING_ITEM: Table = {
    "type": CARRIED,
    "id": converted("It belongs to what is sealed, and is given back with it."),
    "summary": CARRIED,
    "content": CARRIED,
    "encrypted_content": CARRIED,
    "status": converted(_OF_AN_ANSWER),
}

PART: Table = {
    "type": CARRIED,
    "text": CARRIED,
    "refusal": CARRIED,
    "image_url": CARRIED,
    "detail": CARRIED,
    "file_data": CARRIED,
    "file_url": CARRIED,
    "filename": CARRIED,
    "file_id": refused(f"{_NO_STATE} Send the bytes, or an address."),
    "annotations": converted("Citations of pages are given back, others told."),
    "logprobs": reported("Probabilities of an earlier answer's tokens are not carried."),
    "prompt_cache_breakpoint": converted(_BY_FIELD, BREAKPOINT),
}
