import { Button } from "@trussworks/react-uswds";
import { useRef, useState } from "react";

import { makeFolder, removeFolder, renameFolder, returnFolder } from "../../api/folders";
import type { ConversationLine, Folder } from "../../api/schema";
import { sorted } from "../../chat/folders";
import { useLanguage } from "../../i18n/context";
import { useSession } from "../../session/context";
import { FolderNameSheet } from "./FolderNameSheet";
import { Lines } from "./Lines";
import { UndoLine } from "./UndoLine";

interface Properties {
  folders: readonly Folder[];
  /** What is in them, pinned or not. */
  lines: readonly ConversationLine[];
  current: string | null;
  onChanged: () => void;
}

/** A person's folders with what is in each, and making, renaming and removing them. */
export function Folders({ folders, lines, current, onChanged }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [naming, setNaming] = useState<Folder | "new" | null>(null);
  const [gone, setGone] = useState<Folder | null>(null);
  const [failed, setFailed] = useState(false);
  const make = useRef<HTMLDivElement>(null);
  const remove = (folder: Folder) => {
    setFailed(false);
    removeFolder(client, folder.id).then(
      () => {
        setGone(folder);
        onChanged();
      },
      () => setFailed(true),
    );
  };
  const back = () => {
    setGone(null);
    make.current?.querySelector("button")?.focus();
  };
  const save = async (name: string) => {
    await (naming === "new" || naming === null
      ? makeFolder(client, name)
      : renameFolder(client, naming.id, name));
    setNaming(null);
    onChanged();
  };
  return (
    <>
      <div ref={make} className="folders-head">
        {folders.length > 0 && <h3>{t("folders.heading")}</h3>}
        <Button type="button" unstyled className="quiet" onClick={() => setNaming("new")}>
          {t("folders.new")}
        </Button>
      </div>
      {gone !== null && (
        <UndoLine
          words={t("folders.removed", { name: gone.name })}
          focused
          onUndo={async () => {
            await returnFolder(client, gone.id);
            onChanged();
            back();
          }}
          onClose={back}
        />
      )}
      {failed && (
        <p role="alert" className="field-error">
          {t("folders.failed")}
        </p>
      )}
      {sorted(folders, language).map((folder) => (
        <FolderView
          key={folder.id}
          folder={folder}
          lines={lines.filter((line) => line.folder === folder.id)}
          current={current}
          onRename={() => setNaming(folder)}
          onRemove={() => remove(folder)}
        />
      ))}
      {naming !== null && (
        <FolderNameSheet
          name={naming === "new" ? "" : naming.name}
          onSave={save}
          onClose={() => setNaming(null)}
        />
      )}
    </>
  );
}

interface FolderProperties extends Omit<Properties, "folders" | "onChanged"> {
  folder: Folder;
  onRename: () => void;
  onRemove: () => void;
}

function FolderView({ folder, lines, current, onRename, onRemove }: FolderProperties) {
  const { t } = useLanguage();
  const { name } = folder;
  const pinnedFirst = [...lines].sort((a, b) => Number(b.pinned) - Number(a.pinned));
  return (
    <details className="folder" open={lines.some(({ id }) => id === current) || undefined}>
      <summary dir="auto">{t("folders.count", { name, count: lines.length })}</summary>
      {lines.length === 0 && <p className="muted">{t("folders.empty")}</p>}
      <Lines lines={pinnedFirst} current={current} />
      <div className="folder-deeds">
        <Button
          type="button"
          unstyled
          className="quiet"
          aria-label={t("folders.renameNamed", { name })}
          onClick={onRename}
        >
          {t("folders.rename")}
        </Button>
        <Button
          type="button"
          unstyled
          className="quiet"
          aria-label={t("folders.removeNamed", { name })}
          onClick={onRemove}
        >
          {t("folders.remove")}
        </Button>
      </div>
    </details>
  );
}
