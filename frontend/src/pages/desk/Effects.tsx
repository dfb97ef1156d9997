import { Alert, AlertHeading, AlertText, Button } from "@trussworks/react-uswds";
import { useId, useRef } from "react";

import type { Preview } from "../../api/desk";
import { formatTimeOfDay } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Fact } from "../../parts/Fact";
import { Changes } from "./Changes";
import type { Speaker } from "./changes";
import type { Previewing } from "./usePreview";

interface Properties {
  previewing: Previewing;
  speaker: Speaker;
}

/** What the order will do and for whom, kept up to date; says so when another act changed it. */
export function Effects({ previewing, speaker }: Properties) {
  const { t } = useLanguage();
  const { preview, error, changed, look } = previewing;
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const looked = () => {
    look();
    heading.current?.focus();
  };
  return (
    <section aria-labelledby={id} className="page-section">
      <h2 id={id} ref={heading} tabIndex={-1}>
        {t("preview.heading")}
      </h2>
      <div role="status">
        {preview === null && error === null && <p className="loading">{t("preview.loading")}</p>}
        {preview !== null && <p className="usa-sr-only">{t("preview.loaded")}</p>}
        {preview === null && error !== null && <Failed />}
        {changed !== null && <Changed at={changed} />}
      </div>
      {changed !== null && (
        <p>
          <Button type="button" outline onClick={looked}>
            {t("preview.seen")}
          </Button>
        </p>
      )}
      {preview !== null && <Told preview={preview} speaker={speaker} />}
    </section>
  );
}

function Failed() {
  const { t } = useLanguage();
  return (
    <Alert type="error">
      <AlertHeading level="h3">{t("preview.failed")}</AlertHeading>
      <AlertText>{t("preview.failedMeans")}</AlertText>
    </Alert>
  );
}

function Changed({ at }: { at: Date }) {
  const { language, t } = useLanguage();
  return (
    <Alert type="warning">
      <AlertHeading level="h3">{t("preview.changed")}</AlertHeading>
      <AlertText>
        {t("preview.changedMeans", { when: formatTimeOfDay(language, at) })}
      </AlertText>
    </Alert>
  );
}

/** What a preview tells: what to know before, the changes, and how many are concerned. */
export function Told({ preview, speaker }: { preview: Preview; speaker: Speaker }) {
  const { language, t } = useLanguage();
  const { changes, conversations, staff, unaffected, warnings } = preview;
  return (
    <>
      {warnings.length > 0 && (
        <Alert type="warning">
          <AlertHeading level="h3">{t("preview.warnings")}</AlertHeading>
          <ul className="warnings">
            {warnings.map((warning) => (
              <li key={warning.en}>{warning[language]}</li>
            ))}
          </ul>
        </Alert>
      )}
      {changes.length === 0 ? (
        <p>{t("preview.nothing")}</p>
      ) : (
        <Changes changes={changes} speaker={speaker} />
      )}
      <dl className="facts">
        <Fact name={t("preview.staff")}>{t("preview.staffCount", { count: staff })}</Fact>
        <Fact name={t("preview.conversations")}>
          {t("preview.conversationsCount", { count: conversations })}
        </Fact>
        <Fact name={t("preview.unaffected")}>
          {t("preview.unaffectedCount", { count: unaffected })}
        </Fact>
      </dl>
    </>
  );
}
