"""The tables, portable between SQLite and PostgreSQL.

Instants are whole microseconds since 1970-01-01T00:00Z. Bodies are the canonical
bytes that digests were taken of, so they are kept as bytes. Migrations make the
tables; a test holds the two equal.
"""

from changeover.storage.schema.base import metadata
from changeover.storage.schema.calls import (
    allowance,
    call,
    credential,
    service_key,
    spending_limit,
    use,
)
from changeover.storage.schema.chat import (
    chat_event,
    chat_instructions,
    conversation,
    feedback,
    folder,
    imported_conversation,
    notice_ack,
    prompt,
    searched,
    share,
    turn,
)
from changeover.storage.schema.files import file, file_chunk, file_content, file_index, file_text
from changeover.storage.schema.people import (
    account,
    provisioned_group,
    provisioned_member,
    provisioned_user,
    provisioning_token,
    session,
    sign_in_failure,
)
from changeover.storage.schema.record import (
    claim,
    delivery,
    document,
    draft,
    ledger_checkpoint,
    ledger_entry,
    ledger_queue,
    ledger_tree,
    paper,
    proposal,
    record,
)
from changeover.storage.schema.serving import (
    enforcement,
    kept_answer,
    process_health,
    replica,
    revision,
    setting,
)

__all__ = [
    "account",
    "allowance",
    "call",
    "chat_event",
    "chat_instructions",
    "claim",
    "conversation",
    "credential",
    "delivery",
    "document",
    "draft",
    "enforcement",
    "feedback",
    "file",
    "file_chunk",
    "file_content",
    "file_index",
    "file_text",
    "folder",
    "imported_conversation",
    "kept_answer",
    "ledger_checkpoint",
    "ledger_entry",
    "ledger_queue",
    "ledger_tree",
    "metadata",
    "notice_ack",
    "paper",
    "process_health",
    "prompt",
    "proposal",
    "provisioned_group",
    "provisioned_member",
    "provisioned_user",
    "provisioning_token",
    "record",
    "replica",
    "revision",
    "searched",
    "service_key",
    "session",
    "setting",
    "share",
    "sign_in_failure",
    "spending_limit",
    "turn",
    "use",
]
