import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import type { CompliancePage, KeptExit } from "../../../api/schema";
import { formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { DataTable } from "../../../parts/DataTable";
import { TextField } from "../../../parts/form/fields";
import { Section } from "../../../parts/Section";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";

interface Properties {
  page: CompliancePage;
  again: () => void;
}

/** What is done at each vendor that is left; what must be preserved comes first. */
export function Exits({ page, again }: Properties) {
  const { t } = useLanguage();
  return (
    <Section heading={t("compliance.exits")}>
      <p>{t("compliance.exitsIntro")}</p>
      {page.exits.map((kept) => (
        <Exit key={kept.vendor} kept={kept} zone={page.zone} again={again} />
      ))}
    </Section>
  );
}

interface ExitProperties {
  kept: KeptExit;
  zone: string;
  again: () => void;
}

function Exit({ kept, zone, again }: ExitProperties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [words, setWords] = useState("");
  const settling = useDeed(
    (step: string, state: string) =>
      client.send("POST", `/api/desk/compliance/exits/${encodeURIComponent(kept.vendor)}`, {
        version: kept.version,
        step,
        state,
        evidence: state === "done" ? words : "",
        reason: state === "waived" ? words : "",
      }),
    () => {
      setWords("");
      again();
    },
  );
  const { steps } = kept.list;
  const settled = (step: (typeof steps)[number]) => step.done != null || step.waived !== "";
  const locked = steps.some((step) => step.kind === "preserve" && !settled(step));
  return (
    <>
      <h3>{kept.name[language]}</h3>
      <TextField
        label={t("compliance.exitWords")}
        hint={t("compliance.exitWordsHint")}
        value={words}
        onChange={setWords}
      />
      <TroubleAlert trouble={settling.trouble} />
      <DataTable
        caption={t("compliance.exitCaption", {
          done: steps.filter(settled).length,
          count: steps.length,
        })}
        columns={[t("compliance.step"), t("compliance.kind"), t("compliance.stepState")]}
        rows={steps.map((step) => ({
          id: step.id,
          cells: [
            step.what[language],
            t(`compliance.kind.${step.kind}`),
            settled(step) ? (
              <>
                {step.done != null
                  ? t("compliance.doneBy", {
                      name: step.done_by ?? "",
                      when: formatInstant(language, step.done, zone),
                    })
                  : t("compliance.waivedFor", { reason: step.waived ?? "" })}
                {step.evidence !== "" && <small>{step.evidence}</small>}{" "}
                <Button type="button" unstyled onClick={() => settling.go(step.id, "open")}>
                  {t("drafts.undo")}
                  <span className="usa-sr-only"> {step.what[language]}</span>
                </Button>
              </>
            ) : locked && step.kind !== "preserve" ? (
              <span className="muted">{t("compliance.locked")}</span>
            ) : (
              <div className="buttons">
                <Button type="button" outline onClick={() => settling.go(step.id, "done")}>
                  {t("compliance.done")}
                  <span className="usa-sr-only"> {step.what[language]}</span>
                </Button>
                <Button type="button" unstyled onClick={() => settling.go(step.id, "waived")}>
                  {t("compliance.waive")}
                  <span className="usa-sr-only"> {step.what[language]}</span>
                </Button>
              </div>
            ),
          ],
        }))}
      />
    </>
  );
}
