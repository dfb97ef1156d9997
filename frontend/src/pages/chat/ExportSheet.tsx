import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import { ARCHIVE, fetchExport, type Form } from "../../api/exportImport";
import { bytesOf, download } from "../../download";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { Sheet } from "../../parts/Sheet";
import { printPath } from "../../route";
import { useSession } from "../../session/context";

interface Properties {
  conversation: string;
  /** The last turn of the path that is shown: that path is exported. */
  through: string | null;
  onClose: () => void;
}

const FORMS: readonly Form[] = ["markdown", "word", "json"];

/** The forms in which a conversation leaves. */
export function ExportSheet({ conversation, through, onClose }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<{ name: string } | "failed" | null>(null);
  const take = (form: Form) => {
    setBusy(true);
    setTold(null);
    fetchExport(client, conversation, form, language, through)
      .then(
        ({ name, type, content }) => {
          download(name, bytesOf(content), type);
          setTold({ name });
        },
        () => setTold("failed"),
      )
      .finally(() => setBusy(false));
  };
  return (
    <Sheet heading={t("export.heading")} onClose={onClose}>
      <p>{t("export.intro")}</p>
      <ul className="deeds-list">
        {FORMS.map((form) => (
          <li key={form}>
            <Button type="button" outline disabled={busy} onClick={() => take(form)}>
              {t(`export.${form}`)}
            </Button>
            <span className="muted">{t(`export.${form}Means`)}</span>
          </li>
        ))}
        <li>
          <Link
            className="usa-button usa-button--outline"
            href={printPath(conversation, through)}
          >
            {t("export.print")}
          </Link>
          <span className="muted">{t("export.printMeans")}</span>
        </li>
        <li>
          <a className="usa-button usa-button--outline" href={ARCHIVE} download>
            {t("export.all")}
          </a>
          <span className="muted">{t("export.allMeans")}</span>
        </li>
      </ul>
      <p role="status">
        {told !== null && told !== "failed" && t("export.done", { name: told.name })}
      </p>
      {told === "failed" && (
        <p role="alert" className="field-error">
          {t("export.failed")}
        </p>
      )}
      <div className="actions">
        <Button type="button" onClick={onClose}>
          {t("export.close")}
        </Button>
      </div>
    </Sheet>
  );
}
