import { Alert, AlertHeading, AlertText } from "@trussworks/react-uswds";

import type { DraftPreview, StillBarred } from "../../../api/drafts";
import { enumerate, formatDeadline } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { DataTable } from "../../../parts/DataTable";
import { Section } from "../../../parts/Section";
import { becauseWords } from "../changes";
import { Told } from "../Effects";
import { Said } from "../../../parts/Said";

interface Properties {
  preview: DraftPreview | null;
  failed: boolean;
  zone: string;
}

/** What the draft would do as it stands, or that it does not read yet. */
export function DraftEffects({ preview, failed, zone }: Properties) {
  const { language, t } = useLanguage();
  const speaker = { t, language, zone };
  return (
    <Section heading={t("preview.heading")} className="draft-effects">
      <div role="status">
        {preview === null && !failed && <p className="loading">{t("preview.loading")}</p>}
        {preview === null && failed && <p>{t("preview.failed")}</p>}
        {preview !== null && preview.preview === null && (
          <p>{t("drafts.notYet", { count: preview.problems.length })}</p>
        )}
        {preview?.preview != null && <p className="usa-sr-only">{t("preview.loaded")}</p>}
      </div>
      {preview?.preview != null && (
        <>
          <Told preview={preview.preview} speaker={speaker} />
          <StillStanding barred={preview.still_barred} zone={zone} />
          {preview.refusals.length > 0 && (
            <Alert type="error">
              <AlertHeading level="h3">{t("drafts.refused")}</AlertHeading>
              <AlertText>
                <Said>{preview.refusals.join(" ")}</Said>
              </AlertText>
            </Alert>
          )}
          <p>
            {t(preview.preview.needs_second ? "drafts.needsSecond" : "drafts.needsNoSecond")}
          </p>
        </>
      )}
    </Section>
  );
}

/** What still bars the uses that the draft frees from something else. */
function StillStanding({ barred, zone }: { barred: readonly StillBarred[]; zone: string }) {
  const { language, t } = useLanguage();
  const speaker = { t, language, zone };
  if (barred.length === 0) {
    return null;
  }
  return (
    <>
      <Alert type="warning">
        <AlertHeading level="h3">{t("drafts.still")}</AlertHeading>
        <AlertText>{t("drafts.stillMeans")}</AlertText>
      </Alert>
      <DataTable
        caption={t("drafts.stillCaption")}
        columns={[t("preview.service"), t("drafts.freedFrom"), t("drafts.stillBy")]}
        rows={barred.map((one) => ({
          id: `${one.service} ${one.slot} ${one.route}`,
          cells: [
            <>
              {one.service_name[language]}
              <small>
                {one.slot}, {one.route}
              </small>
            </>,
            enumerate(
              language,
              one.freed.map(({ title }) => title[language]),
            ),
            <>
              {enumerate(
                language,
                one.by.map(({ title }) => title[language]),
              )}
              <small>
                {becauseWords(speaker, one.because)}
                {one.deadline != null &&
                  `, ${t("drafts.until_", { when: formatDeadline(language, one.deadline, zone) })}`}
              </small>
            </>,
          ],
        }))}
      />
    </>
  );
}
