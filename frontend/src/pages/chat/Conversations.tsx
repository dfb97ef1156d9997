import { Button } from "@trussworks/react-uswds";
import { useEffect, useId, useRef } from "react";

import type { ConversationLine, Folder, FoundPlace } from "../../api/schema";
import type { Search } from "../../chat/useSearch";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { CHAT_PATH } from "../../route";
import { Folders } from "./Folders";
import { ImportMenu } from "./ImportMenu";
import { Lines } from "./Lines";
import { RemovedMenu } from "./RemovedMenu";
import { SearchField, SearchResults } from "./ShelfSearch";

interface Properties {
  lines: readonly ConversationLine[];
  folders: readonly Folder[];
  /** The one that is shown; null is a new one. */
  current: string | null;
  zone: string;
  /** Conversations came in, or went again, or folders changed. */
  onChanged: () => void;
  search: Search;
  onFound: (found: FoundPlace) => void;
}

/** A person's conversations, the last changed first, and beginning a new one. */
export function Conversations(properties: Properties) {
  const { lines, folders, current, zone, onChanged, search, onFound } = properties;
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
      <ImportMenu zone={zone} onImported={onChanged} />
      <SearchField search={search} />
      {search.query.trim() !== "" ? (
        <SearchResults search={search} onOpen={onFound} />
      ) : (
        <>
          <Shelf lines={begun} folders={folders} current={current} onChanged={onChanged} />
          <RemovedMenu zone={zone} onReturned={onChanged} />
        </>
      )}
    </nav>
  );
}

type ShelfProperties = Pick<Properties, "lines" | "folders" | "current" | "onChanged">;

/** The pinned ones first, then folders, the others, and those that are archived out of the way. */
function Shelf({ lines, folders, current, onChanged }: ShelfProperties) {
  const { t } = useLanguage();
  const archived = lines.filter((line) => line.archived);
  const pinned = lines.filter((line) => line.pinned);
  const others = lines.filter((line) => !line.pinned && !line.archived && line.folder === null);
  const filed = lines.filter((line) => !line.archived && line.folder !== null);
  return (
    <>
      {lines.length === 0 && <p className="muted">{t("conversations.none")}</p>}
      {pinned.length > 0 && (
        <>
          <h3>{t("conversations.pinned")}</h3>
          <Lines lines={pinned} current={current} />
        </>
      )}
      <Folders folders={folders} lines={filed} current={current} onChanged={onChanged} />
      {others.length > 0 && (pinned.length > 0 || folders.length > 0) && (
        <h3>{t("conversations.others")}</h3>
      )}
      <Lines lines={others} current={current} />
      {archived.length > 0 && (
        <details open={archived.some(({ id }) => id === current) || undefined}>
          <summary>{t("conversations.archived", { count: archived.length })}</summary>
          <Lines lines={archived} current={current} />
        </details>
      )}
    </>
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
