"""Vendors' own usage reports, as their administration APIs give them.

OpenAI: `GET /v1/organization/usage/completions`
(https://platform.openai.com/docs/api-reference/usage): pages of buckets, grouped by key,
project or model as was asked; requests and tokens. Older pages say `result` for `results`.

Anthropic: `GET /v1/organizations/usage_report/messages`
(https://platform.claude.com/docs/en/api/admin-api/usage-cost/get-messages-usage-report): buckets
of tokens; requests are not counted. What was read from a cache and written to it are input too.

A page that is exported again later may count more: of two of one bucket, key and model the
greater stands.
"""

from collections.abc import Iterator

import msgspec

from changeover.evidence.reconciling.model import Line
from changeover.evidence.reconciling.places import Places
from changeover.evidence.reconciling.text import File

_MICROSECONDS = 1_000_000


class _Result(msgspec.Struct, frozen=True):
    num_model_requests: int
    input_tokens: int = 0
    output_tokens: int = 0
    project_id: str | None = None
    api_key_id: str | None = None
    model: str | None = None


class _Bucket(msgspec.Struct, frozen=True):
    start_time: int
    end_time: int
    results: list[_Result] = []
    result: list[_Result] = []


class _Page(msgspec.Struct, frozen=True):
    data: list[_Bucket]


def openai(file: File, _: Places) -> Iterator[Line | None]:
    """Buckets of OpenAI's usage report."""
    for _number, page in file.json(_Page, _Page, lambda page: [page]):
        for bucket in page.data:
            begins, ends = bucket.start_time * _MICROSECONDS, bucket.end_time * _MICROSECONDS
            for one in (*bucket.results, *bucket.result):
                account, who, model = one.project_id or "", one.api_key_id or "", one.model or ""
                yield Line(
                    at=begins,
                    until=ends,
                    host="openai",
                    account=account,
                    who=who,
                    model=model,
                    requests=one.num_model_requests,
                    tokens=one.input_tokens + one.output_tokens,
                    id=f"openai {begins} {ends} {account} {who} {model}",
                )


class _CacheCreation(msgspec.Struct, frozen=True):
    ephemeral_1h_input_tokens: int = 0
    ephemeral_5m_input_tokens: int = 0


class _Messages(msgspec.Struct, frozen=True):
    uncached_input_tokens: int
    output_tokens: int
    cache_read_input_tokens: int = 0
    cache_creation: _CacheCreation = _CacheCreation()
    workspace_id: str | None = None
    api_key_id: str | None = None
    model: str | None = None
    service_tier: str | None = None
    context_window: str | None = None


class _Span(msgspec.Struct, frozen=True):
    starting_at: str
    ending_at: str
    results: list[_Messages]


class _Report(msgspec.Struct, frozen=True):
    data: list[_Span]


def anthropic(file: File, _: Places) -> Iterator[Line | None]:
    """Buckets of Anthropic's usage report."""
    for number, report in file.json(_Report, _Report, lambda report: [report]):
        for span in report.data:
            begins = file.instant(number, span.starting_at)
            ends = file.instant(number, span.ending_at)
            for one in span.results:
                made = one.cache_creation
                tokens = one.uncached_input_tokens + one.cache_read_input_tokens
                tokens += made.ephemeral_1h_input_tokens + made.ephemeral_5m_input_tokens
                account, who, model = one.workspace_id or "", one.api_key_id or "", one.model or ""
                apart = f"{one.service_tier or ''} {one.context_window or ''}"
                yield Line(
                    at=begins,
                    until=ends,
                    host="anthropic",
                    account=account,
                    who=who,
                    model=model,
                    tokens=tokens + one.output_tokens,
                    id=f"anthropic {begins} {ends} {account} {who} {model} {apart}",
                )
