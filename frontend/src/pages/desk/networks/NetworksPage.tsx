import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import type { Client } from "../../../api/client";
import type { ExportedBundle, NetworkLine, NetworksPage as Told } from "../../../api/schema";
import { bytesOf, download } from "../../../download";
import { formatCount, formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { DataTable } from "../../../parts/DataTable";
import { Section } from "../../../parts/Section";
import { useSession } from "../../../session/context";
import { Frame } from "../../administration/Frame";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { usePage } from "../../administration/usePage";
import type { AreaProperties } from "../areas";
import { Importing } from "./Importing";

const POLL_MS = 15_000;
const fetchNetworks = (client: Client, signal: AbortSignal): Promise<Told> =>
  client.get<Told>("/api/desk/networks", signal);

/** Networks: how old their records may be, bundles out, and bundles in where this one is isolated. */
export default function NetworksPage(_: AreaProperties) {
  const { t } = useLanguage();
  const asked = usePage(fetchNetworks, POLL_MS);
  return (
    <Frame heading="networks.heading" loading="networks.loading" asked={asked}>
      {(page) => (
        <>
          <p>{t("networks.intro")}</p>
          <Here page={page} />
          <Networks page={page} again={asked.again} />
          {page.here != null && page.trusts.length > 0 && (
            <Importing zone={page.zone} again={asked.again} />
          )}
        </>
      )}
    </Frame>
  );
}

/** Where this installation stands, whose bundles it trusts, and with which key it signs. */
function Here({ page }: { page: Told }) {
  const { language, t } = useLanguage();
  const { here, imported, trusts, verifier } = page;
  const name = page.networks.find(({ id }) => id === here)?.name[language] ?? here ?? "";
  return (
    <>
      <p>
        {here == null
          ? t("networks.notHere")
          : imported == null
            ? t("networks.hereNone", { name })
            : t("networks.here", {
                name,
                source: imported.source,
                when: formatInstant(language, imported.made, page.zone),
                number: String(imported.sequence),
              })}
      </p>
      {here != null && (
        <p>
          {trusts.length === 0
            ? t("networks.noTrust")
            : t("networks.trusts", { names: trusts.join(", ") })}
        </p>
      )}
      {verifier != null && (
        <p className="muted">
          {t("networks.verifier")} <code translate="no">{verifier}</code>
        </p>
      )}
    </>
  );
}

function Networks({ page, again }: { page: Told; again: () => void }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [written, setWritten] = useState<ExportedBundle | null>(null);
  const exporting = useDeed(
    (network: string, whole: boolean) =>
      client.send<ExportedBundle>("POST", "/api/desk/networks/exports", { network, whole }),
    (bundle) => {
      download(bundle.name, bytesOf(bundle.content), "application/octet-stream");
      setWritten(bundle);
      again();
    },
  );
  const last = (line: NetworkLine) =>
    line.exported == null || line.exported_at == null
      ? t("networks.neverExported")
      : t("networks.exported", {
          number: String(line.exported),
          when: formatInstant(language, line.exported_at, page.zone),
          name: line.exported_by ?? "",
        });
  return (
    <Section heading={t("networks.heading")}>
      <div role="status">
        {written !== null && (
          <p className="restored">
            {t("networks.exportedNow", {
              number: String(written.header.sequence),
              name: written.header.network,
              size: formatCount(language, written.content.length),
            })}
          </p>
        )}
      </div>
      <TroubleAlert trouble={exporting.trouble} />
      <DataTable
        caption={t("networks.caption", { count: page.networks.length })}
        columns={[
          t("networks.network"),
          t("networks.level"),
          t("networks.age"),
          t("networks.beyond"),
          t("networks.last"),
          t("networks.do"),
        ]}
        rows={page.networks.map((line) => ({
          id: line.id,
          cells: [
            line.name[language],
            `${line.level} (${line.rank})`,
            <>
              {line.max_age_days == null
                ? t("networks.noAge")
                : t("networks.days", { count: line.max_age_days })}
              {line.stale_from != null && (
                <small>
                  {t("networks.staleFrom", {
                    when: formatInstant(language, line.stale_from, page.zone),
                  })}
                </small>
              )}
            </>,
            t(`networks.when.${line.when_stale}`),
            last(line),
            <div className="buttons">
              <Button
                type="button"
                outline
                disabled={exporting.pending}
                onClick={() => exporting.go(line.id, false)}
              >
                {t("networks.export")}
                <span className="usa-sr-only"> {line.name[language]}</span>
              </Button>
              <Button
                type="button"
                unstyled
                disabled={exporting.pending}
                onClick={() => exporting.go(line.id, true)}
              >
                {t("networks.exportWhole")}
                <span className="usa-sr-only"> {line.name[language]}</span>
              </Button>
            </div>,
          ],
        }))}
      />
    </Section>
  );
}
