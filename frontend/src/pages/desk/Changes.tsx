import type { ModelRef, PreviewChange } from "../../api/desk";
import { enumerate } from "../../format";
import { useLanguage } from "../../i18n/context";
import { DataTable } from "../../parts/DataTable";
import { becauseWords, grouped, modelWords, outcomeWords, type Group, type Speaker } from "./changes";

interface Properties {
  changes: readonly PreviewChange[];
  speaker: Speaker;
}

/** What changes and for whom: a row for each service, its slots that change alike together. */
export function Changes({ changes, speaker }: Properties) {
  const { t } = speaker;
  return (
    <DataTable
      caption={t("preview.caption")}
      columns={[
        t("preview.service"),
        t("preview.now"),
        t("preview.after"),
        t("preview.outcome"),
        t("preview.differences"),
      ]}
      rows={grouped(changes).map((group) => ({
        id: `${group.change.service} ${group.slots.join(" ")}`,
        cells: [
          <Service group={group} />,
          <Model model={group.change.from} />,
          <After change={group.change} />,
          <Outcome change={group.change} speaker={speaker} />,
          <Differences change={group.change} />,
        ],
      }))}
    />
  );
}

function Service({ group: { change, slots } }: { group: Group }) {
  const { language, t } = useLanguage();
  return (
    <>
      {change.service_name[language]}
      <small>
        {enumerate(language, slots)}, {t("preview.party", { party: change.party })}
      </small>
    </>
  );
}

function Model({ model }: { model: ModelRef | null }) {
  const { language, t } = useLanguage();
  return model === null ? t("preview.unbound") : modelWords(language, model);
}

function After({ change: { from, to, replacement, outcome_after } }: { change: PreviewChange }) {
  const { language, t } = useLanguage();
  return (
    <>
      {from !== null && from.id === to?.id ? t("preview.sameModel") : <Model model={to} />}
      {outcome_after === "refuse" && (
        <small>
          {replacement === null
            ? t("preview.stops")
            : t("preview.instead", { model: modelWords(language, replacement) })}
        </small>
      )}
    </>
  );
}

function Outcome({ change, speaker }: { change: PreviewChange; speaker: Speaker }) {
  const { t } = speaker;
  const before = outcomeWords(speaker, change.outcome_before, null);
  const after = outcomeWords(speaker, change.outcome_after, change.deadline);
  const why = becauseWords(speaker, change.because);
  return (
    <>
      {before !== after && (
        <>
          {before} <span aria-hidden="true">→</span>{" "}
          <span className="usa-sr-only">{t("preview.then")} </span>
        </>
      )}
      <strong>{after}</strong>
      {why !== null && <small>{why}</small>}
    </>
  );
}

function Differences({ change: { from, to, differences } }: { change: PreviewChange }) {
  const { language, t } = useLanguage();
  if (differences.length === 0) {
    const none = from?.id === to?.id ? "preview.same" : "preview.noDifferences";
    return <span className="muted">{t(none)}</span>;
  }
  return (
    <ul className="lines">
      {differences.map((difference) => (
        <li key={difference.en}>{difference[language]}</li>
      ))}
    </ul>
  );
}
