import { Button, GridContainer } from "@trussworks/react-uswds";
import { useEffect, useState } from "react";

import { fetchTranscript } from "../api/exportImport";
import type { Passage, Transcript } from "../api/schema";
import { useLanguage } from "../i18n/context";
import { Link } from "../parts/Link";
import { PageHeading } from "../parts/PageHeading";
import { conversationPath } from "../route";
import { useSession } from "../session/context";
import { Markdown } from "./chat/Markdown";

interface Properties {
  conversation: string;
  through: string | null;
}

/** A conversation as a plain page: what prints is the transcript alone. */
export function PrintPage({ conversation, through }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [told, setTold] = useState<Transcript | "lost" | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const gone = new AbortController();
    fetchTranscript(client, conversation, language, through, gone.signal).then(setTold, () => {
      if (!gone.signal.aborted) {
        setTold("lost");
      }
    });
    return () => gone.abort();
  }, [client, conversation, language, through, attempt]);
  const shown = told === null || told === "lost" ? null : told;
  return (
    <GridContainer className="page transcript">
      <PageHeading text={shown?.title ?? t("export.print")} />
      <div className="actions no-print">
        {shown !== null && (
          <Button type="button" onClick={() => print()}>
            {t("print.print")}
          </Button>
        )}
        <Link href={conversationPath(conversation)}>{t("print.back")}</Link>
      </div>
      {told === null && <p role="status">{t("print.loading")}</p>}
      {told === "lost" && (
        <p role="alert">
          {t("print.lost")}{" "}
          <Button type="button" unstyled onClick={() => setAttempt(attempt + 1)}>
            {t("print.again")}
          </Button>
        </p>
      )}
      {shown?.about.map((line) => (
        <p key={line} className="transcript-about">
          {line}
        </p>
      ))}
      {shown?.passages.map((passage) => (
        <PassageView key={passage.turn} passage={passage} />
      ))}
    </GridContainer>
  );
}

/** What one side said, with who answered, what was cut, and the seam before it. */
export function PassageView({ passage }: { passage: Passage }) {
  const { speaker, when, seam, role, text, marks, facts } = passage;
  return (
    <section className="passage">
      {seam.length > 0 && (
        <div className="transcript-mark">
          {seam.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
      <h2 dir="auto">
        {speaker} <span className="muted">{when}</span>
      </h2>
      {role === "user" ? (
        <div className="transcript-words" dir="auto">
          {text}
        </div>
      ) : (
        <Markdown text={text} />
      )}
      {marks.map((line) => (
        <p key={line} className="transcript-mark">
          {line}
        </p>
      ))}
      {facts.length > 0 && <p className="transcript-facts">{facts.join("; ")}</p>}
    </section>
  );
}
