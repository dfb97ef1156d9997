import { Alert, AlertHeading, AlertText } from "@trussworks/react-uswds";

import type { InstrumentLine } from "../../api/orders";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { DESK_PATH, orderPath } from "../../route";

/** Says that an order is on record, and leads to its page. */
export function OnRecord({ order }: { order: InstrumentLine }) {
  const { language, t } = useLanguage();
  return (
    <>
      <Alert type="info">
        <AlertHeading level="h2">{t("prepared.onRecord")}</AlertHeading>
        <AlertText>{t("prepared.onRecordMeans")}</AlertText>
      </Alert>
      <ul className="ways">
        <li>
          <Link href={orderPath(order.id)}>
            {t("prepared.toOrder", { title: order.title[language] })}
          </Link>
        </li>
        <li>
          <Link href={DESK_PATH}>{t("prepared.all")}</Link>
        </li>
      </ul>
    </>
  );
}

/** Says that there is no such order on the desk. */
export function Missing({ id }: { id: string }) {
  const { t } = useLanguage();
  return (
    <>
      <p>
        <strong>{t("prepared.missing", { id })}.</strong> {t("prepared.missingMeans")}
      </p>
      <p>
        <Link href={DESK_PATH}>{t("prepared.all")}</Link>
      </p>
    </>
  );
}
