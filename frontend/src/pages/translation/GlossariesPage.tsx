import { Button, GridContainer, Tag } from "@trussworks/react-uswds";
import { useCallback, useEffect, useState } from "react";

import { approveGlossary, fetchGlossaries, removeGlossary, returnGlossary } from "../../api/glossaries";
import type { GlossaryLine, GlossaryShelf, TranslationLanguage } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { PageHeading } from "../../parts/PageHeading";
import { Section } from "../../parts/Section";
import { TRANSLATIONS_PATH } from "../../route";
import { hasRole, useSession } from "../../session/context";
import { Refused } from "../chat/Refused";
import { UndoLine } from "../chat/UndoLine";
import { GlossaryForm } from "./GlossaryForm";

const AGAIN_MS = 5_000;

/** The glossaries that reach the reader, and proposing, approving and removing them. */
export function GlossariesPage() {
  const { t } = useLanguage();
  const { client, standing } = useSession();
  const [shelf, setShelf] = useState<GlossaryShelf | null>(null);
  const [lost, setLost] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [gone, setGone] = useState<GlossaryLine | null>(null);
  const load = useCallback(
    (signal?: AbortSignal) =>
      fetchGlossaries(client, signal).then(
        (found) => {
          setShelf(found);
          setLost(false);
        },
        () => setLost(signal?.aborted !== true),
      ),
    [client],
  );
  useEffect(() => {
    const gone = new AbortController();
    void load(gone.signal);
    const timer = lost ? setInterval(() => void load(gone.signal), AGAIN_MS) : undefined;
    return () => {
      gone.abort();
      clearInterval(timer);
    };
  }, [load, lost]);
  const act = (done: Promise<unknown>) => {
    setError(null);
    done.then(() => load(), setError);
  };
  return (
    <GridContainer className="page translations">
      {hasRole(standing, "staff") && (
        <p className="above">
          <Link href={TRANSLATIONS_PATH}>{t("translation.all")}</Link>
        </p>
      )}
      <PageHeading text={t("glossaries.heading")} />
      <p className="intro">{t("glossaries.intro")}</p>
      {lost && <p role="alert">{t("glossaries.lost")}</p>}
      {shelf === null && !lost && <p role="status">{t("glossaries.loading")}</p>}
      {shelf !== null && (
        <>
          {gone !== null && (
            <UndoLine
              words={t("glossaries.removed", { name: gone.glossary.name })}
              focused
              onUndo={async () => {
                await returnGlossary(client, gone);
                setGone(null);
                await load();
              }}
              onClose={() => setGone(null)}
            />
          )}
          <div role="alert">
            {error !== null && <Refused error={error} otherwise={t("glossaries.failed")} />}
          </div>
          {shelf.glossaries.length === 0 ? (
            <p className="nothing">{t("glossaries.none")}</p>
          ) : (
            <ul className="translation-list">
              {shelf.glossaries.map((line) => (
                <Line
                  key={line.id}
                  line={line}
                  languages={shelf.languages}
                  onApprove={() => act(approveGlossary(client, line))}
                  onRemove={() => act(removeGlossary(client, line).then(() => setGone(line)))}
                />
              ))}
            </ul>
          )}
          <Section heading={t("glossaries.propose")}>
            <GlossaryForm onTaken={() => void load()} />
          </Section>
        </>
      )}
    </GridContainer>
  );
}

interface LineProperties {
  line: GlossaryLine;
  languages: readonly TranslationLanguage[];
  onApprove: () => void;
  onRemove: () => void;
}

function Line({ line, languages, onApprove, onRemove }: LineProperties) {
  const { language, t } = useLanguage();
  const { glossary } = line;
  const of = (code: string) => languages.find((one) => one.code === code);
  const name = (code: string) => of(code)?.name[language] ?? code;
  const approved = glossary.state === "approved";
  return (
    <li>
      <h2 className="glossary-name" dir="auto">
        {glossary.name}
      </h2>
      <p>
        <Tag className={approved ? "state-approved" : "state-waiting"}>
          {approved
            ? t("glossaries.approved", { name: glossary.approved_by ?? "" })
            : t("glossaries.proposed", { name: glossary.proposed_by })}
        </Tag>{" "}
        <span className="muted">
          {t("translations.pair", { from: name(glossary.source), to: name(glossary.target) })} ·{" "}
          {t("glossaries.terms", { count: glossary.terms.length })}
        </span>
      </p>
      <details>
        <summary>{t("glossaries.show")}</summary>
        <dl className="glossary-terms">
          {glossary.terms.map(({ source, target }) => (
            <div key={source}>
              <dt lang={glossary.source} dir={of(glossary.source)?.direction}>
                {source}
              </dt>
              <dd lang={glossary.target} dir={of(glossary.target)?.direction}>
                {target}
              </dd>
            </div>
          ))}
        </dl>
      </details>
      <p className="segment-acts">
        {line.may_approve && (
          <Button
            type="button"
            unstyled
            aria-label={t("glossaries.approve", { name: glossary.name })}
            onClick={onApprove}
          >
            {t("glossaries.approveWord")}
          </Button>
        )}
        {line.may_remove && (
          <Button
            type="button"
            unstyled
            className="quiet"
            aria-label={t("glossaries.remove", { name: glossary.name })}
            onClick={onRemove}
          >
            {t("glossaries.removeWord")}
          </Button>
        )}
      </p>
    </li>
  );
}
