import { GridContainer } from "@trussworks/react-uswds";
import { useState } from "react";

import { base64 } from "../../../api/base64";
import type { Client } from "../../../api/client";
import type { DocumentLine, DocumentPage as Told, HowFar } from "../../../api/schema";
import { formatCount, formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { Connection } from "../../../parts/Connection";
import { DataTable } from "../../../parts/DataTable";
import { FileField, TextField } from "../../../parts/form/fields";
import { Link } from "../../../parts/Link";
import { PageHeading } from "../../../parts/PageHeading";
import { Section } from "../../../parts/Section";
import { knownValue } from "../../../polling";
import { areaPath, go } from "../../../route";
import { useSession } from "../../../session/context";
import { NowherePage } from "../../Nowhere";
import { troubleOf, type Trouble } from "../../administration/useDeed";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { usePage } from "../../administration/usePage";
import type { AreaProperties } from "../areas";
import { DocumentPage } from "./DocumentPage";

const POLL_MS = 10_000;
const DOCUMENTS = "/api/desk/documents";
/** What the server keeps of one document at most. */
const MOST_BYTES = 20_000_000;
const EVERY_MS = 500;
const PATIENCE_MS = 400_000;
const fetchDocuments = (client: Client, signal: AbortSignal): Promise<DocumentLine[]> =>
  client.get<DocumentLine[]>(DOCUMENTS, signal);

/** Documents that were taken in, and one of them beside what was read in it. */
export default function DocumentsPage({ rest }: AreaProperties) {
  const [id, ...more] = rest;
  if (more.length > 0) {
    return <NowherePage />;
  }
  return id === undefined ? <Documents /> : <DocumentPage key={id} id={id} />;
}

function Documents() {
  const { language, t } = useLanguage();
  const asked = usePage(fetchDocuments, POLL_MS);
  const documents = knownValue(asked.polled);
  return (
    <GridContainer className="page">
      <PageHeading text={t("documents.heading")} />
      <Connection {...asked} loading="documents.loading" />
      <p>{t("documents.intro")}</p>
      <Upload again={asked.again} />
      {documents !== null && documents.length === 0 && (
        <p className="nothing">{t("documents.none")}</p>
      )}
      {documents !== null && documents.length > 0 && (
        <DataTable
          caption={t("documents.caption", { count: documents.length })}
          columns={[
            t("documents.name"),
            t("documents.captured"),
            t("documents.found"),
            t("documents.open"),
          ]}
          rows={documents.map((line) => ({
            id: line.sha256,
            cells: [
              <>
                <Link href={areaPath("documents", line.sha256)}>{line.name}</Link>
                <small>{t("documents.size", { count: formatCount(language, line.size) })}</small>
                {line.address !== "" && <small translate="no">{line.address}</small>}
                {line.edits.length > 0 && (
                  <small>{t("documents.atAddress", { count: line.edits.length })}</small>
                )}
              </>,
              formatInstant(language, line.captured, "UTC"),
              t("documents.counts", { drafts: line.drafts, claims: line.claims }),
              line.open === 0 ? t("documents.settled") : t("documents.openCount", { count: line.open }),
            ],
          }))}
        />
      )}
      <p className="updates">{t("status.updates", { seconds: asked.every })}</p>
    </GridContainer>
  );
}

interface Taken {
  name: string;
  state: "reading" | "done" | "unread" | "failed" | "tooLarge";
  trouble: Trouble | null;
  /** How far a document of many pages is read. */
  far: HowFar | null;
  id: string | null;
}

/** Files are read one after the other; what fails is said for each and keeps nothing from the rest. */
function Upload({ again }: { again: () => void }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [taken, setTaken] = useState<readonly Taken[]>([]);
  const [address, setAddress] = useState("");
  const [account, setAccount] = useState("");
  const take = async (files: readonly File[]) => {
    let lines: Taken[] = files.map(({ name }) => ({
      name,
      state: "reading",
      trouble: null,
      far: null,
      id: null,
    }));
    setTaken(lines);
    const tell = (index: number, told: Partial<Taken>) => {
      lines = lines.map((line, place) => (place === index ? { ...line, ...told } : line));
      setTaken(lines);
    };
    for (const [index, file] of files.entries()) {
      const far = (told: HowFar) => tell(index, { far: told });
      tell(index, await takeOne(client, file, { address, account: account || null }, far));
      again();
    }
    const [only] = lines;
    if (lines.length === 1 && only?.id != null) {
      go(areaPath("documents", only.id));
    }
  };
  const failed = taken.find(({ trouble }) => trouble !== null);
  return (
    <Section heading={t("documents.take")}>
      <div className="form-row">
        <TextField
          label={t("documents.addressField")}
          type="url"
          value={address}
          onChange={setAddress}
        />
        <TextField label={t("documents.accountField")} value={account} onChange={setAccount} />
      </div>
      <FileField
        label={t("documents.files")}
        hint={t("documents.filesHint")}
        multiple
        onFiles={(files) => void take(files)}
      />
      <ul className="lines" aria-live="polite">
        {taken.map(({ name, state, id, far }) => (
          <li key={name}>
            {id === null ? name : <Link href={areaPath("documents", id)}>{name}</Link>}:{" "}
            {t(`documents.taking.${state}`, { size: formatCount(language, MOST_BYTES / 1e6) })}
            {state === "reading" && far !== null && far.total > 1 && (
              <>
                {" "}
                <progress max={far.total} value={far.done} aria-hidden="true" />{" "}
                {t("documents.far", { done: far.done, total: far.total })}
              </>
            )}
          </li>
        ))}
      </ul>
      <TroubleAlert trouble={failed?.trouble ?? null} />
    </Section>
  );
}

async function takeOne(
  client: Client,
  file: File,
  found: { address: string; account: string | null },
  far: (told: HowFar) => void,
): Promise<Partial<Taken>> {
  if (file.size > MOST_BYTES) {
    return { state: "tooLarge" };
  }
  const ticket = crypto.getRandomValues(new Uint32Array(4)).join("-");
  const asking = setInterval(() => {
    client.get<HowFar>(`${DOCUMENTS}/progress?ticket=${ticket}`).then(far, () => undefined);
  }, EVERY_MS);
  try {
    const body = { name: file.name, content: await base64(file), ticket, ...found };
    const told = await client.send<Told>("POST", DOCUMENTS, body, PATIENCE_MS);
    return { state: told.text == null ? "unread" : "done", id: told.line.sha256 };
  } catch (error) {
    return { state: "failed", trouble: troubleOf(error) };
  } finally {
    clearInterval(asking);
  }
}
