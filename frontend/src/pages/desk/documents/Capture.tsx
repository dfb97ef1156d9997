import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import type { DocumentDifference, DocumentLine, OriginalDocument } from "../../../api/schema";
import { bytesOf, download } from "../../../download";
import { formatCount, formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { Fact } from "../../../parts/Fact";
import { Link } from "../../../parts/Link";
import { Section } from "../../../parts/Section";
import { areaPath } from "../../../route";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";

/** What was captured, where and when, its own bytes, and later edits with what changed. */
export function Capture({ line }: { line: DocumentLine }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [shown, setShown] = useState<DocumentDifference | null>(null);
  const where = `/api/desk/documents/${encodeURIComponent(line.sha256)}`;
  const fetching = useDeed(
    () => client.get<OriginalDocument>(`${where}/original`),
    ({ name, content }) => download(name, bytesOf(content), "application/octet-stream"),
  );
  const comparing = useDeed(
    (other: string) =>
      client.get<DocumentDifference>(`${where}/difference?other=${encodeURIComponent(other)}`),
    setShown,
  );
  return (
    <Section heading={t("documents.capture")}>
      <dl className="facts">
        <Fact name={t("documents.address")}>
          {line.address === "" ? (
            t("documents.unknownAddress")
          ) : (
            <code translate="no">{line.address}</code>
          )}
        </Fact>
        {line.account != null && <Fact name={t("documents.account")}>{line.account}</Fact>}
        <Fact name={t("documents.capturedAt")}>
          {formatInstant(language, line.captured, "UTC")}
        </Fact>
        <Fact name={t("documents.bytes")}>{formatCount(language, line.size)}</Fact>
        <Fact name={t("documents.digest")}>
          <code translate="no" className="hash">
            {line.sha256}
          </code>
        </Fact>
      </dl>
      <TroubleAlert trouble={fetching.trouble ?? comparing.trouble} />
      <Button type="button" outline disabled={fetching.pending} onClick={() => fetching.go()}>
        {t("documents.original")}
      </Button>
      {line.edits.length > 0 && (
        <>
          <h3>{t("documents.edits")}</h3>
          <ul className="lines">
            {line.edits.map((other) => (
              <li key={other}>
                <Link href={areaPath("documents", other)}>
                  <code translate="no">{other.slice(0, 12)}</code>
                </Link>{" "}
                <Button type="button" unstyled onClick={() => comparing.go(other)}>
                  {t("documents.compare")}
                  <span className="usa-sr-only"> {other.slice(0, 12)}</span>
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
      <div role="status">{shown !== null && <Difference shown={shown} />}</div>
    </Section>
  );
}

function Difference({ shown: { earlier, later, lines } }: { shown: DocumentDifference }) {
  const { language, t } = useLanguage();
  const changed = lines.some(({ kind }) => kind !== "same");
  return (
    <>
      <h3>{t("documents.difference")}</h3>
      <p className="muted">
        {t("documents.differenceOf", {
          earlier: formatInstant(language, earlier.captured, "UTC"),
          later: formatInstant(language, later.captured, "UTC"),
        })}
      </p>
      {!changed && <p>{t("documents.same")}</p>}
      {changed && (
        <div className="document-text" tabIndex={0} role="group" aria-label={t("documents.difference")}>
          {lines.map(({ kind, text }, index) =>
            kind === "same" ? (
              <p key={index}>{text}</p>
            ) : kind === "added" ? (
              <p key={index}>
                <ins>{text}</ins>
              </p>
            ) : (
              <p key={index}>
                <del>{text}</del>
              </p>
            ),
          )}
        </div>
      )}
    </>
  );
}
