import { Button, GridContainer } from "@trussworks/react-uswds";
import { useState } from "react";

import type { JobLine, RemovedTranslation, TranslationLanguage } from "../../api/schema";
import { removeTranslation, returnTranslation, TRANSLATION_ARCHIVE } from "../../api/translations";
import { formatDay } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { PageHeading } from "../../parts/PageHeading";
import { Section } from "../../parts/Section";
import { GLOSSARIES_PATH, translationPath } from "../../route";
import { useSession } from "../../session/context";
import { Refused } from "../chat/Refused";
import { UndoLine } from "../chat/UndoLine";
import { BeginForm } from "./BeginForm";
import { useTranslations } from "./useTranslations";

/** Beginning a translation, and one's translations so far. */
export function TranslationsPage() {
  const { t } = useLanguage();
  const { client, standing } = useSession();
  const { shelf, lost, again } = useTranslations();
  const [gone, setGone] = useState<JobLine | null>(null);
  const [error, setError] = useState<unknown>(null);
  const person = standing.phase === "in" ? standing.person.id : "";
  const remove = (line: JobLine) => {
    setError(null);
    removeTranslation(client, line.id).then(
      () => {
        setGone(line);
        void again();
      },
      (refused: unknown) => setError(refused),
    );
  };
  const bringBack = async (id: string) => {
    await returnTranslation(client, id);
    setGone((line) => (line?.id === id ? null : line));
    await again();
  };
  return (
    <GridContainer className="page translations">
      <PageHeading text={t("translations.heading")} />
      <p className="intro">{t("translations.intro")}</p>
      <p>
        <Link href={GLOSSARIES_PATH}>{t("glossaries.look")}</Link>
      </p>
      {lost && <p role="alert">{t("translations.lost")}</p>}
      {shelf === null && !lost && <p role="status">{t("translations.loading")}</p>}
      {shelf !== null && (
        <>
          <Section heading={t("translations.new")}>
            <BeginForm person={person} languages={shelf.languages} />
          </Section>
          <Section heading={t("translations.own")}>
            {gone !== null && (
              <UndoLine
                words={t("translations.removed", { name: gone.name })}
                focused
                onUndo={() => bringBack(gone.id)}
                onClose={() => setGone(null)}
              />
            )}
            <div role="alert">
              {error !== null && <Refused error={error} otherwise={t("translations.failed")} />}
            </div>
            {shelf.translations.length > 0 && (
              <p>
                <a className="usa-button usa-button--outline" href={TRANSLATION_ARCHIVE} download>
                  {t("translations.takeAll")}
                </a>
              </p>
            )}
            {shelf.translations.length === 0 ? (
              <p className="nothing">{t("translations.none")}</p>
            ) : (
              <ul className="translation-list">
                {shelf.translations.map((line) => (
                  <Line key={line.id} line={line} languages={shelf.languages} onRemove={remove} />
                ))}
              </ul>
            )}
          </Section>
          {shelf.removed.length > 0 && (
            <Removed removed={shelf.removed} zone={shelf.zone} onReturn={bringBack} onError={setError} />
          )}
        </>
      )}
    </GridContainer>
  );
}

interface LineProperties {
  line: JobLine;
  languages: readonly TranslationLanguage[];
  onRemove: (line: JobLine) => void;
}

function Line({ line, languages, onRemove }: LineProperties) {
  const { language, t } = useLanguage();
  const { counts } = line;
  const name = (code: string) => languages.find((one) => one.code === code)?.name[language] ?? code;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <li>
      <h3>
        <Link href={translationPath(line.id)} dir="auto">
          {line.name}
        </Link>
      </h3>
      <p className="muted">
        {t("translations.pair", { from: name(line.source), to: name(line.target) })} ·{" "}
        {t("translations.segments", { count: all })} · {t(`translations.state.${line.state}`)}
        {counts.failed !== undefined && counts.failed > 0 && (
          <> · {t("translations.toLookAt", { count: counts.failed })}</>
        )}
      </p>
      <Button
        type="button"
        unstyled
        className="quiet"
        aria-label={t("translations.remove", { name: line.name })}
        onClick={() => onRemove(line)}
      >
        {t("translations.removeWord")}
      </Button>
    </li>
  );
}

interface RemovedProperties {
  removed: readonly RemovedTranslation[];
  zone: string;
  onReturn: (id: string) => Promise<void>;
  onError: (error: unknown) => void;
}

function Removed({ removed, zone, onReturn, onError }: RemovedProperties) {
  const { language, t } = useLanguage();
  return (
    <Section heading={t("translations.removedHeading")}>
      <ul className="translation-list">
        {removed.map(({ id, name, until }) => (
          <li key={id}>
            <span dir="auto">{name}</span>{" "}
            <span className="muted">
              {t("translations.removedUntil", { when: formatDay(language, until, zone) })}
            </span>{" "}
            <Button
              type="button"
              unstyled
              aria-label={t("translations.return", { name })}
              onClick={() => {
                onReturn(id).catch(onError);
              }}
            >
              {t("translations.returnWord")}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}

