import type { Act } from "../../../api/drafts";
import { useLanguage } from "../../../i18n/context";
import { Section } from "../../../parts/Section";
import { ActFields } from "./ActFields";
import { Clauses } from "./ClauseFields";
import { isFields } from "./form";
import { named, orders } from "./options";
import { InstantAt, PickAt, SelectAt, TextAt } from "./parts";
import { RebindingFields } from "./RebindingFields";
import { SourceFields } from "./SourceFields";
import { useWriting } from "./writing";

const CLAUSES: readonly Act[] = [
  "order",
  "designation",
  "authorisation",
  "agreement",
  "terms",
  "freeze",
  "supersede",
];

/** The fields that an act needs; the others are under “more”. */
export function ActForm({ act }: { act: Act }) {
  const { language, t } = useLanguage();
  const { form, choices } = useWriting();
  const may = choices.acts.find((one) => one.act === act)?.issuers ?? [];
  const first = choices.issuers.filter(({ id }) => may.includes(id));
  const others = choices.issuers.filter(({ id }) => !may.includes(id));
  const clauses = isFields(form.clauses) && Object.keys(form.clauses).length > 0;
  return (
    <div className="desk-form">
      <Section heading={t("drafts.who")}>
        <div className="desk-form">
          <SelectAt
            path={["issuer"]}
            label="drafts.issuer"
            {...(may.length > 0 ? { hint: "drafts.issuerHint" as const } : {})}
            options={named(language, [...first, ...others])}
            required
          />
          <TextAt path={["title", "en"]} label="drafts.titleEn" required />
          <TextAt path={["title", "fr"]} label="drafts.titleFr" required />
          <InstantAt path={["published"]} label="drafts.published" />
        </div>
      </Section>
      {(CLAUSES.includes(act) || clauses) && (
        <Section heading={t("drafts.clauses")}>
          <Clauses />
        </Section>
      )}
      <ActFields act={act} />
      {act === "memo" && (
        <Section heading={t("drafts.rebindings")}>
          <RebindingFields />
        </Section>
      )}
      <Section heading={t("drafts.sources")}>
        <p className="muted">{t("drafts.sourcesHint")}</p>
        <SourceFields />
      </Section>
      <details>
        <summary>{t("drafts.more")}</summary>
        <div className="desk-form">
          <TextAt path={["id"]} label="drafts.id" hint="drafts.idHint" required />
          <div className="form-row">
            <InstantAt path={["announced"]} label="drafts.announced" />
            <InstantAt path={["signed"]} label="drafts.signedAt" />
            <InstantAt path={["effective"]} label="drafts.effective" />
          </div>
          <PickAt
            path={["implements"]}
            label="drafts.implements"
            options={orders(language, choices)}
          />
          {act !== "memo" && <RebindingFields />}
          {!CLAUSES.includes(act) && !clauses && <Clauses />}
        </div>
      </details>
    </div>
  );
}
