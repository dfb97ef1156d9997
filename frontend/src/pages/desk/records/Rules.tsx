import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import type { Done, NewRule, RecordsPage, RuleLine } from "../../../api/schema";
import { formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { SelectField, TextField, TickField } from "../../../parts/form/fields";
import { DataTable } from "../../../parts/DataTable";
import { Section } from "../../../parts/Section";
import { Sheet } from "../../../parts/Sheet";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { UndoLine } from "../../chat/UndoLine";
import { partyChoices } from "./names";

interface Properties {
  page: RecordsPage;
  again: () => void;
}

/** How long each party keeps its people's conversations. */
export function Rules({ page, again }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [setting, setSetting] = useState<RuleLine | "new" | null>(null);
  const [gone, setGone] = useState<RuleLine | null>(null);
  const remove = useDeed(
    async (line: RuleLine) => {
      await client.send<Done>("DELETE", pathOf(line.rule.party), { seen: line.seen });
      return line;
    },
    (line) => {
      setGone(line);
      again();
    },
  );
  const name = (party: string) => page.parties[party]?.[language] ?? party;
  return (
    <Section heading={t("records.rules")}>
      <p>{t("records.rulesMean")}</p>
      <TroubleAlert trouble={remove.trouble} />
      {gone !== null && (
        <UndoLine
          words={t("records.ruleGone", { party: name(gone.rule.party) })}
          focused
          onUndo={async () => {
            const { days, staff_may_remove } = gone.rule;
            const body: NewRule = { days, staff_may_remove, seen: 0 };
            await client.send("PUT", pathOf(gone.rule.party), body);
            setGone(null);
            again();
          }}
          onClose={() => setGone(null)}
        />
      )}
      {page.rules.length === 0 ? (
        <p className="nothing">{t("records.noRules")}</p>
      ) : (
        <DataTable
          caption={t("records.rulesCaption", { count: page.rules.length })}
          columns={[
            t("records.party"),
            t("records.kept"),
            t("records.mayRemove"),
            t("records.setBy"),
            t("records.do"),
          ]}
          rows={page.rules.map((line) => ({
            id: line.rule.party,
            cells: [
              name(line.rule.party),
              line.rule.days === null
                ? t("records.noTime")
                : t("records.days", { count: line.rule.days }),
              t(line.rule.staff_may_remove ? "records.yes" : "records.no"),
              t("records.byAt", {
                name: line.set_by,
                when: formatInstant(language, line.set_at, page.zone),
              }),
              <div className="buttons">
                <Button
                  type="button"
                  outline
                  className="small"
                  aria-label={t("records.changeNamed", { party: name(line.rule.party) })}
                  onClick={() => setSetting(line)}
                >
                  {t("records.change")}
                </Button>
                <Button
                  type="button"
                  unstyled
                  aria-label={t("records.removeNamed", { party: name(line.rule.party) })}
                  onClick={() => remove.go(line)}
                >
                  {t("records.remove")}
                </Button>
              </div>,
            ],
          }))}
        />
      )}
      <div className="actions">
        <Button type="button" onClick={() => setSetting("new")}>
          {t("records.newRule")}
        </Button>
      </div>
      {setting !== null && (
        <RuleSheet
          page={page}
          line={setting === "new" ? null : setting}
          onSet={() => {
            setSetting(null);
            again();
          }}
          onClose={() => setSetting(null)}
        />
      )}
    </Section>
  );
}

interface SheetProperties {
  page: RecordsPage;
  line: RuleLine | null;
  onSet: () => void;
  onClose: () => void;
}

function RuleSheet({ page, line, onSet, onClose }: SheetProperties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [party, setParty] = useState(line?.rule.party ?? "");
  const [days, setDays] = useState(line?.rule.days?.toString() ?? "");
  const [mayRemove, setMayRemove] = useState(line?.rule.staff_may_remove ?? true);
  const [wrong, setWrong] = useState("");
  const deed = useDeed(
    (body: NewRule) => client.send<RuleLine>("PUT", pathOf(party), body),
    onSet,
  );
  const save = () => {
    const number = days.trim() === "" ? null : Number(days);
    if (number !== null && !Number.isInteger(number)) {
      setWrong(t("records.daysWrong"));
      return;
    }
    setWrong("");
    deed.go({ days: number, staff_may_remove: mayRemove, seen: line?.seen ?? 0 });
  };
  const taken = new Set(page.rules.map(({ rule }) => rule.party));
  return (
    <Sheet
      heading={t(line === null ? "records.newRule" : "records.changeRule")}
      busy={deed.pending}
      toField
      onClose={onClose}
    >
      <div className="desk-form">
        {line === null ? (
          <SelectField
            label={t("records.party")}
            value={party}
            none={t("records.choose")}
            options={partyChoices(page, language).filter(({ value }) => !taken.has(value))}
            onChange={setParty}
            required
          />
        ) : (
          <p>
            <strong>{page.parties[party]?.[language] ?? party}</strong>
          </p>
        )}
        <TextField
          label={t("records.daysLabel")}
          hint={t("records.daysHint")}
          wrong={wrong}
          value={days}
          onChange={setDays}
        />
        <TickField label={t("records.mayRemoveLabel")} checked={mayRemove} onChange={setMayRemove} />
      </div>
      <TroubleAlert trouble={deed.trouble} />
      <div className="actions">
        <Button type="button" disabled={deed.pending || party === ""} onClick={save}>
          {t("records.save")}
        </Button>
        <Button type="button" outline disabled={deed.pending} onClick={onClose}>
          {t("admin.cancel")}
        </Button>
      </div>
    </Sheet>
  );
}

function pathOf(party: string): string {
  return `/api/desk/records/rules/${encodeURIComponent(party)}`;
}
