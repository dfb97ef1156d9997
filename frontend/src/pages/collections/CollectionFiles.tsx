import { Button } from "@trussworks/react-uswds";
import { useCallback, useState } from "react";

import { ofCollection, removeFile, returnFile } from "../../api/attachments";
import type { Collection, FileLine, StoredFile } from "../../api/schema";
import { useFiles } from "../../chat/useFiles";
import { useLanguage } from "../../i18n/context";
import { Said } from "../../parts/Said";
import { Section } from "../../parts/Section";
import { useSession } from "../../session/context";
import { AttachButton, Standing } from "../chat/Files";
import { DocumentSheet } from "../chat/Sources";
import { UndoLine } from "../chat/UndoLine";

interface Properties {
  collection: Collection;
  onChanged: () => Promise<void>;
}

/** The files of a collection: brought by dropping or choosing, read, taken away and brought back. */
export function CollectionFiles({ collection, onChanged }: Properties) {
  const { t } = useLanguage();
  const { client } = useSession();
  const place = ofCollection(collection.id);
  const begin = useCallback(() => Promise.resolve(ofCollection(collection.id)), [collection.id]);
  const files = useFiles(place, true, begin);
  const [gone, setGone] = useState<FileLine | null>(null);
  const [failed, setFailed] = useState(false);
  const [read, setRead] = useState<StoredFile | null>(null);
  const mayEdit = collection.may_edit;
  const remove = (line: FileLine) => {
    setFailed(false);
    removeFile(client, line.file.id).then(
      () => {
        files.forgetLine(line.file.id);
        setGone(line.file.state === "uploading" ? null : line);
        void onChanged();
      },
      () => setFailed(true),
    );
  };
  return (
    <Section heading={t("collections.filesHeading")}>
      {mayEdit && (
        <div
          className="dropping"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            files.add([...event.dataTransfer.files]);
          }}
        >
          <AttachButton label="collections.add" outline onAdd={files.add} /> {t("collections.drop")}
        </div>
      )}
      {gone !== null && (
        <UndoLine
          words={t("collections.fileRemoved", { name: gone.file.name })}
          focused
          onUndo={async () => {
            files.tell(await returnFile(client, gone.file.id));
            setGone(null);
            void onChanged();
          }}
          onClose={() => setGone(null)}
        />
      )}
      {failed && <p role="alert">{t("collections.failed")}</p>}
      {files.notTaken.map(({ name, said }) => (
        <p key={name} role="alert" className="field-error">
          <span dir="auto">{name}</span>: {said === null ? t("files.away") : <Said>{said}</Said>}
        </p>
      ))}
      {files.lines.length === 0 ? (
        <p className="nothing">{t("collections.empty")}</p>
      ) : (
        <ul className="collection-files" aria-label={t("collections.filesHeading")}>
          {files.lines.map((line) => (
            <li key={line.file.id} className={line.file.state === "refused" ? "stop" : ""}>
              <span className="file-name">
                {line.file.state === "ready" ? (
                  <Button
                    type="button"
                    unstyled
                    aria-haspopup="dialog"
                    onClick={() => setRead(line.file)}
                  >
                    <span dir="auto">{line.file.name}</span>
                  </Button>
                ) : (
                  <span dir="auto">{line.file.name}</span>
                )}
              </span>
              <span className="file-standing">
                {line.file.state === "ready" && (
                  <span className="muted">
                    {t("collections.passages", { count: line.file.found.passages })}{" "}
                  </span>
                )}
                <Standing line={line} coming={files.coming.has(line.file.id)} />
              </span>
              {mayEdit && (
                <Button
                  type="button"
                  unstyled
                  className="quiet"
                  aria-label={t("files.remove", { name: line.file.name })}
                  onClick={() => remove(line)}
                >
                  {t("collections.takeAway")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {read !== null && <DocumentSheet file={read} onClose={() => setRead(null)} />}
    </Section>
  );
}
