import { Alert, AlertHeading, AlertText, Tag } from "@trussworks/react-uswds";

import { fetchReplicas } from "../../api/administration";
import type { ReplicaLine, ReplicasPage as Told } from "../../api/schema";
import { formatCount, formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { DataTable } from "../../parts/DataTable";
import { Section } from "../../parts/Section";
import { Frame } from "./Frame";
import { LastActs } from "./LastActs";
import { usePage } from "./usePage";

const POLL_MS = 2_000;

/** The processes that serve, and when the last acts bound on each of them. */
export function ReplicasPage() {
  return (
    <Frame
      heading="replicas.heading"
      loading="replicas.loading"
      asked={usePage(fetchReplicas, POLL_MS)}
    >
      {(page) => <ReplicasBody page={page} />}
    </Frame>
  );
}

export function ReplicasBody({ page }: { page: Told }) {
  const { t } = useLanguage();
  return (
    <>
      {page.alone ? (
        <div className="page-section">
          <Alert type="info">
            <AlertHeading level="h2">{t("replicas.alone")}</AlertHeading>
            <AlertText>{t("replicas.aloneMeans")}</AlertText>
          </Alert>
        </div>
      ) : (
        <>
          <p>{t("replicas.intro")}</p>
          <Section heading={t("replicas.serving")}>
            <Serving page={page} />
          </Section>
        </>
      )}
      <LastActs page={page} />
    </>
  );
}

function Serving({ page: { replicas, zone } }: { page: Told }) {
  const { language, t } = useLanguage();
  if (replicas.length === 0) {
    return <p className="nothing">{t("replicas.none")}</p>;
  }
  const serving = replicas.filter(({ lease_ms: left }) => left > 0);
  return (
    <DataTable
      caption={t("replicas.caption", { count: serving.length })}
      columns={[
        t("replicas.address"),
        t("replicas.process"),
        t("replicas.state"),
        t("replicas.lease"),
        t("replicas.loaded"),
        t("replicas.skew"),
        t("replicas.since"),
      ]}
      rows={replicas.map((replica) => ({
        id: replica.start,
        cells: [
          <span translate="no">
            {replica.address === "" ? t("replicas.noAddress") : replica.address}
          </span>,
          <>
            {t("enforced.pid", { host: replica.host, pid: String(replica.pid) })}
            <small>{t("replicas.version", { version: replica.version })}</small>
          </>,
          t(`replicas.state.${replica.state}`),
          <Lease replica={replica} />,
          <Rules replica={replica} />,
          t("replicas.skewMs", { ms: formatCount(language, replica.skew_ms) }),
          formatInstant(language, replica.began, zone),
        ],
      }))}
    />
  );
}

function Lease({ replica }: { replica: ReplicaLine }) {
  const { t } = useLanguage();
  if (replica.state === "gone") {
    return t("replicas.ended");
  }
  return replica.lease_ms > 0 ? (
    t("replicas.leaseLeft", { seconds: Math.ceil(replica.lease_ms / 1000) })
  ) : (
    <Tag className="tag-stayed">{t("replicas.lapsed")}</Tag>
  );
}

/** What a process that sends nothing has loaded matters to nobody. */
function Rules({ replica }: { replica: ReplicaLine }) {
  const { t } = useLanguage();
  if (replica.lease_ms === 0) {
    return "–";
  }
  return (
    <Tag className={replica.current ? "tag-operative" : "tag-pending"}>
      {t(replica.current ? "replicas.current" : "replicas.behind")}
    </Tag>
  );
}
