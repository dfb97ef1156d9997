import { Tag } from "@trussworks/react-uswds";

import type { Turn } from "../../api/schema";
import { enumerate, formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import type { Language } from "../../i18n/language";
import type { Translate } from "../../i18n/translate";
import { Fact } from "../../parts/Fact";

export type Origin = NonNullable<Turn["origin"]>;

/** Names of programs, the same in every language. */
export const SOURCES: Record<Origin["source"], string> = {
  changeover: "Changeover",
  chatgpt: "ChatGPT",
  "open-webui": "Open WebUI",
};

interface Properties {
  origin: Origin;
  zone: string;
}

/** Where an answer comes from that was not given here; a file says so, and nobody checked it. */
export function OriginStamp({ origin, zone }: Properties) {
  const { language, t } = useLanguage();
  const { stated, said } = origin;
  const model =
    stated === null
      ? origin.model
      : t("stamp.by", { model: stated.model_name, maker: stated.maker_name[language] });
  return (
    <div className="stamp">
      <div className="stamp-line">
        <Tag className="tag-stand-in">{t("origin.by", { source: SOURCES[origin.source] })}</Tag>
        <span>{model === null ? t("origin.noModel") : t("origin.model", { model })}</span>
      </div>
      <details>
        <summary>{t("stamp.details")}</summary>
        <dl className="facts">
          <Fact name={t("origin.by", { source: SOURCES[origin.source] })}>
            {t("origin.means")}
          </Fact>
          <Fact name={t("origin.when")}>{formatInstant(language, origin.imported, zone)}</Fact>
          {said !== null && (
            <Fact name={t("origin.said")}>{formatInstant(language, said, zone)}</Fact>
          )}
          {stated !== null && (
            <>
              <Fact name={t("origin.vendor")}>{stated.maker_name[language]}</Fact>
              <Fact name={t("origin.host")}>{stated.host_name[language]}</Fact>
              {stated.stand_in && (
                <Fact name={t("stamp.standIn")}>{t("stamp.standInMeans")}</Fact>
              )}
            </>
          )}
          <Fact name={t("origin.left")}>
            {origin.not_carried.length === 0
              ? t("origin.nothingLeft")
              : leftWords(language, t, origin.not_carried)}
          </Fact>
        </dl>
      </details>
    </div>
  );
}

/** What did not come along with a person's own words. */
export function NotCarried({ origin }: { origin: Origin }) {
  const { language, t } = useLanguage();
  return (
    <p className="muted">
      {t("imports.left", { what: leftWords(language, t, origin.not_carried) })}
    </p>
  );
}

/** What was not carried, in words. */
export function leftWords(
  language: Language,
  t: Translate,
  left: Origin["not_carried"],
): string {
  return enumerate(
    language,
    left.map(({ what, count }) => t(`left.${what}`, { count })),
  );
}
