"""What becomes of each field of a generateContent request.

Source: Google's reference, `models.generateContent`, and the types of the
`google-genai` SDK. The vendor takes each name in camel case or in snake case; the
tables and what is told of losses have the former. The kinds of treatment are in
`changeover.wire.fields`.
"""

from changeover.wire.fields import CARRIED, Table, Treatment, converted, refused, reported

UNSIGNED = "skip_thought_signature_validator"
"""What stands for the signature of a call that another model made, in the vendor's reference."""

_NO_OTHER_TOOLS = "Tools that one vendor runs itself cannot be promised of another."
_NO_MEDIA = "Only text and images are carried."
_TEXT_ONLY = "Only text answers are carried."
_NO_PICTURES = "Nothing is said of how to look at pictures, sound or films."
_NO_PROBABILITIES = "Probabilities of tokens are not carried."
_ONE_VENDOR = "Only one vendor's models take it."
_REASONING = "How long to reason is left to the model, and its reasoning is not carried."
_OFF = (False,)
_SEALED = "Reasoning that a vendor sealed is not sent on."

THINKING: Table = {
    "includeThoughts": reported(_REASONING, *_OFF),
    "thinkingBudget": reported(_REASONING),
    "thinkingLevel": reported(_REASONING, "THINKING_LEVEL_UNSPECIFIED"),
}

GENERATION: Table = {
    "temperature": CARRIED,
    "topP": CARRIED,
    "topK": CARRIED,
    "maxOutputTokens": CARRIED,
    "stopSequences": CARRIED,
    "thinkingConfig": converted("Read field by field.", THINKING),
    "candidateCount": refused("One answer is given per call.", 1),
    "responseMimeType": refused(_TEXT_ONLY, "text/plain"),
    "responseSchema": refused(_TEXT_ONLY),
    "responseJsonSchema": refused(_TEXT_ONLY),
    "responseFormat": refused(_TEXT_ONLY),
    "responseModalities": refused(_TEXT_ONLY, ["TEXT"]),
    "speechConfig": refused(_TEXT_ONLY),
    "imageConfig": refused(_TEXT_ONLY),
    "audioTranscriptionConfig": refused(_TEXT_ONLY),
    "translationConfig": refused(_TEXT_ONLY),
    "modelSelectionConfig": refused("Which model answers is decided here."),
    "routingConfig": refused("Which model answers is decided here."),
    "audioTimestamp": reported(_NO_PICTURES, *_OFF),
    "mediaResolution": reported(_NO_PICTURES, "MEDIA_RESOLUTION_UNSPECIFIED"),
    "enableAffectiveDialog": reported(_ONE_VENDOR, *_OFF),
    "enableEnhancedCivicAnswers": reported(_ONE_VENDOR, *_OFF),
    "frequencyPenalty": reported(_ONE_VENDOR, 0),
    "presencePenalty": reported(_ONE_VENDOR, 0),
    "seed": reported("No vendor promises the same answer twice."),
    "logprobs": reported(_NO_PROBABILITIES, 0),
    "responseLogprobs": reported(_NO_PROBABILITIES, *_OFF),
}

CALLING: Table = {
    "mode": CARRIED,
    "allowedFunctionNames": CARRIED,
    "streamFunctionCallArguments": reported("A call's arguments are streamed whole.", *_OFF),
}

TOOL_CONFIG: Table = {
    "functionCallingConfig": converted("Read field by field.", CALLING),
    "includeServerSideToolInvocations": refused(_NO_OTHER_TOOLS, *_OFF),
    "retrievalConfig": refused(_NO_OTHER_TOOLS),
}

FIELDS: Table = {
    "contents": CARRIED,
    "systemInstruction": CARRIED,
    "generationConfig": converted("Read field by field.", GENERATION),
    "tools": converted("Read tool by tool."),
    "toolConfig": converted("Read field by field.", TOOL_CONFIG),
    "cachedContent": refused("What one vendor keeps cannot be reached from here."),
    "continuationToken": refused("What one vendor keeps cannot be reached from here."),
    "labels": reported("A name for one vendor's own records is not passed to any vendor."),
    "model": reported("The model is that of the address."),
    "safetySettings": reported("How strictly to filter is left to the vendor that answers."),
    "serviceTier": reported(
        "The tier is that of the organisation's account.", "unspecified", "standard"
    ),
    "store": reported("Answers are not stored at a vendor.", *_OFF),
}

TOOL: Table = {
    "functionDeclarations": CARRIED,
    "codeExecution": refused(_NO_OTHER_TOOLS),
    "computerUse": refused(_NO_OTHER_TOOLS),
    "enterpriseWebSearch": refused(_NO_OTHER_TOOLS),
    "exaAiSearch": refused(_NO_OTHER_TOOLS),
    "fileSearch": refused(_NO_OTHER_TOOLS),
    "googleMaps": refused(_NO_OTHER_TOOLS),
    "googleSearch": refused(_NO_OTHER_TOOLS),
    "googleSearchRetrieval": refused(_NO_OTHER_TOOLS),
    "mcpServers": refused(_NO_OTHER_TOOLS),
    "parallelAiSearch": refused(_NO_OTHER_TOOLS),
    "retrieval": refused(_NO_OTHER_TOOLS),
    "urlContext": refused(_NO_OTHER_TOOLS),
}

DECLARATION: Table = {
    "name": CARRIED,
    "description": CARRIED,
    "parametersJsonSchema": CARRIED,
    "parameters": converted("Google's dialect of a schema becomes JSON Schema."),
    "behavior": reported("A call is answered before the model goes on.", "BLOCKING"),
    "response": reported("What a tool's result looks like is not told to other vendors."),
    "responseJsonSchema": reported("What a tool's result looks like is not told to others."),
}

CONTENT: Table = {"role": CARRIED, "parts": CARRIED}

_MARKS: tuple[str, ...] = (
    "audioMetadata",
    "audioTranscription",
    "documentMetadata",
    "mediaProcessing",
    "mediaResolution",
    "partMetadata",
    "speechMetadata",
    "spreadsheetMetadata",
    "videoMetadata",
)
_RUN_BY_THE_VENDOR = ("codeExecutionResult", "executableCode", "toolCall", "toolResponse")

PART: dict[str, Treatment] = {
    "text": CARRIED,
    "functionCall": CARRIED,
    "functionResponse": CARRIED,
    "inlineData": CARRIED,
    "fileData": CARRIED,
    "thought": converted("A part that is a thought is left out and reported."),
    "thoughtSignature": reported(_SEALED, UNSIGNED),
    **dict.fromkeys(_MARKS, reported("What is told about a part beside its content is lost.")),
    **dict.fromkeys(_RUN_BY_THE_VENDOR, refused(_NO_OTHER_TOOLS)),
}

CALL: Table = {
    "id": CARRIED,
    "name": CARRIED,
    "args": CARRIED,
    "partialArgs": refused("A call in a request is whole."),
    "willContinue": refused("A call in a request is whole.", *_OFF),
}

RESULT: Table = {
    "id": CARRIED,
    "name": CARRIED,
    "response": CARRIED,
    "parts": refused(_NO_MEDIA),
    "scheduling": reported("A call is answered before the model goes on."),
    "willContinue": refused("A result in a request is whole.", *_OFF),
}

INLINE: Table = {
    "mimeType": CARRIED,
    "data": CARRIED,
    "displayName": reported("A name for a picture is not carried."),
}

FILE: Table = {
    "mimeType": CARRIED,
    "fileUri": CARRIED,
    "displayName": reported("A name for a picture is not carried."),
}
