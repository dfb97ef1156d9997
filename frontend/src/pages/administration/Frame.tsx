import { GridContainer } from "@trussworks/react-uswds";
import type { ReactNode } from "react";

import { useLanguage } from "../../i18n/context";
import type { Key } from "../../i18n/translate";
import { Connection } from "../../parts/Connection";
import { Demonstration } from "../../parts/Demonstration";
import { PageHeading } from "../../parts/PageHeading";
import { knownValue } from "../../polling";
import type { Asked } from "./usePage";

interface Shown {
  demonstration: boolean;
  now: string;
  zone: string;
}

interface Properties<T extends Shown> {
  heading: Key;
  loading: Key;
  asked: Asked<T>;
  /** What stands between the heading and what is shown: what an act came to. */
  outcome?: ReactNode;
  children: (page: T) => ReactNode;
}

/** A page that brings itself up to date: heading, connection, the banner of a demonstration. */
export function Frame<T extends Shown>(properties: Properties<T>) {
  const { t } = useLanguage();
  const { heading, loading, asked, outcome, children } = properties;
  const page = knownValue(asked.polled);
  return (
    <GridContainer className="page">
      <PageHeading text={t(heading)} />
      <Connection {...asked} loading={loading} loaded={t(heading)} />
      {outcome}
      {page !== null && (
        <>
          {page.demonstration && <Demonstration now={page.now} zone={page.zone} />}
          {children(page)}
          <p className="updates">{t("status.updates", { seconds: asked.every })}</p>
        </>
      )}
    </GridContainer>
  );
}
