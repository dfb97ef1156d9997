import { Button } from "@trussworks/react-uswds";
import { useState, type FormEvent } from "react";

import type { EvidencePage, PackLine } from "../../../api/schema";
import { useLanguage } from "../../../i18n/context";
import { SelectField, TextField } from "../../../parts/form/fields";
import { Section } from "../../../parts/Section";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { named } from "./named";

interface Properties {
  page: EvidencePage;
  again: () => void;
}

/** Asks for a pack: of which vendor, of which days, of which party or all. */
export function Asking({ page, again }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const vendors = named(page.vendors, language);
  const today = page.now.slice(0, 10);
  const [vendor, setVendor] = useState(vendors[0]?.value ?? "");
  const [since, setSince] = useState(`${today.slice(0, 8)}01`);
  const [until, setUntil] = useState(today);
  const [party, setParty] = useState("");
  const making = useDeed(
    () =>
      client.send<PackLine>("POST", "/api/desk/evidence/packs", {
        vendor,
        since,
        until,
        party: party === "" ? null : party,
      }),
    again,
  );
  const busy = page.packs.some((pack) => pack.state === "making");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    making.go();
  };
  return (
    <Section heading={t("evidence.make")}>
      <form className="desk-form" onSubmit={submit}>
        <SelectField
          label={t("evidence.vendor")}
          value={vendor}
          options={vendors}
          onChange={setVendor}
        />
        <TextField
          label={t("evidence.since")}
          hint={t("evidence.sinceHint")}
          type="date"
          value={since}
          onChange={setSince}
          required
        />
        <TextField
          label={t("evidence.until")}
          hint={t("evidence.untilHint")}
          type="date"
          value={until}
          onChange={setUntil}
          required
        />
        <SelectField
          label={t("evidence.party")}
          value={party}
          options={named(page.parties, language)}
          onChange={setParty}
          none={t("evidence.everybody")}
        />
        <TroubleAlert trouble={making.trouble} />
        <Button type="submit" disabled={busy || making.pending}>
          {t("evidence.begin")}
        </Button>
      </form>
    </Section>
  );
}
