import { useState } from "react";

import { KINDS, type Kind, type ThingLine } from "../../../api/directory";
import type { ToldSet } from "../../../api/schema";
import { formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { Choice } from "../../../parts/Choice";
import { DataTable } from "../../../parts/DataTable";
import { Link } from "../../../parts/Link";
import { matches, Search } from "../../../parts/Search";
import { Section } from "../../../parts/Section";
import { areaPath } from "../../../route";
import type { Known } from "./DirectoryPage";

const MOST = 200;

/** What stands in the directory, by kind and by what is looked for, and the sets of edits. */
export function Things({ known: { directory } }: { known: Known }) {
  const { t } = useLanguage();
  const [kind, setKind] = useState<Kind>("party");
  const [sought, setSought] = useState("");
  const ofKind = directory.things.filter((thing) => thing.kind === kind);
  const found = ofKind.filter(({ id, name, aliases, within }) =>
    matches(sought, [id, name.en, name.fr, within ?? "", ...aliases]),
  );
  const shown = sought === "" && kind === "party" ? treeOf(ofKind) : found.map(flat);
  const count = (one: Kind) => directory.things.filter((thing) => thing.kind === one).length;
  return (
    <>
      <p>{t("directory.intro")}</p>
      <Sets sets={directory.sets} zone={directory.zone} />
      <Section heading={t("directory.things")}>
        <div className="filters">
          <Choice
            label={t("directory.show")}
            value={kind}
            onChoose={(chosen) => setKind(chosen as Kind)}
            options={KINDS.map((value) => ({
              value,
              text: t("directory.counted", {
                what: t(`directory.kinds.${value}`),
                count: count(value),
              }),
            }))}
          />
          <Search label={t("directory.search")} value={sought} onChange={setSought} />
        </div>
        <p>
          <Link href={areaPath("directory", "new", kind)} className="usa-button">
            {t(`directory.new.${kind}`)}
          </Link>
        </p>
        {shown.length === 0 ? (
          <p className="nothing">{t("directory.nothing")}</p>
        ) : (
          <DataTable
            caption={t("directory.caption", {
              what: t(`directory.kinds.${kind}`),
              count: found.length,
            })}
            columns={[t("directory.thing"), t("directory.aliases"), t("directory.within")]}
            rows={shown.slice(0, MOST).map((line) => row(line))}
          />
        )}
        {shown.length > MOST && <p>{t("directory.more", { count: shown.length - MOST })}</p>}
        <p className="muted">
          {directory.holidays == null
            ? t("directory.noHolidays")
            : t("directory.holidays", {
                where: [directory.holidays.country, directory.holidays.subdivision]
                  .filter(Boolean)
                  .join("-"),
              })}{" "}
          {t("directory.zone", { zone: directory.zone })}
        </p>
      </Section>
    </>
  );
}

interface Line {
  thing: ThingLine;
  depth: number;
}

const flat = (thing: ThingLine): Line => ({ thing, depth: 0 });

/** Parties with what is part of them set in below them. */
export function treeOf(parties: readonly ThingLine[]): Line[] {
  const ids = new Set(parties.map(({ id }) => id));
  const below = (within: string | null, depth: number): Line[] =>
    parties
      .filter((party) => (within === null ? !ids.has(party.within ?? "") : party.within === within))
      .flatMap((thing) => [{ thing, depth }, ...below(thing.id, depth + 1)]);
  return below(null, 0);
}

function row({ thing, depth }: Line) {
  return { id: `${thing.kind} ${thing.id}`, cells: [<Named thing={thing} depth={depth} />, thing.aliases.join(", ") || "—", thing.within ?? "—"] };
}

function Named({ thing, depth }: Line) {
  const { language } = useLanguage();
  const name = thing.name[language];
  return (
    <span className="in-tree" style={{ paddingInlineStart: `${depth * 1.25}rem` }}>
      <Link href={areaPath("directory", "things", thing.kind, thing.id)}>{name}</Link>
      {name !== thing.id && (
        <small>
          <code translate="no">{thing.id}</code>
        </small>
      )}
    </span>
  );
}

function Sets({ sets, zone }: { sets: readonly ToldSet[]; zone: string }) {
  const { language, t } = useLanguage();
  const [all, setAll] = useState(false);
  const waiting = sets.filter(({ state }) => state !== "recorded");
  const shown = all ? sets : waiting;
  if (sets.length === 0) {
    return null;
  }
  return (
    <Section heading={t("directory.sets")}>
      {shown.length === 0 ? (
        <p className="nothing">{t("directory.noSets")}</p>
      ) : (
        <DataTable
          caption={t("directory.setsCaption", { count: shown.length })}
          columns={[t("directory.set"), t("directory.state"), t("directory.changed")]}
          rows={shown.map((set) => ({
            id: set.id,
            cells: [
              <Link href={areaPath("directory", "edits", set.id)}>
                {set.edits.edits.map(({ id, kind }) => (id === "new" ? kind : id)).join(", ") ||
                  t("directory.empty")}
              </Link>,
              t(`directory.is.${set.state}`),
              t("directory.changedBy", {
                name: set.changed_by,
                when: formatInstant(language, set.changed, zone),
              }),
            ],
          }))}
        />
      )}
      {waiting.length < sets.length && (
        <p>
          <button type="button" className="usa-button usa-button--unstyled" onClick={() => setAll(!all)}>
            {t(all ? "directory.onlyWaiting" : "directory.recordedToo")}
          </button>
        </p>
      )}
    </Section>
  );
}
