import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import type { LimitLine, LimitsPage, NewLimit } from "../../../api/schema";
import { useLanguage } from "../../../i18n/context";
import { SelectField, TextField } from "../../../parts/form/fields";
import { Sheet } from "../../../parts/Sheet";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { named, sortOf, SORTS, SUBJECTS, subjectName, type Subject } from "./limits";

interface Properties {
  page: LimitsPage;
  /** The limit that is changed; null for a new one. */
  line: LimitLine | null;
  onSet: () => void;
  onClose: () => void;
}

/** Sets a limit in the place of any of the same sort. */
export function LimitSheet({ page, line, onSet, onClose }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [subject, setSubject] = useState<Subject>(line?.subject ?? "service");
  const [whose, setWhose] = useState(line?.named ?? "");
  const [sort, setSort] = useState(sortOf(line));
  const [amount, setAmount] = useState(line?.amount ?? "");
  const deed = useDeed(
    (body: NewLimit) => client.send<LimitLine>("POST", "/api/limits", body),
    onSet,
  );
  const name = line === null ? "" : subjectName(page, line, language);
  return (
    <Sheet
      heading={t(line === null ? "limits.new" : "limits.changing")}
      busy={deed.pending}
      toField={line !== null}
      onClose={onClose}
    >
      <div className="desk-form">
        {line === null ? (
          <>
            <SelectField
              label={t("limits.for")}
              value={subject}
              options={SUBJECTS.map((one) => ({ value: one, text: t(`limits.subject.${one}`) }))}
              onChange={(value) => {
                setSubject(SUBJECTS.find((one) => one === value) ?? "service");
                setWhose("");
              }}
            />
            <SelectField
              label={t("limits.whose")}
              hint={subject === "party" ? t("limits.partyHint") : undefined}
              value={whose}
              none={t("limits.choose")}
              options={named(page, subject, language)}
              onChange={setWhose}
              required
            />
            <SelectField
              label={t("limits.what")}
              value={sort.text}
              options={SORTS.map(({ text }) => ({ value: text, text: t(text) }))}
              onChange={(value) => setSort(SORTS.find(({ text }) => text === value) ?? sort)}
            />
          </>
        ) : (
          <p>
            <strong>{name}</strong> — {t(sort.text)}
          </p>
        )}
        <TextField
          label={t(sort.measure === "money" ? "limits.dollars" : "limits.number")}
          hint={t("limits.amountHint")}
          value={amount}
          onChange={setAmount}
          required
        />
      </div>
      <TroubleAlert trouble={deed.trouble} />
      <div className="actions">
        <Button
          type="button"
          disabled={deed.pending || whose === "" || amount.trim() === ""}
          onClick={() => {
            const { measure, period } = sort;
            deed.go({ subject, named: whose, measure, period, amount: amount.trim() });
          }}
        >
          {t("limits.save")}
        </Button>
        <Button type="button" outline disabled={deed.pending} onClick={onClose}>
          {t("admin.cancel")}
        </Button>
      </div>
    </Sheet>
  );
}
