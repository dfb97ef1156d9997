import { useCallback } from "react";

import type { Client } from "../../api/client";
import type { Source } from "../../api/orders";
import type { DocumentLine } from "../../api/schema";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Fact } from "../../parts/Fact";
import { Link } from "../../parts/Link";
import { Section } from "../../parts/Section";
import { knownValue } from "../../polling";
import { areaPath } from "../../route";
import { hasRole, useSession } from "../../session/context";
import { usePolled } from "../../usePolled";

interface Properties {
  sources: Source[];
  zone: string;
}

/** Where the text was found, when it was captured and the digest of what was captured. */
export function Sources({ sources, zone }: Properties) {
  const { language, t } = useLanguage();
  const captures = useCaptures();
  return (
    <Section heading={t("sources.heading")}>
      {sources.length === 0 && <p className="nothing">{t("sources.none")}</p>}
      {sources.map(({ address, account, captured, sha256 }) => (
        <dl key={`${address} ${sha256} ${captured}`} className="facts source">
          <Fact name={t("sources.address")}>
            <code translate="no">{address}</code>
          </Fact>
          {account !== null && <Fact name={t("sources.account")}>{account}</Fact>}
          <Fact name={t("sources.captured")}>{formatInstant(language, captured, zone)}</Fact>
          <Fact name={t("sources.digest")}>
            <code translate="no">{sha256}</code>
            <Captured captured={captures.get(sha256)} />
          </Fact>
        </dl>
      ))}
    </Section>
  );
}

const POLL_MS = 30_000;
const fetchCaptures = (client: Client, signal: AbortSignal): Promise<DocumentLine[]> =>
  client.get<DocumentLine[]>("/api/desk/documents", signal);

/** The captures that the installation keeps, by digest; none for who is no officer. */
function useCaptures(): Map<string, DocumentLine> {
  const { client, standing } = useSession();
  const load = useCallback((signal: AbortSignal) => fetchCaptures(client, signal), [client]);
  const { polled } = usePolled(hasRole(standing, "officer") ? load : null, POLL_MS);
  return new Map((knownValue(polled) ?? []).map((line) => [line.sha256, line]));
}

/** Leads an officer to the text that was captured, and says how often it was edited since. */
function Captured({ captured }: { captured: DocumentLine | undefined }) {
  const { t } = useLanguage();
  return captured === undefined ? null : (
    <small>
      <Link href={areaPath("documents", captured.sha256)}>{t("sources.read")}</Link>{" "}
      {captured.edits.length > 0 && t("sources.edited", { count: captured.edits.length })}
    </small>
  );
}
