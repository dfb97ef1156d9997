import { Button } from "@trussworks/react-uswds";
import { useCallback, useState } from "react";

import { fetchThing, type Kind, type Mention, type Thing } from "../../../api/directory";
import type { Client } from "../../../api/client";
import { formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { Connection } from "../../../parts/Connection";
import { Link } from "../../../parts/Link";
import { PageHeading } from "../../../parts/PageHeading";
import { Section } from "../../../parts/Section";
import { knownValue } from "../../../polling";
import { areaPath, orderPath } from "../../../route";
import { usePage } from "../../administration/usePage";
import type { Known } from "./DirectoryPage";
import { labelOf } from "./fields";
import { valueWords } from "./words";
import { Removing, Writing } from "./Writing";

const POLL_MS = 15_000;

interface Properties {
  kind: Kind;
  id: string;
  known: Known;
}

/** One thing of the directory: what it is, what names it, what became of it, and editing it. */
export function ThingPage({ kind, id, known }: Properties) {
  const { language, t } = useLanguage();
  const [editing, setEditing] = useState(false);
  const load = useCallback(
    (client: Client, signal: AbortSignal) => fetchThing(client, kind, id, signal),
    [kind, id],
  );
  const asked = usePage(load, POLL_MS);
  const thing = knownValue(asked.polled);
  if (thing !== null && editing) {
    return <Writing of={{ kind, thing }} known={known} onBack={() => setEditing(false)} />;
  }
  return (
    <>
      <PageHeading text={thing?.line.name[language] ?? id} />
      <Connection {...asked} loading="directory.loading" />
      <p>
        {t(`directory.one.${kind}`)} <code translate="no">{id}</code>.{" "}
        <Link href={areaPath("directory")}>{t("directory.all")}</Link>
      </p>
      {thing !== null && (
        <>
          <Facts thing={thing} />
          <div className="buttons">
            <Button type="button" onClick={() => setEditing(true)}>
              {t("directory.edit")}
            </Button>
            <Removing thing={thing} known={known} />
          </div>
          <NamedBy mentions={thing.named_by} />
          <History thing={thing} zone={known.directory.zone} />
        </>
      )}
    </>
  );
}

function Facts({ thing }: { thing: Thing }) {
  const { t } = useLanguage();
  return (
    <dl className="facts">
      {Object.entries(thing.form).map(([field, value]) => (
        <div key={field}>
          <dt>{t(labelOf(thing.line.kind, field))}</dt>
          <dd>{valueWords(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function NamedBy({ mentions }: { mentions: readonly Mention[] }) {
  const { language, t } = useLanguage();
  return (
    <Section heading={t("directory.namedBy")}>
      <p>{t(mentions.length === 0 ? "directory.namedByNone" : "directory.namedByMeans")}</p>
      <ul className="lines">
        {mentions.map(({ kind, id, name }) => (
          <li key={`${kind} ${id}`}>
            {t(`directory.one.${kind}`)}{" "}
            <Link
              href={
                kind === "instrument"
                  ? orderPath(id)
                  : areaPath("directory", "things", kind, id)
              }
            >
              {name[language]}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function History({ thing, zone }: { thing: Thing; zone: string }) {
  const { language, t } = useLanguage();
  return (
    <Section heading={t("directory.history")}>
      <ul className="lines">
        {[...thing.history].reverse().map(({ at, action, fields }) => (
          <li key={at}>
            {formatInstant(language, at, zone)}: {t(`directory.action.${action as "added"}`)}
            {action === "changed" && (
              <>
                {" "}
                {fields.map(({ field, before, after }) => (
                  <small key={field}>
                    {t(labelOf(thing.line.kind, field))}: {valueWords(before)}{" "}
                    <span aria-hidden="true">→</span>{" "}
                    <span className="usa-sr-only">{t("preview.then")} </span>
                    {valueWords(after)}
                  </small>
                ))}
              </>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
