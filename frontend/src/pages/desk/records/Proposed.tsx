import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import type { HoldLine, ProposedLine, RecordsPage } from "../../../api/schema";
import { enumerate, formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { LongField } from "../../../parts/form/fields";
import { DataTable } from "../../../parts/DataTable";
import { Link } from "../../../parts/Link";
import { Section } from "../../../parts/Section";
import { Sheet } from "../../../parts/Sheet";
import { orderPath } from "../../../route";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { HoldSheet } from "./HoldSheet";
import { partyNames } from "./names";

interface Properties {
  page: RecordsPage;
  again: () => void;
}

/** Orders for which nobody has said whether what people said is to be kept. */
export function Proposed({ page, again }: Properties) {
  const { language, t } = useLanguage();
  const [holding, setHolding] = useState<ProposedLine | null>(null);
  const [declining, setDeclining] = useState<ProposedLine | null>(null);
  const done = () => {
    setHolding(null);
    setDeclining(null);
    again();
  };
  return (
    <Section heading={t("records.proposed")}>
      <p>{t("records.proposedMeans")}</p>
      <DataTable
        caption={t("records.proposedCaption", { count: page.proposed.length })}
        columns={[t("records.order"), t("records.parties"), t("records.recorded"), t("records.do")]}
        rows={page.proposed.map((line) => ({
          id: line.order.id,
          cells: [
            <Link href={orderPath(line.order.id)}>{line.order.title[language]}</Link>,
            enumerate(language, partyNames(page.parties, line.parties, language)),
            formatInstant(language, line.recorded, page.zone),
            <div className="buttons">
              <Button
                type="button"
                className="small"
                aria-label={t("records.holdFor", { order: line.order.title[language] })}
                onClick={() => setHolding(line)}
              >
                {t("records.hold")}
              </Button>
              <Button
                type="button"
                outline
                className="small"
                aria-label={t("records.declineFor", { order: line.order.title[language] })}
                onClick={() => setDeclining(line)}
              >
                {t("records.decline")}
              </Button>
            </div>,
          ],
        }))}
      />
      {holding !== null && (
        <HoldSheet
          page={page}
          begun={{
            name: holding.order.title[language],
            parties: holding.parties,
            order: holding.order.id,
          }}
          onHeld={done}
          onClose={() => setHolding(null)}
        />
      )}
      {declining !== null && (
        <DeclineSheet line={declining} onDeclined={done} onClose={() => setDeclining(null)} />
      )}
    </Section>
  );
}

interface DeclineProperties {
  line: ProposedLine;
  onDeclined: () => void;
  onClose: () => void;
}

function DeclineSheet({ line, onDeclined, onClose }: DeclineProperties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [why, setWhy] = useState("");
  const deed = useDeed(
    () =>
      client.send<HoldLine>("POST", "/api/desk/records/holds/declined", {
        order: line.order.id,
        why,
      }),
    onDeclined,
  );
  return (
    <Sheet
      heading={t("records.declineFor", { order: line.order.title[language] })}
      busy={deed.pending}
      toField
      onClose={onClose}
    >
      <p>{t("records.declineMeans")}</p>
      <LongField label={t("records.why")} value={why} onChange={setWhy} required />
      <TroubleAlert trouble={deed.trouble} />
      <div className="actions">
        <Button type="button" disabled={deed.pending} onClick={() => deed.go()}>
          {t("records.decline")}
        </Button>
        <Button type="button" outline disabled={deed.pending} onClick={onClose}>
          {t("admin.cancel")}
        </Button>
      </div>
    </Sheet>
  );
}
