"""Files of others' counts, in the forms that vendors, clouds and networks write them."""

import gzip
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from changeover.evidence.reconciling.places import Places
from tests.intake.statechat import DIRECTORY

PLACES = Places(DIRECTORY, {"llm.example.org": "openai"})
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def openai_usage(
    buckets: Iterable[tuple[datetime, datetime, Iterable[Mapping[str, Any]]]],
) -> bytes:
    data = [
        {
            "object": "bucket",
            "start_time": int(begins.timestamp()),
            "end_time": int(ends.timestamp()),
            "results": [
                {"object": "organization.usage.completions.result", "input_tokens": 10,
                 "output_tokens": 5, "input_cached_tokens": 0, "project_id": "proj_1",
                 "user_id": None, "batch": None, **one}
                for one in results
            ],
        }
        for begins, ends, results in buckets
    ]  # fmt: skip
    return json.dumps({"object": "page", "data": data, "has_more": False}).encode()


def anthropic_usage(spans: Iterable[tuple[datetime, datetime, int]]) -> bytes:
    data = [
        {
            "starting_at": begins.isoformat().replace("+00:00", "Z"),
            "ending_at": ends.isoformat().replace("+00:00", "Z"),
            "results": [
                {"uncached_input_tokens": tokens - 6, "cache_read_input_tokens": 2,
                 "cache_creation": {"ephemeral_1h_input_tokens": 0, "ephemeral_5m_input_tokens": 1},
                 "output_tokens": 3, "server_tool_use": {"web_search_requests": 0},
                 "api_key_id": "apikey_1", "workspace_id": None, "model": "claude-sonnet-4-5",
                 "service_tier": "standard", "context_window": "0-200k"}
            ] if tokens else [],
        }
        for begins, ends, tokens in spans
    ]  # fmt: skip
    return json.dumps({"data": data, "has_more": False, "next_page": None}).encode()


def cloudtrail_event(
    moment: datetime, event: str, *, name: str = "Converse", error: str | None = None
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "accessKeyId": "ASIA1",
            "accountId": "123456789012",
        },
        "eventTime": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": "bedrock.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-gov-west-1",
        "requestParameters": {"modelId": "anthropic.claude-sonnet-4-5-20250929-v1:0"},
        "eventID": event,
        "recipientAccountId": "123456789012",
    }
    return made if error is None else {**made, "errorCode": error}


def cloudtrail(events: Iterable[Mapping[str, Any]]) -> bytes:
    return gzip.compress(json.dumps({"Records": list(events)}).encode())


def google_entry(
    moment: datetime, insert: str, *, method: str = "GenerateContent"
) -> dict[str, Any]:
    return {
        "insertId": insert,
        "timestamp": moment.isoformat().replace("+00:00", "Z"),
        "resource": {"type": "audited_resource", "labels": {"project_id": "ministry"}},
        "protoPayload": {
            "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
            "serviceName": "aiplatform.googleapis.com",
            "methodName": f"google.cloud.aiplatform.v1.PredictionService.{method}",
            "resourceName": "projects/ministry/locations/eu/publishers/anthropic/models/claude-x",
            "authenticationInfo": {"principalEmail": "app@ministry.example"},
        },
    }


def squid(rows: Iterable[tuple[datetime, str, str, str]]) -> bytes:
    return "".join(
        f"{moment.timestamp():.3f}   1200 {client} {result} 39 CONNECT {name}:443 - HIER_DIRECT/1 -\n"
        for moment, client, name, result in rows
    ).encode()


def zeek(rows: Iterable[tuple[datetime, str, str]]) -> bytes:
    head = "#separator \\x09\n#path\tssl\n#fields\tts\tuid\tid.orig_h\tserver_name\n#types\t-\n"
    lines = (
        f"{moment.timestamp():.6f}\tC{number}\t{client}\t{name}\n"
        for number, (moment, client, name) in enumerate(rows)
    )
    return (head + "".join(lines) + "#close\t2026-03-02\n").encode()


def focus(rows: Iterable[tuple[datetime, datetime, str, str, str]]) -> bytes:
    head = (
        "BilledCost,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,PublisherName,SubAccountId\n"
    )
    return (
        "\ufeff"
        + head
        + "".join(
            f"{cost},{category},{begins.isoformat()},{ends.isoformat()},{publisher},sub-1\n"
            for begins, ends, publisher, category, cost in rows
        )
    ).encode()
