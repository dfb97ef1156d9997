"""Clouds' audit logs: an event for each call of a model.

AWS CloudTrail
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html):
`{"Records": [...]}` as it is delivered, or an event on each line. Those of Bedrock that ask a model
count; a refused one (`errorCode`) reached AWS and no model, and does not.

Google Cloud audit logs
(https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry): an entry on each line, or
an array. Those of Vertex AI's prediction service count; they are data access logs, which have
to be turned on.
"""

from collections.abc import Iterator

import msgspec

from changeover.evidence.reconciling.model import Line
from changeover.evidence.reconciling.places import Places
from changeover.evidence.reconciling.text import File

_BEDROCK = "bedrock.amazonaws.com"
_INVOKES = frozenset(
    {"InvokeModel", "InvokeModelWithResponseStream", "Converse", "ConverseStream",
     "InvokeModelWithBidirectionalStream"}
)  # fmt: skip
_VERTEX = "aiplatform.googleapis.com"
_PREDICTION = "PredictionService."


class _Identity(msgspec.Struct, frozen=True):
    arn: str | None = None
    accessKeyId: str | None = None  # noqa: N815 - AWS's name
    accountId: str | None = None  # noqa: N815


class _Event(msgspec.Struct, frozen=True):
    eventTime: str  # noqa: N815
    eventSource: str  # noqa: N815
    eventName: str  # noqa: N815
    eventID: str  # noqa: N815
    userIdentity: _Identity = _Identity()  # noqa: N815
    requestParameters: dict[str, object] | None = None  # noqa: N815
    recipientAccountId: str | None = None  # noqa: N815
    errorCode: str | None = None  # noqa: N815


class _Delivery(msgspec.Struct, frozen=True):
    Records: list[_Event]


def cloudtrail(file: File, _: Places) -> Iterator[Line | None]:
    """Bedrock's model calls among CloudTrail's events."""
    for number, event in file.json(_Delivery, _Event, lambda delivery: delivery.Records):
        yield _bedrock(file, number, event)


def _bedrock(file: File, number: int, event: _Event) -> Line | None:
    asked = event.eventSource == _BEDROCK and event.eventName in _INVOKES
    if not asked or event.errorCode:
        return None
    at = file.instant(number, event.eventTime)
    who = event.userIdentity
    return Line(
        at=at,
        until=at,
        host="bedrock",
        account=event.recipientAccountId or who.accountId or "",
        who=who.accessKeyId or who.arn or "",
        model=str((event.requestParameters or {}).get("modelId", "")),
        requests=1,
        id=event.eventID,
    )


class _Principal(msgspec.Struct, frozen=True):
    principalEmail: str = ""  # noqa: N815 - Google's name


class _Status(msgspec.Struct, frozen=True):
    code: int = 0


class _Payload(msgspec.Struct, frozen=True):
    serviceName: str = ""  # noqa: N815
    methodName: str = ""  # noqa: N815
    resourceName: str = ""  # noqa: N815
    authenticationInfo: _Principal = _Principal()  # noqa: N815
    status: _Status = _Status()


class _Resource(msgspec.Struct, frozen=True):
    labels: dict[str, str] = {}


class _Entry(msgspec.Struct, frozen=True):
    timestamp: str
    insertId: str  # noqa: N815
    protoPayload: _Payload = _Payload()  # noqa: N815
    resource: _Resource = _Resource()


def google(file: File, _: Places) -> Iterator[Line | None]:
    """Vertex AI's predictions among audit log entries."""
    for number, entry in file.json(list[_Entry], _Entry, lambda entries: entries):
        yield _vertex(file, number, entry)


def _vertex(file: File, number: int, entry: _Entry) -> Line | None:
    payload = entry.protoPayload
    if payload.serviceName != _VERTEX or _PREDICTION not in payload.methodName:
        return None
    if payload.status.code:
        return None
    at = file.instant(number, entry.timestamp)
    return Line(
        at=at,
        until=at,
        host="vertex",
        account=entry.resource.labels.get("project_id", ""),
        who=payload.authenticationInfo.principalEmail,
        model=payload.resourceName.rpartition("/models/")[2],
        requests=1,
        id=f"google {entry.insertId} {at}",
    )
