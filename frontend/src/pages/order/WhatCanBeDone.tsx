import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { Section } from "../../parts/Section";
import { areaPath } from "../../route";
import { hasRole, useSession } from "../../session/context";

/** For officers: what may be begun about the order. */
export function WhatCanBeDone({ id }: { id: string }) {
  const { t } = useLanguage();
  const { standing } = useSession();
  if (!hasRole(standing, "officer")) {
    return null;
  }
  return (
    <Section heading={t("canBeDone.heading")} className="no-print">
      <p>
        <Link href={`${areaPath("drafts", "new")}?about=${encodeURIComponent(id)}`}>
          {t("canBeDone.act")}
        </Link>
      </p>
    </Section>
  );
}
