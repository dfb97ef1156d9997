import { GridContainer } from "@trussworks/react-uswds";

import { useLanguage } from "../../../i18n/context";
import { PageHeading } from "../../../parts/PageHeading";
import type { AreaProperties } from "../areas";

export default function ReachPage(_: AreaProperties) {
  const { t } = useLanguage();
  return (
    <GridContainer className="page">
      <PageHeading text={t("reach.heading")} />
    </GridContainer>
  );
}
