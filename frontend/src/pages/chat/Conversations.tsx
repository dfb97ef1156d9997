import { Button } from "@trussworks/react-uswds";
import { useEffect, useId, useRef } from "react";

import type { ConversationLine, Found } from "../../api/schema";
import type { Search } from "../../chat/useSearch";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { CHAT_PATH, conversationPath } from "../../route";
import { SearchField, SearchResults } from "./ShelfSearch";

interface Properties {
  lines: readonly ConversationLine[];
  /** The one that is shown; null is a new one. */
  current: string | null;
  search: Search;
  onFound: (found: Found) => void;
}

/** A person's conversations, the last changed first, and beginning a new one. */
export function Conversations({ lines, current, search, onFound }: Properties) {
  const { t } = useLanguage();
  const heading = useId();
  const begun = lines.filter(({ id, turns }) => turns > 0 || id === current);
  return (
    <nav className="conversations" aria-labelledby={heading}>
      <h2 id={heading}>{t("conversations.heading")}</h2>
      <Link
        href={CHAT_PATH}
        className="usa-button new-conversation"
        aria-current={current === null ? "page" : undefined}
      >
        {t("conversations.new")}
      </Link>
      <SearchField search={search} />
      {search.query.trim() !== "" ? (
        <SearchResults search={search} onOpen={onFound} />
      ) : begun.length === 0 ? (
        <p className="muted">{t("conversations.none")}</p>
      ) : (
        <ul>
          {begun.map((line) => (
            <li key={line.id}>
              <Link
                href={conversationPath(line.id)}
                aria-current={line.id === current ? "page" : undefined}
                dir="auto"
              >
                {line.title === "" ? t("conversations.untitled") : line.title}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </nav>
  );
}

interface SheetProperties extends Properties {
  open: boolean;
  onClose: () => void;
}

/** The same behind a button, where there is no room beside the chat. */
export function ConversationSheet({ open, onClose, ...list }: SheetProperties) {
  const { t } = useLanguage();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) {
      dialog.current?.showModal();
    } else {
      dialog.current?.close();
    }
  }, [open]);
  return (
    <dialog
      ref={dialog}
      className="sheet sheet-side"
      aria-label={t("conversations.heading")}
      onClose={onClose}
      onClickCapture={(event) => {
        if (event.target instanceof Element && event.target.closest("a") !== null) {
          dialog.current?.close(); // before the link takes the focus to its page
        }
      }}
    >
      {open && <Conversations {...list} />}
      <div className="actions">
        <Button type="button" outline onClick={() => dialog.current?.close()}>
          {t("conversations.close")}
        </Button>
      </div>
    </dialog>
  );
}
