"""Every field of the vendors' published schemas has a treatment, and gets it."""

import json
from typing import Any, get_type_hints

import pytest
from anthropic.types import (
    base64_image_source_param,
    base64_pdf_source_param,
    content_block_source_param,
    document_block_param,
    file_document_source_param,
    file_image_source_param,
    image_block_param,
    json_output_format_param,
    output_config_param,
    plain_text_source_param,
    redacted_thinking_block_param,
    search_result_block_param,
    text_block_param,
    thinking_block_param,
    thinking_config_adaptive_param,
    thinking_config_enabled_param,
    tool_choice_any_param,
    tool_choice_tool_param,
    tool_param,
    tool_reference_block_param,
    tool_result_block_param,
    tool_use_block_param,
    url_image_source_param,
)
from anthropic.types import message_create_params as anthropic_params
from anthropic.types.beta import (
    beta_output_config_param,
    beta_system_message_param,
)
from anthropic.types.beta import beta_thinking_config_adaptive_param as beta_thinking_config
from anthropic.types.beta import message_create_params as beta_params
from openai.types.chat import (
    chat_completion_assistant_message_param,
    chat_completion_content_part_image_param,
    chat_completion_content_part_input_audio_param,
    chat_completion_content_part_param,
    chat_completion_content_part_refusal_param,
    chat_completion_content_part_text_param,
    chat_completion_custom_tool_param,
    chat_completion_developer_message_param,
    chat_completion_function_tool_param,
    chat_completion_message_custom_tool_call_param,
    chat_completion_message_function_tool_call_param,
    chat_completion_stream_options_param,
    chat_completion_system_message_param,
    chat_completion_tool_message_param,
    chat_completion_user_message_param,
)
from openai.types.chat import completion_create_params as openai_params
from openai.types.responses import (
    custom_tool_param,
    easy_input_message_param,
    function_tool_param,
    response_custom_tool_call_output_param,
    response_custom_tool_call_param,
    response_format_text_json_schema_config_param,
    response_function_tool_call_param,
    response_input_file_content_param,
    response_input_file_param,
    response_input_image_param,
    response_input_item_param,
    response_input_text_param,
    response_output_message_param,
    response_output_refusal_param,
    response_output_text_param,
    response_reasoning_item_param,
    response_text_config_param,
)
from openai.types.responses import response_create_params as responses_params
from openai.types.shared_params import (
    function_definition,
    reasoning,
    response_format_json_schema,
)

from changeover.conversation.model import ChatRequest, Loss
from changeover.directory.model import Protocol
from changeover.wire.anthropic_messages import fields as anthropic_fields
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import CARRIED, Table, converted, refused, reported, review
from changeover.wire.openai_chat import fields as openai_fields
from changeover.wire.openai_responses import fields as responses_fields
from changeover.wire.registry import codec

OPENAI = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Hello"}]}
ANTHROPIC = {"model": "claude", "max_tokens": 9, "messages": [{"role": "user", "content": "Hello"}]}
RESPONSES = {"model": "gpt-4.1", "input": "Hello"}
MINIMAL: dict[Protocol, dict[str, Any]] = {
    "openai-chat": OPENAI,
    "openai-responses": RESPONSES,
    "anthropic-messages": ANTHROPIC,
}
TABLES: dict[Protocol, Table] = {
    "openai-chat": openai_fields.FIELDS,
    "openai-responses": responses_fields.FIELDS,
    "anthropic-messages": anthropic_fields.FIELDS,
}

BETAS: Table = {"betas": CARRIED}
"""What Anthropic's SDK sends as a header."""

each_field = pytest.mark.parametrize(
    ("protocol", "field"), [(p, f) for p, table in TABLES.items() for f in table]
)


def declared(params: type) -> set[str]:
    return {name for base in params.__mro__ for name in getattr(base, "__annotations__", {})}


@pytest.mark.parametrize(
    ("params", "table"),
    [
        (openai_params.CompletionCreateParamsNonStreaming, openai_fields.FIELDS),
        (openai_params.CompletionCreateParamsStreaming, openai_fields.FIELDS),
        (
            chat_completion_stream_options_param.ChatCompletionStreamOptionsParam,
            openai_fields.STREAM_OPTIONS,
        ),
        (
            chat_completion_assistant_message_param.ChatCompletionAssistantMessageParam,
            openai_fields.MESSAGE,
        ),
        (
            chat_completion_developer_message_param.ChatCompletionDeveloperMessageParam,
            openai_fields.MESSAGE,
        ),
        (
            chat_completion_system_message_param.ChatCompletionSystemMessageParam,
            openai_fields.MESSAGE,
        ),
        (chat_completion_tool_message_param.ChatCompletionToolMessageParam, openai_fields.MESSAGE),
        (chat_completion_user_message_param.ChatCompletionUserMessageParam, openai_fields.MESSAGE),
        (
            chat_completion_content_part_text_param.ChatCompletionContentPartTextParam,
            openai_fields.PART,
        ),
        (responses_params.ResponseCreateParamsNonStreaming, responses_fields.FIELDS),
        (responses_params.ResponseCreateParamsStreaming, responses_fields.FIELDS),
        (easy_input_message_param.EasyInputMessageParam, responses_fields.MESSAGE),
        (response_input_item_param.Message, responses_fields.MESSAGE),
        (response_output_message_param.ResponseOutputMessageParam, responses_fields.MESSAGE),
        (response_function_tool_call_param.ResponseFunctionToolCallParam, responses_fields.CALL),
        (response_input_item_param.FunctionCallOutput, responses_fields.RESULT),
        (function_tool_param.FunctionToolParam, responses_fields.TOOL),
        (custom_tool_param.CustomToolParam, responses_fields.CUSTOM_TOOL),
        (response_custom_tool_call_param.ResponseCustomToolCallParam, responses_fields.CUSTOM_CALL),
        (
            response_custom_tool_call_output_param.ResponseCustomToolCallOutputParam,
            responses_fields.RESULT,
        ),
        (response_reasoning_item_param.ResponseReasoningItemParam, responses_fields.REASONING_ITEM),
        (response_input_file_param.ResponseInputFileParam, responses_fields.PART),
        (response_input_file_content_param.ResponseInputFileContentParam, responses_fields.PART),
        (response_input_file_param.PromptCacheBreakpoint, responses_fields.BREAKPOINT),
        (responses_params.PromptCacheOptions, responses_fields.CACHE_OPTIONS),
        (
            response_format_text_json_schema_config_param.ResponseFormatTextJSONSchemaConfigParam,
            responses_fields.FORMAT,
        ),
        (response_input_text_param.ResponseInputTextParam, responses_fields.PART),
        (response_input_image_param.ResponseInputImageParam, responses_fields.PART),
        (response_output_text_param.ResponseOutputTextParam, responses_fields.PART),
        (response_output_refusal_param.ResponseOutputRefusalParam, responses_fields.PART),
        (response_text_config_param.ResponseTextConfigParam, responses_fields.TEXT),
        (reasoning.Reasoning, responses_fields.REASONING),
        (anthropic_params.MessageCreateParamsNonStreaming, anthropic_fields.FIELDS),
        (anthropic_params.MessageCreateParamsStreaming, anthropic_fields.FIELDS),
        (text_block_param.TextBlockParam, anthropic_fields.PART),
        (image_block_param.ImageBlockParam, anthropic_fields.IMAGE),
        (base64_image_source_param.Base64ImageSourceParam, anthropic_fields.SOURCE),
        (url_image_source_param.URLImageSourceParam, anthropic_fields.SOURCE),
        (file_image_source_param.FileImageSourceParam, anthropic_fields.SOURCE),
        (base64_pdf_source_param.Base64PDFSourceParam, anthropic_fields.SOURCE),
        (plain_text_source_param.PlainTextSourceParam, anthropic_fields.SOURCE),
        (content_block_source_param.ContentBlockSourceParam, anthropic_fields.SOURCE),
        (file_document_source_param.FileDocumentSourceParam, anthropic_fields.SOURCE),
        (document_block_param.DocumentBlockParam, anthropic_fields.DOCUMENT),
        (search_result_block_param.SearchResultBlockParam, anthropic_fields.SEARCH_RESULT),
        (thinking_block_param.ThinkingBlockParam, anthropic_fields.THINKING_BLOCK),
        (redacted_thinking_block_param.RedactedThinkingBlockParam, anthropic_fields.REDACTED),
        (thinking_config_enabled_param.ThinkingConfigEnabledParam, anthropic_fields.THINKING),
        (thinking_config_adaptive_param.ThinkingConfigAdaptiveParam, anthropic_fields.THINKING),
        (json_output_format_param.JSONOutputFormatParam, anthropic_fields.FORMAT),
        (tool_reference_block_param.ToolReferenceBlockParam, anthropic_fields.TOOL_REFERENCE),
        (beta_output_config_param.BetaOutputConfigParam, anthropic_fields.OUTPUT_CONFIG),
        (beta_thinking_config.BetaThinkingConfigAdaptiveParam, anthropic_fields.THINKING),
        (beta_system_message_param.BetaSystemMessageParam, anthropic_fields.MESSAGE),
        (beta_params.MessageCreateParamsNonStreaming, {**anthropic_fields.FIELDS, **BETAS}),
        (tool_param.ToolParam, anthropic_fields.TOOL),
        (tool_use_block_param.ToolUseBlockParam, anthropic_fields.TOOL_USE),
        (tool_result_block_param.ToolResultBlockParam, anthropic_fields.TOOL_RESULT),
        (tool_choice_tool_param.ToolChoiceToolParam, anthropic_fields.TOOL_CHOICE),
        (tool_choice_any_param.ToolChoiceAnyParam, anthropic_fields.TOOL_CHOICE),
        (chat_completion_function_tool_param.ChatCompletionFunctionToolParam, openai_fields.TOOL),
        (chat_completion_custom_tool_param.ChatCompletionCustomToolParam, openai_fields.TOOL),
        (function_definition.FunctionDefinition, openai_fields.FUNCTION),
        (
            chat_completion_message_custom_tool_call_param.ChatCompletionMessageCustomToolCallParam,
            openai_fields.CALL,
        ),
        (
            chat_completion_message_function_tool_call_param.ChatCompletionMessageFunctionToolCallParam,
            openai_fields.CALL,
        ),
        (chat_completion_message_function_tool_call_param.Function, openai_fields.CALLED),
        (
            chat_completion_content_part_image_param.ChatCompletionContentPartImageParam,
            openai_fields.PART,
        ),
        (chat_completion_content_part_image_param.ImageURL, openai_fields.IMAGE),
        (chat_completion_content_part_param.File, openai_fields.PART),
        (chat_completion_content_part_param.FileFile, openai_fields.FILE),
        (chat_completion_content_part_param.FilePromptCacheBreakpoint, openai_fields.MARK),
        (
            chat_completion_content_part_refusal_param.ChatCompletionContentPartRefusalParam,
            openai_fields.PART,
        ),
        (
            chat_completion_content_part_input_audio_param.ChatCompletionContentPartInputAudioParam,
            openai_fields.PART,
        ),
        (response_format_json_schema.ResponseFormatJSONSchema, openai_fields.FORMAT),
        (response_format_json_schema.JSONSchema, openai_fields.SCHEMA),
    ],
)
def test_each_field_of_the_sdks_own_types_is_in_the_table(params, table):
    names = declared(params)
    assert len(names) >= 2
    assert names <= set(table)


def test_responses_stream_options_are_in_their_table():
    assert declared(responses_params.StreamOptions) == set(responses_fields.STREAM_OPTIONS)


def test_the_output_configs_fields_are_in_their_table():
    hints = get_type_hints(output_config_param.OutputConfigParam)
    assert set(hints) <= set(anthropic_fields.OUTPUT_CONFIG)


def asked(protocol: Protocol, **fields: Any) -> tuple[ChatRequest, tuple[Loss, ...]]:
    return codec(protocol).decode_request(json.dumps(MINIMAL[protocol] | fields).encode())


@each_field
def test_a_refused_field_is_refused_by_its_name_and_a_reported_one_told(protocol, field):
    treatment = TABLES[protocol][field]
    if treatment.kind == "refused":
        with pytest.raises(ProtocolError) as caught:
            asked(protocol, **{field: "something"})
        assert caught.value.field == field
        assert caught.value.means
        assert caught.value.do
    elif treatment.kind == "reported":
        _, losses = asked(protocol, **{field: "something"})
        assert losses == (Loss(field=field, why=treatment.why),)
        assert treatment.why
    else:
        assert treatment.kind in {"carried", "converted"}


READ: dict[Protocol, dict[str, Any]] = {
    "openai-chat": {
        "model": "other",
        "messages": [{"role": "assistant", "content": "Other"}],
        "max_completion_tokens": 5,
        "max_tokens": 5,
        "temperature": 0.5,
        "top_p": 0.5,
        "stop": ["a", "b"],
        "stream": True,
        "stream_options": {"include_usage": True},
        "tools": [{"type": "function", "function": {"name": "other"}}],
        "tool_choice": "required",
        "parallel_tool_calls": False,
        "response_format": {"type": "json_object"},
        "frequency_penalty": 1,
        "presence_penalty": -1,
        "logprobs": True,
        "top_logprobs": 3,
        "metadata": {"a": "b"},
        "prompt_cache_key": "a",
        "prompt_cache_options": {"mode": "implicit"},
        "reasoning_effort": "low",
        "safety_identifier": "someone",
        "user": "someone",
        "seed": 7,
        "verbosity": "low",
        "top_k": 5,
        "thinking_token_budget": 100,
        "continue_final_message": True,
        "add_generation_prompt": False,
    },
    "openai-responses": {
        "model": "other",
        "input": "Other",
        "instructions": "Be brief.",
        "max_output_tokens": 50,
        "temperature": 0.5,
        "top_p": 0.5,
        "stream": True,
        "tools": [{"type": "function", "name": "other", "strict": False}],
        "tool_choice": "required",
        "parallel_tool_calls": False,
        "metadata": {"case": "7"},
        "prompt_cache_key": "alike",
        "prompt_cache_options": {"mode": "implicit", "ttl": "30m"},
        "reasoning": {"effort": "low", "summary": "auto"},
        "safety_identifier": "someone",
        "text": {"format": {"type": "json_object"}, "verbosity": "low"},
        "top_logprobs": 2,
        "user": "someone",
        "include": ["message.output_text.logprobs", "reasoning.encrypted_content"],
    },
    "anthropic-messages": {
        "model": "other",
        "messages": [{"role": "assistant", "content": "Other"}],
        "max_tokens": 5,
        "system": "Be brief.",
        "stop_sequences": ["a"],
        "stream": True,
        "temperature": 0.5,
        "top_p": 0.5,
        "top_k": 5,
        "tools": [{"name": "other", "input_schema": {"type": "object"}}],
        "tool_choice": {"type": "any"},
        "thinking": {"type": "enabled", "budget_tokens": 2048},
        "metadata": {"user_id": "anna"},
        "output_format": {"type": "json_schema", "schema": {"type": "object"}},
        "cache_control": {"type": "ephemeral", "ttl": "1h"},
    },
}
READ_BY_FIELDS = {"output_config"}
"""Fields of which nothing is carried: each field within them is refused or reported."""
TOOLS: dict[Protocol, list[dict[str, Any]]] = {
    "openai-chat": [{"type": "function", "function": {"name": "now"}}],
    "openai-responses": [{"type": "function", "name": "now", "strict": False}],
    "anthropic-messages": [{"name": "now", "input_schema": {"type": "object"}}],
}


def _by_fields(protocol: Protocol, field: str) -> bool:
    return field in READ_BY_FIELDS or (protocol, field) == ("openai-responses", "stream_options")


BESIDE: dict[tuple[Protocol, str], dict[str, Any]] = {
    ("openai-chat", "top_logprobs"): {"logprobs": True},
    ("openai-chat", "continue_final_message"): {
        "messages": [{"role": "assistant", "content": "It is"}]
    },
    ("openai-chat", "add_generation_prompt"): {
        "messages": [{"role": "assistant", "content": "It is"}]
    },
}
"""What must stand in the request for a field to mean anything."""


@each_field
def test_a_carried_field_changes_the_request_without_loss(protocol, field):
    treatment = TABLES[protocol][field]
    if treatment.kind in {"carried", "converted"} and not _by_fields(protocol, field):
        given = {"tools": TOOLS[protocol], **BESIDE.get((protocol, field), {})}
        request, losses = asked(protocol, **given | {field: READ[protocol][field]})
        assert losses == ()
        assert request != asked(protocol, **given)[0]
    else:
        assert field not in READ[protocol]


@each_field
def test_null_is_as_absent(protocol, field):
    if field in MINIMAL[protocol]:
        with pytest.raises(ProtocolError) as caught:
            asked(protocol, **{field: None})
        assert caught.value.field == field
    else:
        assert asked(protocol, **{field: None}) == asked(protocol)


@pytest.mark.parametrize(
    ("protocol", "fields"),
    [
        ("openai-chat", {"tools": [], "functions": [], "logit_bias": {}, "metadata": {}}),
        ("openai-chat", {"n": 1, "response_format": {"type": "text"}, "modalities": ["text"]}),
        ("openai-chat", {"tool_choice": "auto", "parallel_tool_calls": True, "store": False}),
        ("openai-chat", {"logprobs": False, "top_logprobs": 0, "prompt_cache_options": {}}),
        ("openai-chat", {"stream_options": {"include_obfuscation": False}}),
        ("openai-responses", {"tools": [], "include": [], "metadata": {}, "tool_choice": "auto"}),
        ("openai-responses", {"background": False, "store": False, "truncation": "disabled"}),
        ("openai-responses", {"text": {"format": {"type": "text"}}}),
        ("openai-responses", {"reasoning": {"mode": "standard"}, "top_logprobs": 0}),
        ("anthropic-messages", {"tools": [], "context_management": {}, "metadata": {}}),
        ("anthropic-messages", {"tool_choice": {"type": "auto"}, "service_tier": "auto"}),
        ("anthropic-messages", {"output_config": {}, "speed": "standard"}),
    ],
)
def test_a_value_that_asks_for_nothing_is_as_absent(protocol, fields):
    assert asked(protocol, **fields) == asked(protocol)


@pytest.mark.parametrize(
    ("protocol", "fields", "refused_field"),
    [
        ("openai-chat", {"n": 2}, "n"),
        ("openai-chat", {"top_logprobs": 2}, "top_logprobs"),
        ("openai-chat", {"modalities": ["text", "audio"]}, "modalities"),
        ("openai-chat", {"tool_choice": "required"}, "tool_choice"),
        ("openai-responses", {"previous_response_id": "resp_1"}, "previous_response_id"),
        ("openai-responses", {"background": True}, "background"),
        ("anthropic-messages", {"tool_choice": {"type": "any"}}, "tool_choice"),
        ("openai-chat", {"functions": [{"name": "now"}]}, "functions"),
    ],
)
def test_what_changes_the_answers_kind_is_refused(protocol, fields, refused_field):
    with pytest.raises(ProtocolError) as caught:
        asked(protocol, **fields)
    assert caught.value.field == refused_field


def test_an_unknown_field_is_reported_where_it_stands():
    _, losses = asked("openai-chat", brand_new=1, stream_options={"newer": 2})
    assert [loss.field for loss in losses] == ["brand_new", "stream_options.newer"]


def test_review_names_the_place():
    table = {"a": CARRIED, "b": converted("c", {"x": refused("no")}), "c": reported("gone", 0)}
    assert review({"a": 1, "b": {}, "c": 1, "d": 2}, table, "messages[0]") == [
        Loss(field="messages[0].c", why="gone"),
        Loss(field="messages[0].d", why="This field is not known and is not carried."),
    ]
    with pytest.raises(ProtocolError, match=r"messages\[0\]\.b\.x"):
        review({"b": {"x": 1}}, table, "messages[0]")
