"""An order that ends a vendor's use at once, answers under way included, and names another."""

from pathlib import Path

from tests.end_to_end.running import Server

ID = "immediate-end"
TITLE = "Immediate end of use at the department"
_ORDER = f"""
id: {ID}
kind: order
issuer: state-secretary
title: {{en: {TITLE}, fr: Fin immédiate de l'usage au département}}
published: 2026-02-26T09:00
recorded: 2026-02-26T09:00
entered_by: m.okafor
clauses:
  end:
    words: Every use of Anthropic's models ends now, answers under way included.
    chosen_by: l.tremblay
    modality: prohibit
    targets: [{{makers: [anthropic]}}]
    scope: {{parties: [state]}}
    in_flight: cut
rebindings:
  - service: statechat
    slots: [chat, title, summary]
    models: [openai/gpt-4.1]
sources:
  - address: https://example.test/immediate-end
    captured: 2026-02-26T08:30
    sha256: {"0" * 64}
"""


def issue(server: Server, folder: Path) -> None:
    """Has an officer issue it at the command line."""
    file = folder / f"{ID}.yaml"
    file.write_text(_ORDER)
    server.run("orders", "issue", str(file), "--by", "m.okafor")
