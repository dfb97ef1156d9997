import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import type { HoldLine, NewHold, RecordsPage } from "../../../api/schema";
import { useLanguage } from "../../../i18n/context";
import { LongField, ManyField, TextField } from "../../../parts/form/fields";
import { Sheet } from "../../../parts/Sheet";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { partyChoices } from "./names";

interface Properties {
  page: RecordsPage;
  /** What is known of it before: of a hold that an order proposes, all but the reason. */
  begun: { name: string; parties: readonly string[]; order: string | null };
  onHeld: () => void;
  onClose: () => void;
}

/** Begins a legal hold. */
export function HoldSheet({ page, begun, onHeld, onClose }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [name, setName] = useState(begun.name);
  const [why, setWhy] = useState("");
  const [parties, setParties] = useState<readonly string[]>(begun.parties);
  const deed = useDeed(
    () =>
      client.send<HoldLine>("POST", "/api/desk/records/holds", {
        name,
        why,
        parties,
        order: begun.order,
      } satisfies NewHold),
    onHeld,
  );
  return (
    <Sheet heading={t("records.newHold")} busy={deed.pending} toField onClose={onClose}>
      <p>{t("records.holdMeans")}</p>
      <div className="desk-form">
        <TextField label={t("records.name")} value={name} onChange={setName} required />
        <LongField label={t("records.why")} value={why} onChange={setWhy} required />
        <ManyField
          legend={t("records.parties")}
          hint={t("records.partiesHint")}
          options={partyChoices(page, language)}
          chosen={parties}
          onChange={setParties}
        />
      </div>
      <TroubleAlert trouble={deed.trouble} />
      <div className="actions">
        <Button type="button" disabled={deed.pending} onClick={() => deed.go()}>
          {t("records.hold")}
        </Button>
        <Button type="button" outline disabled={deed.pending} onClick={onClose}>
          {t("admin.cancel")}
        </Button>
      </div>
    </Sheet>
  );
}
