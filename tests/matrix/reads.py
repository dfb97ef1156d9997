"""What becomes of each feature at the client's door, by that protocol's own field tables."""

from collections.abc import Mapping

from changeover.wire.anthropic_messages import fields as messages
from changeover.wire.bedrock_converse import fields as converse
from changeover.wire.gemini_generate import fields as gemini
from changeover.wire.openai_chat import fields as chat
from changeover.wire.openai_responses import fields as responses
from tests.matrix.outcome import Outcome, both, part_of, reported, table

_GENERATION = "generationConfig"
_THINKING = "generationConfig.thinkingConfig"

READS: Mapping[str, Mapping[str, Outcome]] = {
    "chat": {
        "system-later": reported("messages[2].role"),
        "pdf": part_of(chat.PART, "file", "'file'"),
        "json": table(chat.FIELDS, "response_format"),
        "json-schema": table(chat.FIELDS, "response_format"),
        "verbosity": table(chat.FIELDS, "verbosity"),
        "seed": table(chat.FIELDS, "seed"),
        "penalties": table(chat.FIELDS, "frequency_penalty", "presence_penalty"),
        "chances": table(chat.FIELDS, "logprobs", "top_logprobs"),
        "effort": table(chat.FIELDS, "reasoning_effort"),
        "user": table(chat.FIELDS, "user"),
        "metadata": table(chat.FIELDS, "metadata"),
        "cache-key": table(chat.FIELDS, "prompt_cache_key"),
    },
    "responses": {
        "system-later": reported("input[2].role"),
        "pdf": part_of(responses.PART, "file_data", "'input_file'"),
        "pdf-url": part_of(responses.PART, "file_data", "'input_file'"),
        "json": table(responses.TEXT, "format", place="text"),
        "json-schema": table(responses.TEXT, "format", place="text"),
        "verbosity": table(responses.TEXT, "verbosity", place="text"),
        "chances": table(responses.FIELDS, "top_logprobs", "include"),
        "effort": both(
            table(responses.REASONING, "effort", place="reasoning"),
            table(responses.FIELDS, "include"),
        ),
        "shown": both(
            table(responses.REASONING, "effort", "summary", place="reasoning"),
            table(responses.FIELDS, "include"),
        ),
        "user": table(responses.FIELDS, "user"),
        "metadata": table(responses.FIELDS, "metadata"),
        "cache-key": table(responses.FIELDS, "prompt_cache_key"),
    },
    "messages": {
        "system-later": reported("messages[2].role"),
        "json-schema": table(messages.OUTPUT_CONFIG, "format", place="output_config"),
        "effort": table(messages.OUTPUT_CONFIG, "effort", place="output_config"),
        "budget": table(messages.FIELDS, "thinking"),
        "shown": both(
            table(messages.FIELDS, "thinking"),
            table(messages.OUTPUT_CONFIG, "effort", place="output_config"),
        ),
        "user": table(messages.METADATA, "user_id", place="metadata"),
        "cache": both(
            table(messages.PART, "cache_control", place="system[0]"),
            table(messages.PART, "cache_control", place="messages[0].content[0]"),
        ),
    },
    "gemini": {
        "result-image": table(
            gemini.RESULT, "parts", place="contents[2].parts[0].functionResponse"
        ),
        "json": table(gemini.GENERATION, "responseMimeType", place=_GENERATION),
        "json-schema": table(
            gemini.GENERATION, "responseMimeType", "responseJsonSchema", place=_GENERATION
        ),
        "seed": table(gemini.GENERATION, "seed", place=_GENERATION),
        "penalties": table(
            gemini.GENERATION, "frequencyPenalty", "presencePenalty", place=_GENERATION
        ),
        "chances": table(gemini.GENERATION, "responseLogprobs", "logprobs", place=_GENERATION),
        "effort": table(gemini.THINKING, "thinkingLevel", place=_THINKING),
        "budget": table(gemini.THINKING, "thinkingBudget", place=_THINKING),
        "shown": table(gemini.THINKING, "includeThoughts", "thinkingLevel", place=_THINKING),
        "metadata": table(gemini.FIELDS, "labels"),
    },
    "converse": {
        "metadata": table(converse.FIELDS, "requestMetadata"),
        "effort": table(converse.OUTPUT, "effort", place="outputConfig"),
        "budget": table(converse.ADDITIONAL, "thinking", place="additionalModelRequestFields"),
        "shown": both(
            table(converse.ADDITIONAL, "thinking", place="additionalModelRequestFields"),
            table(converse.OUTPUT, "effort", place="outputConfig"),
        ),
        "json-schema": table(converse.OUTPUT, "textFormat", place="outputConfig"),
        "cache": table(converse.BLOCK, "cachePoint", place="system[1]"),
    },
}
"""By client and feature; a feature that is not there is read as it was written."""
