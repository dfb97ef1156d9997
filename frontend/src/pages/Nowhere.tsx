import { GridContainer } from "@trussworks/react-uswds";

import { useLanguage } from "../i18n/context";
import { Link } from "../parts/Link";
import { PageHeading } from "../parts/PageHeading";
import { STATUS_PATH } from "../route";

/** What an address shows that leads nowhere. */
export function NowherePage() {
  const { t } = useLanguage();
  return (
    <GridContainer className="page">
      <PageHeading text={t("nowhere.heading")} />
      <p>{t("nowhere.words")}</p>
      <p>
        <Link href={STATUS_PATH}>{t("nowhere.home")}</Link>
      </p>
    </GridContainer>
  );
}
