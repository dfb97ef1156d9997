import { SiteAlert } from "@trussworks/react-uswds";

import type { Status } from "../../api";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";

/** The banner that marks everything below as a demonstration. */
export function Demonstration({ status }: { status: Status }) {
  const { language, t } = useLanguage();
  return (
    <SiteAlert variant="info" aria-label={t("demo.heading")} className="demonstration">
      <h2 className="usa-alert__heading">{t("demo.heading")}</h2>
      <p className="usa-alert__text">
        {t("demo.clock", { when: formatInstant(language, status.now, status.zone) })}
      </p>
      {status.routes.some((route) => route.stand_in) && (
        <p className="usa-alert__text">{t("demo.standIns")}</p>
      )}
    </SiteAlert>
  );
}
