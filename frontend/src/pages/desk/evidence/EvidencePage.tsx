import type { Client } from "../../../api/client";
import type { EvidencePage as Told } from "../../../api/schema";
import { useLanguage } from "../../../i18n/context";
import { Frame } from "../../administration/Frame";
import { usePage } from "../../administration/usePage";
import type { AreaProperties } from "../areas";
import { Asking } from "./Asking";
import { Canaries } from "./Canaries";
import { Packs } from "./Packs";

const POLL_MS = 2_000;
const load = (client: Client, signal: AbortSignal) =>
  client.get<Told>("/api/desk/evidence", signal);

/** Packs that show an inspector what was called, and canaries that show that routes refuse. */
export default function EvidencePage(_: AreaProperties) {
  const { t } = useLanguage();
  const asked = usePage(load, POLL_MS);
  return (
    <Frame heading="evidence.heading" loading="evidence.loading" asked={asked}>
      {(page) => (
        <>
          <p>{t("evidence.intro")}</p>
          <Asking page={page} again={asked.again} />
          <Packs page={page} />
          <Canaries page={page} />
        </>
      )}
    </Frame>
  );
}
