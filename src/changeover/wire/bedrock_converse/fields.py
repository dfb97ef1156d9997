"""What becomes of each field of a Converse request.

Source: the service model `bedrock-runtime` of Amazon's SDK (`botocore`), shapes
`ConverseRequest` and `ConverseStreamRequest` and what they hold. Most of it are unions:
an object with exactly one of its fields. The kinds of treatment are in
`changeover.wire.fields`.
"""

from changeover.wire.fields import CARRIED, Table, converted, refused, reported

_STORE = "What one vendor stores cannot be reached from here."
_OWN_TOOLS = "Tools that one vendor's servers run cannot be had from another."
_MEDIA = "Only text, images and documents are carried."
_ACCOUNT = "It is that of the organisation's account."
_READ = "Read field by field."

INFERENCE: Table = {
    "maxTokens": CARRIED,
    "temperature": CARRIED,
    "topP": CARRIED,
    "stopSequences": CARRIED,
}

SCHEMA: Table = {"schema": CARRIED, "name": CARRIED, "description": CARRIED}
STRUCTURE: Table = {"jsonSchema": converted(_READ, SCHEMA)}
TEXT_FORMAT: Table = {"type": CARRIED, "structure": converted(_READ, STRUCTURE)}
OUTPUT: Table = {"textFormat": converted(_READ, TEXT_FORMAT), "effort": CARRIED}

TOOL_CONFIG: Table = {"tools": CARRIED, "toolChoice": CARRIED}

THINKING: Table = {"type": CARRIED, "budget_tokens": CARRIED, "display": CARRIED}
OUTPUT_CONFIG: Table = {
    "effort": CARRIED,
    "format": refused("Converse has a field of its own for it, outputConfig.textFormat."),
}
NOVA_REASONING: Table = {"type": CARRIED, "maxReasoningEffort": CARRIED}
OWN_CHOICE: Table = {"type": CARRIED, "name": CARRIED, "disable_parallel_tool_use": CARRIED}

ADDITIONAL: Table = {
    "thinking": converted("How Claude reasons.", THINKING),
    "reasoning_config": converted("How Claude reasons, by an older name.", THINKING),
    "output_config": converted("How much effort Claude spends.", OUTPUT_CONFIG),
    "tool_choice": converted("What Claude may do with tools.", OWN_CHOICE),
    "top_k": CARRIED,
    "reasoningConfig": converted("How Nova reasons.", NOVA_REASONING),
    "inferenceConfig": converted("Nova's own settings.", {"topK": CARRIED}),
    "reasoning_effort": converted("How OpenAI's open models reason."),
    "anthropic_beta": reported("Features that one vendor tries out are not asked for."),
}

FIELDS: Table = {
    "messages": CARRIED,
    "system": CARRIED,
    "inferenceConfig": converted(_READ, INFERENCE),
    "toolConfig": converted(_READ, TOOL_CONFIG),
    "additionalModelRequestFields": converted(_READ, ADDITIONAL),
    "outputConfig": converted(_READ, OUTPUT),
    "requestMetadata": converted("Carried as the request's metadata."),
    "guardrailConfig": refused("A guardrail of one vendor cannot check another's answer."),
    "promptVariables": refused(_STORE),
    "projectIdentifier": reported(_ACCOUNT, "default"),
    "additionalModelResponseFieldPaths": reported(
        "Of a model's own fields only /stop_sequence is given.", ["/stop_sequence"]
    ),
    "performanceConfig": reported(_ACCOUNT, {"latency": "standard"}),
    "serviceTier": reported(_ACCOUNT, {"type": "default"}),
}

MESSAGE: Table = {"role": CARRIED, "content": CARRIED}

BLOCK: Table = {
    "text": CARRIED,
    "image": CARRIED,
    "document": CARRIED,
    "toolUse": CARRIED,
    "toolResult": CARRIED,
    "cachePoint": CARRIED,
    "reasoningContent": CARRIED,
    "citationsContent": CARRIED,
    "searchResult": converted("Carried as a document; its source is told as lost."),
    "guardContent": converted("Carried as text or an image; what it is for is told as lost."),
    "video": refused(_MEDIA),
    "audio": refused(_MEDIA),
    "toolAddition": refused("All tools are shown to the model from the start."),
    "toolRemoval": refused("All tools are shown to the model from the start."),
}

SYSTEM_BLOCK: Table = {name: BLOCK[name] for name in ("text", "cachePoint", "guardContent")}
RESULT_BLOCK: Table = {
    "json": converted("Carried as its text."),
    **{name: BLOCK[name] for name in ("text", "image", "document", "searchResult", "video")},
}

CACHE_POINT: Table = {"type": CARRIED, "ttl": CARRIED}
IMAGE: Table = {
    "format": CARRIED,
    "source": converted(_READ, {"bytes": CARRIED, "s3Location": refused(_STORE)}),
    "error": reported("What went wrong with an image is not carried."),
}
DOCUMENT_SOURCE: Table = {
    "bytes": CARRIED,
    "text": CARRIED,
    "content": converted("Its texts are put together."),
    "s3Location": refused(_STORE),
}
DOCUMENT: Table = {
    "format": CARRIED,
    "name": CARRIED,
    "source": converted(_READ, DOCUMENT_SOURCE),
    "context": CARRIED,
    "citations": converted(_READ, {"enabled": CARRIED}),
}
SEARCH_RESULT: Table = {
    "title": CARRIED,
    "content": CARRIED,
    "citations": converted(_READ, {"enabled": CARRIED}),
    "source": reported("Where a search found something is not carried."),
}
GUARDED: Table = {"text": CARRIED, "image": CARRIED}
GUARDED_TEXT: Table = {
    "text": CARRIED,
    "qualifiers": reported("What a guardrail is to do with a text is not carried."),
}
TOOL_USE: Table = {
    "toolUseId": CARRIED,
    "name": CARRIED,
    "input": CARRIED,
    "type": refused(_OWN_TOOLS),
}
TOOL_RESULT: Table = {
    "toolUseId": CARRIED,
    "content": CARRIED,
    "status": CARRIED,
    "type": reported("The type of a tool's result is not carried."),
}
REASONING: Table = {"reasoningText": CARRIED, "redactedContent": CARRIED}
REASONING_TEXT: Table = {"text": CARRIED, "signature": CARRIED}
CITED: Table = {"content": CARRIED, "citations": CARRIED}
CITATION: Table = {
    "title": CARRIED,
    "source": CARRIED,
    "sourceContent": CARRIED,
    "location": CARRIED,
}

TOOL: Table = {
    "toolSpec": CARRIED,
    "cachePoint": CARRIED,
    "systemTool": refused(_OWN_TOOLS),
}
TOOL_SPEC: Table = {
    "name": CARRIED,
    "description": CARRIED,
    "inputSchema": converted(_READ, {"json": CARRIED}),
    "strict": CARRIED,
}
TOOL_CHOICE: Table = {"auto": CARRIED, "any": CARRIED, "tool": CARRIED}
