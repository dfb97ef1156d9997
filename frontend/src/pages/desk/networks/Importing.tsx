import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import { base64 } from "../../../api/base64";
import { ACT_TIMEOUT_MS } from "../../../api/client";
import type { Imported, ImportPreview } from "../../../api/schema";
import { formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { FileField } from "../../../parts/form/fields";
import { Section } from "../../../parts/Section";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { Changes } from "../Changes";

interface Looked {
  content: string;
  preview: ImportPreview;
}

/** A bundle is looked at, and imported as it was seen. */
export function Importing({ zone, again }: { zone: string; again: () => void }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [file, setFile] = useState<File | null>(null);
  const [looked, setLooked] = useState<Looked | null>(null);
  const [done, setDone] = useState<Imported | null>(null);
  const looking = useDeed(async (chosen: File) => {
    setLooked(null);
    setDone(null);
    const content = await base64(chosen);
    const body = { content };
    const preview = await client.send<ImportPreview>("POST", "/api/desk/networks/preview", body);
    return { content, preview };
  }, setLooked);
  const importing = useDeed(
    ({ content, preview }: Looked) =>
      client.send<Imported>(
        "POST",
        "/api/desk/networks/imports",
        { content, seen: preview.seen },
        ACT_TIMEOUT_MS,
      ),
    (imported) => {
      setLooked(null);
      setDone(imported);
      again();
    },
  );
  const speaker = { t, language, zone };
  return (
    <Section heading={t("networks.import")}>
      <div className="desk-form">
        <FileField
          label={t("networks.file")}
          hint={t("networks.fileHint")}
          accept=".bundle"
          onFiles={([chosen]) => setFile(chosen ?? null)}
        />
        <TroubleAlert trouble={looking.trouble ?? importing.trouble} />
        <div className="buttons">
          <Button
            type="button"
            disabled={file === null || looking.pending}
            onClick={() => file !== null && looking.go(file)}
          >
            {t("networks.look")}
          </Button>
        </div>
      </div>
      <div role="status">
        {done !== null && <p>{t("networks.imported", { number: String(done.sequence) })}</p>}
      </div>
      {looked !== null && (
        <>
          <h3>
            {t("networks.bundle", {
              number: String(looked.preview.header.sequence),
              source: looked.preview.header.source,
              when: formatInstant(language, looked.preview.header.made, zone),
            })}
          </h3>
          <p>
            {t("networks.brings", {
              count: looked.preview.instruments.length,
              known: String(looked.preview.known),
            })}{" "}
            {looked.preview.changes.length > 0 &&
              t("networks.changesCount", { count: looked.preview.changes.length })}
          </p>
          <ul className="lines">
            {looked.preview.instruments.map((one) => (
              <li key={one.id}>
                {one.title[language]}{" "}
                <span className="muted">
                  {one.effective == null
                    ? t("networks.announced")
                    : t("networks.effective", {
                        when: formatInstant(language, one.effective, zone),
                      })}
                </span>
              </li>
            ))}
          </ul>
          {looked.preview.services.length === 0 ? (
            <p>{t("networks.movesNobody")}</p>
          ) : (
            <Changes changes={looked.preview.services} speaker={speaker} />
          )}
          <Button
            type="button"
            disabled={importing.pending}
            onClick={() => importing.go(looked)}
          >
            {t("networks.importYes")}
          </Button>
        </>
      )}
    </Section>
  );
}
