import { Button } from "@trussworks/react-uswds";
import { useId, useState, type FormEvent, type ReactNode } from "react";

import { placeConversation } from "../../api/chat";
import { makeFolder } from "../../api/folders";
import type { ConversationLine, Folder } from "../../api/schema";
import { LONGEST_FOLDER, sorted } from "../../chat/folders";
import { useLanguage } from "../../i18n/context";
import { Sheet } from "../../parts/Sheet";
import { useSession } from "../../session/context";
import { Refused } from "./Refused";

interface Properties {
  line: ConversationLine;
  folders: readonly Folder[];
  /** It is in this folder now; null is none. */
  onMoved: (to: Folder | null) => void;
  onClose: () => void;
}

/** "" is no folder, as for the server; anything else is one's id. */
type Where = string | typeof NEW;
const NEW = Symbol("new");

/** Asks in which folder a conversation is to be. */
export function MoveSheet({ line, folders, onMoved, onClose }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const id = useId();
  const [where, setWhere] = useState<Where>(line.folder ?? "");
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const move = async () => {
    const to =
      where === NEW ? await makeFolder(client, name) : folders.find((one) => one.id === where);
    await placeConversation(client, line.id, { folder: to?.id ?? "" });
    onMoved(to ?? null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    move().catch((refused: unknown) => {
      setError(refused);
      setBusy(false);
    });
  };
  const choice = (value: Where, words: ReactNode, key: string) => (
    <div className="choice" key={key}>
      <input
        type="radio"
        name={id}
        id={`${id}-${key}`}
        checked={where === value}
        onChange={() => setWhere(value)}
      />
      <label htmlFor={`${id}-${key}`} dir="auto">
        {words}
      </label>
    </div>
  );
  return (
    <Sheet heading={t("move.heading")} busy={busy} onClose={onClose}>
      <form onSubmit={submit}>
        <fieldset className="choices">
          <legend className="usa-sr-only">{t("move.legend")}</legend>
          {choice("", t("move.none"), "none")}
          {sorted(folders, language).map((folder) => choice(folder.id, folder.name, folder.id))}
          {choice(NEW, t("move.new"), "new")}
        </fieldset>
        {where === NEW && (
          <>
            <label className="usa-label" htmlFor={`${id}-name`}>{t("folders.name")}</label>
            <input
              id={`${id}-name`}
              className="usa-input"
              required
              maxLength={LONGEST_FOLDER}
              autoComplete="off"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          </>
        )}
        <div role="alert">
          {error !== null && <Refused error={error} otherwise={t("folders.failed")} />}
        </div>
        <div className="actions">
          <Button type="submit" disabled={busy}>
            {t("move.move")}
          </Button>
          <Button type="button" outline disabled={busy} onClick={onClose}>
            {t("folders.cancel")}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
