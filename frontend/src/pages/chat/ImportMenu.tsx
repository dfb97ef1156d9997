import { Button } from "@trussworks/react-uswds";
import { useEffect, useState, type DragEvent } from "react";

import { fetchImports, MOST_MEGABYTES } from "../../api/exportImport";
import type { KeptImport } from "../../api/schema";
import { useImporting, type Importing, type Trouble } from "../../chat/useImporting";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { FileField } from "../../parts/form/fields";
import { Said } from "../../parts/Said";
import { Sheet } from "../../parts/Sheet";
import { useSession } from "../../session/context";
import { ImportPreviewView } from "./ImportPreviewView";
import { ImportReportView } from "./ImportReportView";

interface Properties {
  zone: string;
  onImported: () => void;
}

const ACCEPTED = ".json,.zip,application/json,application/zip";

/** The way to bring conversations in. */
export function ImportMenu(properties: Properties) {
  const { t } = useLanguage();
  const [open, setOpen] = useState(false);
  return (
    <div className="import-menu">
      <Button
        type="button"
        unstyled
        className="quiet"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {t("imports.button")}
      </Button>
      {open && <ImportSheet {...properties} onClose={() => setOpen(false)} />}
    </div>
  );
}

function ImportSheet({ zone, onImported, onClose }: Properties & { onClose: () => void }) {
  const { t } = useLanguage();
  const importing = useImporting(onImported);
  const { stage, trouble, look, anew } = importing;
  const busy = ["looking", "taking", "undoing"].includes(stage.at);
  const [over, setOver] = useState(false);
  const onDragOver = (event: DragEvent) => {
    event.preventDefault();
    setOver(!busy);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file !== undefined && !busy) {
      look(file);
    }
  };
  return (
    <Sheet heading={t("imports.heading")} onClose={onClose} busy={busy}>
      <div
        className={over ? "import-drop over" : "import-drop"}
        onDragOver={onDragOver}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <div role="status">
          <Status importing={importing} />
        </div>
        <TroubleView trouble={trouble} />
        {stage.at === "choosing" && (
          <>
            <p>{t("imports.intro")}</p>
            <FileField
              label={t("imports.file")}
              hint={t("imports.limit", { megabytes: MOST_MEGABYTES })}
              accept={ACCEPTED}
              onFiles={([file]) => file !== undefined && look(file)}
            />
            <Earlier zone={zone} importing={importing} />
          </>
        )}
        {stage.at === "seen" && (
          <ImportPreviewView
            preview={stage.preview}
            zone={zone}
            onTake={(only) => importing.take(stage.file, only)}
          />
        )}
        {stage.at === "taken" && (
          <ImportReportView report={stage.report} onUndo={importing.undo} onClose={onClose} />
        )}
        <div className="actions">
          {["seen", "taken", "undone"].includes(stage.at) && (
            <Button type="button" outline onClick={anew}>
              {t("imports.another")}
            </Button>
          )}
          <Button type="button" outline disabled={busy} onClick={onClose}>
            {t("imports.close")}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}

function Status({ importing: { stage } }: { importing: Importing }) {
  const { language, t } = useLanguage();
  switch (stage.at) {
    case "looking":
      return <p>{t("imports.looking", { name: stage.name })}</p>;
    case "taking":
      return stage.progress === null ? (
        <p>{t("imports.taking")}</p>
      ) : (
        <p>
          <progress max={stage.progress.total} value={stage.progress.done} aria-hidden="true" />{" "}
          {t("imports.takingOf", { ...stage.progress })}
        </p>
      );
    case "undoing":
      return <p>{t("imports.undoing")}</p>;
    case "undone":
      return (
        <p>
          {t("imports.undone", { count: stage.undone.removed })}{" "}
          {stage.undone.kept.length > 0 &&
            t("imports.kept", {
              titles: new Intl.ListFormat(language).format(stage.undone.kept),
            })}
        </p>
      );
    default:
      return null;
  }
}

function TroubleView({ trouble }: { trouble: Trouble | null }) {
  const { t } = useLanguage();
  if (trouble === null) {
    return null;
  }
  return (
    <p role="alert" className="field-error">
      {trouble.kind === "tooLong" &&
        t("imports.tooLong", { name: trouble.name, megabytes: MOST_MEGABYTES })}
      {trouble.kind === "lost" && t("imports.lost")}
      {trouble.kind === "undoFailed" && t("imports.undoFailed")}
      {trouble.kind === "refused" && (
        <Said>
          {[trouble.detail.what, trouble.detail.means, trouble.detail.do]
            .filter((words) => words !== "")
            .join(" ")}
        </Said>
      )}
    </p>
  );
}

/** What was imported before, and can be taken back. */
function Earlier({ zone, importing }: { zone: string; importing: Importing }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [kept, setKept] = useState<readonly KeptImport[]>([]);
  useEffect(() => {
    const gone = new AbortController();
    fetchImports(client, gone.signal).then(setKept, () => undefined);
    return () => gone.abort();
  }, [client]);
  if (kept.length === 0) {
    return null;
  }
  return (
    <section className="imports-earlier">
      <h3>{t("imports.earlier")}</h3>
      <ul className="lines">
        {kept.map(({ act, file, at, conversations }) => (
          <li key={act}>
            <span dir="auto">
              {t("imports.earlierOne", {
                file,
                when: formatInstant(language, at, zone),
                count: conversations,
              })}
            </span>{" "}
            <Button
              type="button"
              unstyled
              className="quiet"
              aria-label={t("imports.undoOf", { file })}
              onClick={() => importing.undo(act)}
            >
              {t("imports.undo")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
