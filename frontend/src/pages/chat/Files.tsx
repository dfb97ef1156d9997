import { Button } from "@trussworks/react-uswds";
import { useRef } from "react";

import type { FileLine } from "../../api/schema";
import type { FilesHere } from "../../chat/useFiles";
import { useLanguage } from "../../i18n/context";
import type { Key } from "../../i18n/translate";
import { Said } from "../../parts/Said";

const FORMS = ".pdf,.docx,.txt,.md,.html,.htm,.csv,.eml,.png,.jpg,.jpeg,.gif,.webp";

/** The button that chooses files. */
export function AttachButton({
  label = "files.attach",
  outline = false,
  onAdd,
}: {
  label?: Key;
  outline?: boolean;
  onAdd: (files: readonly File[]) => void;
}) {
  const { t } = useLanguage();
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        type="button"
        unstyled={!outline}
        outline={outline}
        className={outline ? undefined : "quiet"}
        onClick={() => field.current?.click()}
      >
        {t(label)}
      </Button>
      <input
        ref={field}
        type="file"
        multiple
        hidden
        accept={FORMS}
        aria-label={t(label)}
        onChange={(event) => {
          onAdd([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

/** The conversation's files, each with how it is, and a button that takes it away. */
export function FileChips({ files, sent }: { files: FilesHere; sent: ReadonlySet<string> }) {
  const { t } = useLanguage();
  if (files.lines.length === 0 && files.notTaken.length === 0) {
    return null;
  }
  return (
    <ul className="attached" aria-label={t("files.list")}>
      {files.lines.map((line) => (
        <li key={line.file.id} className={line.file.state === "refused" ? "file stop" : "file"}>
          <span dir="auto">{line.file.name}</span> <Standing
            line={line}
            coming={files.coming.has(line.file.id)}
            picture={sent.has(line.file.id) ? "sent" : "next"}
          />{" "}
          <Button
            type="button"
            unstyled
            className="quiet"
            aria-label={t("files.remove", { name: line.file.name })}
            onClick={() => files.remove(line.file.id)}
          >
            <span aria-hidden="true">×</span>
          </Button>
        </li>
      ))}
      {files.notTaken.map(({ name, said }) => (
        <li key={`not ${name}`} className="file stop" role="alert">
          <span dir="auto">{name}</span>{" "}
          <span>{said === null ? t("files.away") : <Said>{said}</Said>}</span>{" "}
          <Button
            type="button"
            unstyled
            className="quiet"
            aria-label={t("files.remove", { name })}
            onClick={() => files.forget(name)}
          >
            <span aria-hidden="true">×</span>
          </Button>
        </li>
      ))}
    </ul>
  );
}

interface StandingProperties {
  line: FileLine;
  coming: boolean;
  /** What becomes of a picture: it goes with the next message, went with one, or is only kept. */
  picture?: "next" | "sent" | "kept";
}

/** How far a file is, where it is not simply there. */
export function Standing({
  line: { file, done, total },
  coming,
  picture = "kept",
}: StandingProperties) {
  const { t } = useLanguage();
  switch (file.state) {
    case "uploading":
      return !coming ? (
        <span>{t("files.broken")}</span>
      ) : (
        <progress max={file.size} value={file.received} aria-label={t("files.coming")}></progress>
      );
    case "reading":
      return total > 0 ? (
        <span className="muted">{t("files.readingOf", { done, total })}</span>
      ) : (
        <span className="muted">{t("files.reading")}</span>
      );
    case "ready":
      return file.found.picture !== "" && picture !== "kept" ? (
        <span className="muted">{t(`files.seen.${picture}`)}</span>
      ) : file.found.notes.length === 0 ? null : (
        <span className="muted">
          <Said>{file.found.notes.join(" ")}</Said>
        </span>
      );
    case "kept":
      return <span className="muted">{t(`files.picture.${picture}`)}</span>;
    case "refused":
      return <Said>{file.found.why}</Said>;
  }
}
