import { Button } from "@trussworks/react-uswds";
import { useCallback, useState } from "react";

import type { Client } from "../../../api/client";
import type { DocumentLine, DocumentPage } from "../../../api/schema";
import { useLanguage } from "../../../i18n/context";
import { Choice } from "../../../parts/Choice";
import { ManyField } from "../../../parts/form/fields";
import { Sheet } from "../../../parts/Sheet";
import { knownValue } from "../../../polling";
import { usePage } from "../../administration/usePage";
import type { ReadDraft } from "./DraftFields";

const FIELDS = ["issuer", "title", "published", "clauses", "rebindings", "sources"] as const;

interface Properties {
  draft: ReadDraft;
  onClose: () => void;
  onMerge: (take: Record<string, string>) => void;
}

/** Two drafts of the same act become one: another is chosen, and which fields are its. */
export function Merging({ draft, onClose, onMerge }: Properties) {
  const { t } = useLanguage();
  const [other, setOther] = useState("");
  const [fields, setFields] = useState<readonly string[]>(["sources"]);
  const load = useCallback(fetchOpen, []);
  const found = knownValue(usePage(load, 60_000).polled) ?? [];
  const others = found.filter(({ id }) => id !== draft.id);
  const merge = () => {
    onMerge(Object.fromEntries(fields.map((field) => [field, other])));
    onClose();
  };
  return (
    <Sheet heading={t("documents.mergeHeading")} onClose={onClose}>
      <p>{t("documents.mergeMeans")}</p>
      <Choice
        label={t("documents.mergeWith")}
        value={other}
        onChoose={setOther}
        options={[
          { value: "", text: t("drafts.choose") },
          ...others.map(({ id, text }) => ({ value: id, text: text.slice(0, 90) })),
        ]}
      />
      <ManyField
        legend={t("documents.mergeFields")}
        options={FIELDS.map((field) => ({ value: field, text: t(`documents.field.${field}`) }))}
        chosen={fields}
        onChange={setFields}
      />
      <div className="buttons">
        <Button type="button" disabled={other === "" || fields.length === 0} onClick={merge}>
          {t("documents.mergeYes")}
        </Button>
        <Button type="button" outline onClick={onClose}>
          {t("act.cancel")}
        </Button>
      </div>
    </Sheet>
  );
}

/** The drafts of every document that nobody has decided of. */
async function fetchOpen(
  client: Client,
  signal: AbortSignal,
): Promise<{ id: string; text: string }[]> {
  const lines = await client.get<DocumentLine[]>("/api/desk/documents", signal);
  const open = lines.filter((line) => line.open > 0);
  const pages = await Promise.all(
    open.map((line) => client.get<DocumentPage>(`/api/desk/documents/${line.sha256}`, signal)),
  );
  return pages.flatMap((page) =>
    page.drafts
      .filter(({ reviewed, issued_as }) => reviewed.review === null && issued_as === null)
      .map(({ draft }) => ({ id: draft.id, text: `${page.line.name}: ${draft.quote.text}` })),
  );
}
