import type { ReviewedDraft } from "../../../api/schema";
import { enumerate } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { Fact } from "../../../parts/Fact";

export type ReadDraft = ReviewedDraft["draft"];

/** What was read: the fields with the words that they were read from. */
export function DraftFields({ draft, lang }: { draft: ReadDraft; lang: string }) {
  const { language, t } = useLanguage();
  const { targets, scope, wind_down, rebindings } = draft;
  const list = (names: readonly string[]) => enumerate(language, names);
  const targeted = [...(targets.makers ?? []), ...(targets.models ?? []), ...(targets.hosts ?? [])];
  const scoped = [...(scope.parties ?? []), ...(scope.regulated ?? [])];
  return (
    <dl className="facts">
      {draft.suggested_by != null && (
        <Fact name={t("documents.suggestedBy")}>
          {t("documents.suggestedByModel", { model: draft.suggested_by })}
        </Fact>
      )}
      <Fact name={t("documents.nature")}>{t(`documents.nature.${draft.nature}`)}</Fact>
      <Fact name={t("documents.issuer")}>{draft.issuer ?? t("documents.unknownYet")}</Fact>
      {targeted.length > 0 && <Fact name={t("documents.targets")}>{list(targeted)}</Fact>}
      {scoped.length > 0 && <Fact name={t("documents.scope")}>{list(scoped)}</Fact>}
      {draft.from != null && <Fact name={t("documents.from")}>{draft.from}</Fact>}
      {draft.until != null && <Fact name={t("documents.until")}>{draft.until}</Fact>}
      {wind_down?.until != null && <Fact name={t("documents.windDown")}>{wind_down.until}</Fact>}
      {(rebindings ?? []).map((change) => (
        <Fact key={change.service} name={t("documents.moves")}>
          {change.service}: {list(change.models)}
        </Fact>
      ))}
      <Fact name={t("documents.words")}>
        <q lang={lang}>{draft.quote.text}</q>
        {draft.quote.page != null && ` (${t("documents.page", { page: draft.quote.page })})`}
      </Fact>
    </dl>
  );
}
