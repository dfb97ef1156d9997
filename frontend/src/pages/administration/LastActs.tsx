import { Tag } from "@trussworks/react-uswds";

import type { EnforcementTold, ReplicasPage } from "../../api/schema";
import { formatCount, formatExact } from "../../format";
import { useLanguage } from "../../i18n/context";
import { isKey } from "../../i18n/translate";
import { DataTable } from "../../parts/DataTable";
import { ReplicaWays } from "../../parts/EnforcementView";
import { Link } from "../../parts/Link";
import { Section } from "../../parts/Section";
import { orderPath } from "../../route";

/** The last acts: their two instants, and how each replica came to decide by them. */
export function LastActs({ page: { acts, zone, alone } }: { page: ReplicasPage }) {
  const { t } = useLanguage();
  return (
    <Section heading={t("replicas.acts")}>
      {acts.length === 0 ? (
        <p className="nothing">{t("replicas.noActs")}</p>
      ) : (
        <DataTable
          caption={t("replicas.actsCaption", { count: acts.length })}
          columns={[
            t("replicas.act"),
            t("enforced.legal"),
            t("enforced.settled"),
            t("replicas.took"),
            t("replicas.each"),
          ]}
          rows={acts.map((act) => ({
            id: `${act.committed} ${act.key}`,
            cells: [
              <ActName act={act} />,
              <Exact instant={act.legal} zone={zone} />,
              <Exact instant={act.settled} zone={zone} />,
              <Took act={act} />,
              <Ways act={act} alone={alone} />,
            ],
          }))}
        />
      )}
    </Section>
  );
}

function ActName({ act: { kind, key } }: { act: EnforcementTold }) {
  const { t } = useLanguage();
  const word = `replicas.kind.${kind}`;
  return (
    <>
      {isKey(word) ? t(word) : kind}{" "}
      {kind === "instrument" ? (
        <Link href={orderPath(key)} className="act-key">
          <code translate="no">{key}</code>
        </Link>
      ) : (
        key !== kind && (
          <code translate="no" className="act-key">
            {key}
          </code>
        )
      )}
    </>
  );
}

function Exact({ instant, zone }: { instant: string | null; zone: string }) {
  const { language, t } = useLanguage();
  return instant === null ? (
    <Tag className="tag-pending">{t("replicas.onItsWay")}</Tag>
  ) : (
    formatExact(language, instant, zone)
  );
}

function Took({ act: { took_ms: took } }: { act: EnforcementTold }) {
  const { language, t } = useLanguage();
  return took === null ? "–" : t("replicas.tookMs", { ms: formatCount(language, took) });
}

function Ways({ act, alone }: { act: EnforcementTold; alone: boolean }) {
  const { t } = useLanguage();
  if (act.replicas.length > 0) {
    return <ReplicaWays told={act} />;
  }
  return <span className="muted">{alone ? t("replicas.oneProcess") : "–"}</span>;
}
