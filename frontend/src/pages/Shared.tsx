import { Button, GridContainer } from "@trussworks/react-uswds";
import { useEffect, useState } from "react";

import { refusedWith } from "../api/asking";
import { fetchShared } from "../api/shares";
import type { SharedConversation } from "../api/schema";
import { formatInstant } from "../format";
import { useLanguage } from "../i18n/context";
import { Link } from "../parts/Link";
import { PageHeading } from "../parts/PageHeading";
import { Said } from "../parts/Said";
import { CHAT_PATH } from "../route";
import { useSession } from "../session/context";
import { PassageView } from "./Print";

type Told = SharedConversation | { kind: "ended"; do: string } | "missing" | "lost" | null;

/** What somebody of one's party shares: read only, with who answered and where the model changed. */
export function SharedPage({ share }: { share: string }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [told, setTold] = useState<Told>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const gone = new AbortController();
    fetchShared(client, share, language, gone.signal).then(setTold, (error: unknown) => {
      if (!gone.signal.aborted) {
        setTold(why(error));
      }
    });
    return () => gone.abort();
  }, [client, share, language, attempt]);
  const shown = told !== null && typeof told === "object" && "transcript" in told ? told : null;
  return (
    <GridContainer className="page transcript">
      <PageHeading text={shown?.transcript.title ?? t("shared.heading")} />
      {told === null && <p role="status">{t("print.loading")}</p>}
      {told === "lost" && (
        <p role="alert">
          {t("print.lost")}{" "}
          <Button type="button" unstyled onClick={() => setAttempt(attempt + 1)}>
            {t("print.again")}
          </Button>
        </p>
      )}
      {told === "missing" && <p role="alert">{t("shared.missing")}</p>}
      {told !== null && typeof told === "object" && "kind" in told && (
        <p role="alert">
          {t("shared.ended")} <Said>{told.do}</Said>
        </p>
      )}
      {shown !== null && (
        <>
          <p className="transcript-mark">
            {t("shared.by", {
              name: shown.by,
              when: formatInstant(language, shown.until, shown.zone),
            })}
          </p>
          {shown.transcript.about.map((line) => (
            <p key={line} className="transcript-about">
              {line}
            </p>
          ))}
          {shown.transcript.passages.map((passage) => (
            <PassageView key={passage.turn} passage={passage} />
          ))}
        </>
      )}
      <p className="no-print">
        <Link href={CHAT_PATH}>{t("shared.chat")}</Link>
      </p>
    </GridContainer>
  );
}

function why(error: unknown): Told {
  const refused = refusedWith(error);
  if (refused?.detail?.code === "share-ended") {
    return { kind: "ended", do: refused.detail.do };
  }
  return refused?.status === 404 ? "missing" : "lost";
}
