"""Vendors' endpoints that are not served here, each by name, with why and what to do instead.

Most of them keep something at one vendor that later calls need: a file, a job, a
conversation. Tomorrow's call may go to another vendor, which has none of it, and
nobody could show what was sent when. Others are about one vendor's account, or check or
make what no other vendor does.

The paths are those of the vendors' SDKs (`openai`, `anthropic`, `google-genai`, and `botocore`'s
`bedrock-runtime`), without the version. A path is found by its longest beginning.
"""

import re

import msgspec


class Unserved(msgspec.Struct, frozen=True):
    """What is not served: what it is called, why, what to do; the status to answer."""

    what: str
    why: str
    do: str
    status: int = 501


_HELD = "They would be held by one vendor, and the next call may go to another."
_HOLD = "Hold the conversation yourself and send it whole with each call."
_BYTES = "Send the bytes in the request itself."
_ONE_BY_ONE = "Send the requests one by one: each is decided, journalled and answered by itself."
_LEFT_ALONE = (
    "Batches run for hours, and an order that begins meanwhile must reach each of their requests."
)
_ACCOUNT = "It is about the organisation's account at one vendor."
_OPERATOR = "Ask the operator, who has that account."
_ONE_VENDOR = "It is one vendor's own, and cannot be promised of another."
_CHAT = "Use a call that is served: chat, counts, embeddings, sound or pictures."

_AGENTS = Unserved("Agents that a vendor runs", _HELD, f"{_HOLD} Run the tools on your side.")
_ASSISTANTS = Unserved("Conversations that a vendor holds", _HELD, _HOLD)
_BATCHES = Unserved("Batches", _LEFT_ALONE, _ONE_BY_ONE)
_FILES = Unserved("Files that a vendor keeps", _HELD, _BYTES)
_TUNING = Unserved(
    "Tuning of models",
    "It makes a new model at one vendor, outside any decision.",
    "Tune with the vendor, then record the model in the directory with what it derives from.",
)
_STORES = Unserved(
    "Stores that a vendor searches", _HELD, "Search on your side, and send what was found."
)
_LIVE = Unserved(
    "Calls that stream sound both ways",
    "They cannot be carried from one vendor's protocol to another's, and an order could not end "
    "them in the client's protocol.",
    "Transcribe, chat and speak in calls of their own.",
)
_OF_ACCOUNT = Unserved("Administration of a vendor's account", _ACCOUNT, _OPERATOR)
_CHECKS = Unserved("Checks that one vendor makes", _ONE_VENDOR, "Ask a model of your choice.")
_FILMS = Unserved("Films", f"{_HELD} A film is made over minutes and kept there.", _CHAT)
_OWN = Unserved("This call", _ONE_VENDOR, _CHAT)
_OLDER = Unserved(
    "The older call for completions",
    "It takes one text, without turns or tools.",
    "Send the text as a user's message in a chat call.",
)
_NOTHING_STORED = Unserved(
    "An answer that was stored",
    "Nothing is stored between calls here.",
    "Keep the answer that you were given, and send its items in the next call.",
    status=404,
)
_COMPACTED = Unserved(
    "Compaction",
    "A vendor would seal what it made of the conversation, for itself alone.",
    "Send the turns whole, or have a model sum them up.",
)

UNSERVED: dict[str, Unserved] = {
    "agents": _AGENTS,
    "assistants": _ASSISTANTS,
    "audio/voice_consents": _OWN,
    "audio/voices": _OWN,
    "auth_tokens": _LIVE,
    "batches": _BATCHES,
    "cachedContents": Unserved(
        "Caches that a vendor keeps", _HELD, "Send the content; vendors cache what they see again."
    ),
    "chat/completions": _NOTHING_STORED,
    "chatkit": _ASSISTANTS,
    "complete": _OLDER,
    "completions": _OLDER,
    "compliance": _OF_ACCOUNT,
    "containers": _AGENTS,
    "content_provenance_checks": _CHECKS,
    "conversations": _ASSISTANTS,
    "corpora": _STORES,
    "decisions": _CHECKS,
    "deployment_runs": _AGENTS,
    "deployments": _AGENTS,
    "dreams": _AGENTS,
    "environments": _AGENTS,
    "evals": Unserved(
        "Evaluations that a vendor runs", _HELD, "Run them on your side, with calls through here."
    ),
    "fileSearchStores": _STORES,
    "files": _FILES,
    "fine_tuning": _TUNING,
    "images/variations": _OWN,
    "interactions": _AGENTS,
    "live": _LIVE,
    "memory_stores": _AGENTS,
    "messages/batches": _BATCHES,
    "moderations": _CHECKS,
    "operations": _FILMS,
    "organization": _OF_ACCOUNT,
    "organizations": _OF_ACCOUNT,
    "projects": _OF_ACCOUNT,
    "realtime": _LIVE,
    "responses": _NOTHING_STORED,
    "responses/compact": _COMPACTED,
    "safety": _CHECKS,
    "sessions": _AGENTS,
    "skills": _AGENTS,
    "threads": _ASSISTANTS,
    "tunedModels": _TUNING,
    "tuningJobs": _TUNING,
    "tunnels": _AGENTS,
    "uploads": _FILES,
    "user_profiles": _OF_ACCOUNT,
    "vaults": _AGENTS,
    "vector_stores": _STORES,
    "videos": _FILMS,
    "webhook_endpoints": _OF_ACCOUNT,
    "webhook_event_types": _OF_ACCOUNT,
}
METHODS: dict[str, Unserved] = {
    "asyncBatchEmbedContent": _BATCHES,
    "batchGenerateContent": _BATCHES,
    "computeTokens": Unserved(
        "The tokens themselves", "They are one vendor's own.", "Count them with :countTokens."
    ),
    "predict": Unserved("Pictures in Google's protocol", _ONE_VENDOR, _CHAT),
    "predictLongRunning": _FILMS,
}
_OF_BEDROCK: dict[str, Unserved] = {
    "async-invoke": _BATCHES,
    "guardrail": _CHECKS,
    "guardrail-checks": _CHECKS,
    "invoke-with-bidirectional-stream": _LIVE,
}
_VERSION = re.compile(r"(?:/upload)?/v1(?:beta|alpha)?/")


def unserved(path: str) -> Unserved | None:
    """What at a path is known and not served; None where nothing is known of it."""
    found = _VERSION.match(path)
    if found is None:
        first, *_, last = path.removeprefix("/").split("/") * 2
        return _OF_BEDROCK.get(last if first == "model" else first)
    rest = path[found.end() :].strip("/")
    if rest.startswith("models/"):
        return METHODS.get(rest.rpartition(":")[2])
    parts = rest.split("/")
    for length in (2, 1):
        known = UNSERVED.get("/".join(parts[:length]))
        if known is not None:
            return known
    # Google's SDK adds the method of a kept thing to its name.
    return UNSERVED.get(parts[0].partition(":")[0])
