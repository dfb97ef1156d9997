import { Fragment } from "react";

import type { DocumentPage } from "../../../api/schema";
import { useLanguage } from "../../../i18n/context";
import { DataTable } from "../../../parts/DataTable";
import { Link } from "../../../parts/Link";
import { Section } from "../../../parts/Section";
import { areaPath } from "../../../route";

/** What was said in the document, by whom, and whether it stands confirmed. */
export function Claims({ claims, lang }: { claims: DocumentPage["claims"]; lang: string }) {
  const { t } = useLanguage();
  if (claims.length === 0) {
    return null;
  }
  return (
    <Section heading={t("documents.claims")}>
      <DataTable
        caption={t("documents.claimsCaption", { count: claims.length })}
        columns={[t("documents.claim"), t("documents.saidBy"), t("documents.stands")]}
        rows={claims.map((claim) => ({
          id: claim.id,
          cells: [
            <q lang={lang}>{claim.quote.text}</q>,
            <>
              {claim.said_by ?? t("documents.unknownYet")}
              {claim.relayed_by != null && (
                <small>{t("documents.relayedBy", { name: claim.relayed_by })}</small>
              )}
            </>,
            t(`documents.standing.${claim.status}`),
          ],
        }))}
      />
    </Section>
  );
}

/** Names that the directory lacks, to be proposed for it. */
export function Unknown({ names }: { names: DocumentPage["unknown"] }) {
  const { t } = useLanguage();
  if (names.length === 0) {
    return null;
  }
  return (
    <Section heading={t("documents.unknown")}>
      <p>{t("documents.unknownMeans")}</p>
      <ul className="lines">
        {names.map(({ name, seems }) => (
          <li key={name}>
            {name} <span className="muted">({t(`documents.seems.${seems}`)})</span>{" "}
            {(["vendor", "party"] as const).map((kind) => (
              <Fragment key={kind}>
                <Link
                  href={`${areaPath("directory", "new", kind)}?name=${encodeURIComponent(name)}`}
                >
                  {t(`directory.new.${kind}`)}
                  <span className="usa-sr-only"> {name}</span>
                </Link>{" "}
              </Fragment>
            ))}
          </li>
        ))}
      </ul>
    </Section>
  );
}
