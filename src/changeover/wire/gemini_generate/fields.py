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
_TEXT_ONLY = "Only text answers are carried."
_NO_PICTURES = "Nothing is said of how to look at pictures, sound or films."
_ONE_VENDOR = "Only one vendor's models take it."
_BESIDE = "What is told about a part beside its content is lost."
_OFF = (False,)

THINKING: Table = {
    "includeThoughts": CARRIED,
    "thinkingBudget": converted("An amount that switches thinking off or leaves it is an effort."),
    "thinkingLevel": CARRIED,
}

GENERATION: Table = {
    "temperature": CARRIED,
    "topP": CARRIED,
    "topK": CARRIED,
    "maxOutputTokens": CARRIED,
    "stopSequences": CARRIED,
    "thinkingConfig": converted("Read field by field.", THINKING),
    "candidateCount": refused("One answer is given per call.", 1),
    "seed": CARRIED,
    "frequencyPenalty": CARRIED,
    "presencePenalty": CARRIED,
    "responseLogprobs": CARRIED,
    "logprobs": CARRIED,
    "responseMimeType": converted("JSON is carried, other forms than it and text are refused."),
    "responseSchema": converted("Google's dialect of a schema becomes JSON Schema."),
    "responseJsonSchema": CARRIED,
    "responseFormat": refused("The form of an answer is read from responseMimeType."),
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
    "labels": CARRIED,
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
    "thought": converted("A part that is a thought is reasoning."),
    "thoughtSignature": converted("What seals a thought stands beside its part."),
    **dict.fromkeys(_MARKS, reported(_BESIDE)),
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
    "parts": converted("Read part by part."),
    "scheduling": reported("A call is answered before the model goes on."),
    "willContinue": refused("A result in a request is whole.", *_OFF),
}

RESULT_PART: Table = {
    "inlineData": CARRIED,
    "fileData": CARRIED,
    **dict.fromkeys(_MARKS, reported(_BESIDE)),
}

INLINE: Table = {
    "mimeType": CARRIED,
    "data": CARRIED,
    "displayName": converted("A file's name is carried, a picture's is reported."),
}

FILE: Table = {
    "mimeType": CARRIED,
    "fileUri": CARRIED,
    "displayName": converted("A file's name is carried, a picture's is reported."),
}
