import type { MeaningStanding } from "../../api/schema";
import { useLanguage } from "../../i18n/context";

/** How far the model that searches by meaning has read, and what serves until then. */
export function MeaningLine({ meaning }: { meaning: MeaningStanding }) {
  const { t } = useLanguage();
  const { model, version, state, done, total, withheld, serving } = meaning;
  const named = version === "" || version === model ? model : `${model} (${version})`;
  const meanwhile = () =>
    serving === null || state === "serving"
      ? t("meaning.words")
      : t("meaning.meanwhile", { model: serving });
  return (
    <div className="meaning">
      {state === "serving" ? (
        <p>{t("meaning.serving", { model: named })}</p>
      ) : (
        <p>
          {t(`meaning.${state}`, { model: named, done, total })} {meanwhile()}
        </p>
      )}
      {state === "building" && total > 0 && (
        <progress max={total} value={done} aria-label={t("meaning.progress")}></progress>
      )}
      {withheld > 0 && <p>{t("meaning.withheld", { model, count: withheld })}</p>}
    </div>
  );
}
