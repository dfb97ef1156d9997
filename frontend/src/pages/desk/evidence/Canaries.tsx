import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import type { CanariesMade, EvidencePage } from "../../../api/schema";
import { formatCount } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { DataTable } from "../../../parts/DataTable";
import { SelectField } from "../../../parts/form/fields";
import { Section } from "../../../parts/Section";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { named } from "./named";

/** Tries the routes to a vendor against a sink, and shows which refused. */
export function Canaries({ page }: { page: EvidencePage }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const vendors = named(page.vendors, language);
  const [vendor, setVendor] = useState(vendors[0]?.value ?? "");
  const [made, setMade] = useState<CanariesMade | null>(null);
  const trying = useDeed(
    () => client.send<CanariesMade>("POST", "/api/desk/evidence/canaries", { vendor }),
    setMade,
  );
  return (
    <Section heading={t("evidence.canaries")}>
      <p>{t("evidence.canariesIntro")}</p>
      <SelectField
        label={t("evidence.vendorOfRoutes")}
        value={vendor}
        options={vendors}
        onChange={setVendor}
      />
      <TroubleAlert trouble={trying.trouble} />
      <p>
        <Button type="button" outline disabled={trying.pending} onClick={() => trying.go()}>
          {t("evidence.try")}
        </Button>
      </p>
      <div role="status">
        {made !== null && made.routes.length === 0 && <p>{t("evidence.noRoutes")}</p>}
        {made !== null && made.routes.length > 0 && (
          <DataTable
            caption={t("evidence.tried", { count: made.routes.length })}
            columns={[
              t("evidence.route"),
              t("evidence.refused"),
              t("evidence.letOut"),
              t("evidence.notAsked"),
            ]}
            rows={made.routes.map((route) => ({
              id: route.route,
              cells: [
                <span translate="no">{route.route}</span>,
                t("evidence.refusedOf", {
                  refused: formatCount(language, sum(route.refused)),
                  asked: formatCount(language, sum(route.asked)),
                }),
                listed(route.let_out),
                listed(route.not_asked),
              ],
            }))}
          />
        )}
      </div>
    </Section>
  );
}

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((all, one) => all + one, 0);

function listed(names: readonly string[]) {
  return names.length === 0 ? "–" : <span translate="no">{names.join(", ")}</span>;
}
