import { SiteAlert } from "@trussworks/react-uswds";

import { formatInstant } from "../format";
import { useLanguage } from "../i18n/context";

interface Properties {
  now: string;
  zone: string;
  /** Whether to say that stand-ins answer. */
  standIns?: boolean;
}

/** The banner that marks everything on the page as a demonstration. */
export function Demonstration({ now, zone, standIns = false }: Properties) {
  const { language, t } = useLanguage();
  return (
    <SiteAlert variant="info" aria-label={t("demo.heading")} className="demonstration">
      <h2 className="usa-alert__heading">{t("demo.heading")}</h2>
      <p className="usa-alert__text">
        {t("demo.clock", { when: formatInstant(language, now, zone) })}
      </p>
      {standIns && <p className="usa-alert__text">{t("demo.standIns")}</p>}
    </SiteAlert>
  );
}
