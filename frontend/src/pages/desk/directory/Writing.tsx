import { Button } from "@trussworks/react-uswds";
import { useState, type FormEvent } from "react";

import { beginSet, writeSet, type Edit, type EditSet, type Kind, type Thing } from "../../../api/directory";
import type { DraftProblem, Form } from "../../../api/drafts";
import { useLanguage } from "../../../i18n/context";
import { SelectField, TextField } from "../../../parts/form/fields";
import { Restored } from "../../../parts/form/FormNotes";
import { useKept } from "../../../parts/form/kept";
import { PageHeading } from "../../../parts/PageHeading";
import { areaPath, go } from "../../../route";
import { personOf, useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { withValue } from "../drafts/form";
import { WritingContext } from "../drafts/writing";
import type { Known } from "./DirectoryPage";
import { beginningOf, suggestedId } from "./fields";
import { ThingFields } from "./ThingFields";

interface Properties {
  /** What is written: a thing that there is, or a new one of a kind where `thing` is null. */
  of: { kind: Kind; thing: Thing | null };
  known: Known;
  onBack?: () => void;
}

/** Begins an edit: the form is kept in this browser until it goes into a set. */
export function Writing({ of: { kind, thing }, known, onBack }: Properties) {
  const { language, t } = useLanguage();
  const named = new URLSearchParams(location.search).get("name") ?? "";
  return (
    <>
      <PageHeading text={thing?.line.name[language] ?? t(`directory.new.${kind}`)} />
      <EditForm
        name={`directory.${kind}.${thing?.line.id ?? "new"}`}
        kind={kind}
        id={thing?.line.id ?? null}
        form={thing?.form ?? beginningOf(kind, named, known.directory.now)}
        was={thing?.form ?? null}
        problems={[]}
        known={known}
        into={null}
        onBack={onBack ?? (() => go(areaPath("directory")))}
      />
    </>
  );
}

interface FormProperties {
  /** What the browser keeps the half-written form under. */
  name: string;
  kind: Kind;
  /** Null where the form is of a new thing, whose id is written too. */
  id: string | null;
  form: Form;
  was: Form | null;
  problems: readonly DraftProblem[];
  known: Known;
  /** The edit that is written anew, in its set; null where it goes into one that is chosen. */
  into: { set: EditSet; index: number } | null;
  onBack: () => void;
}

export function EditForm(properties: FormProperties) {
  const { name, kind, id, was, problems, known, into, onBack } = properties;
  const { t } = useLanguage();
  const { client, standing } = useSession();
  const me = personOf(standing)?.name;
  const kept = useKept<{ form: Form; id: string; version: number }>(name, {
    form: properties.form,
    id: id ?? "",
    version: into?.set.version ?? 0,
  });
  const { form } = kept.value;
  const open = known.directory.sets.filter(({ state }) => state === "open");
  const [chosen, setChosen] = useState(open.find((set) => set.changed_by === me)?.id ?? "");
  const suggested = id ?? (kept.value.id || suggestedId(kind, form));
  const saving = useDeed(
    async () => {
      const edit: Edit = { kind, id: suggested, form, was };
      const target = into === null ? open.find((one) => one.id === chosen) : into.set;
      if (target === undefined) {
        return beginSet(client, [edit]);
      }
      const before = target.edits.edits as readonly Edit[];
      const edits =
        into === null
          ? [...before.filter((one) => !same(one, edit)), edit]
          : before.map((one, place) => (place === into.index ? edit : one));
      return writeSet(client, target.id, target.version, edits);
    },
    (set) => {
      kept.clear();
      go(areaPath("directory", "edits", set.id));
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.go();
  };
  return (
    <WritingContext
      value={{
        form,
        choices: known.choices,
        problems,
        put: (path, value) => kept.change({ form: withValue(form, path, value) as Form }),
      }}
    >
      <form className="desk-form" onSubmit={submit}>
        <Restored form={kept} />
        <ThingFields kind={kind} things={known.directory.things} />
        {id === null && kind !== "binding" && (
          <TextField
            label={t("directory.id")}
            hint={t(`directory.idHint.${kind === "model" || kind === "route" ? kind : "other"}`)}
            value={kept.value.id}
            onChange={(text) => kept.change({ id: text })}
          />
        )}
        {id === null && kind !== "binding" && suggested !== "" && (
          <p className="muted">{t("directory.idWillBe", { id: suggested })}</p>
        )}
        {into === null && open.length > 0 && (
          <SelectField
            label={t("directory.into")}
            value={chosen}
            onChange={setChosen}
            none={t("directory.intoNew")}
            options={open.map((set) => ({
              value: set.id,
              text: t("directory.intoSet", {
                name: set.changed_by,
                what: set.edits.edits.map((edit) => edit.id).join(", "),
              }),
            }))}
          />
        )}
        <TroubleAlert trouble={saving.trouble} />
        <div className="buttons">
          <Button type="submit" disabled={suggested === "" || saving.pending}>
            {t("directory.save")}
          </Button>
          <Button type="button" outline onClick={onBack}>
            {t("act.cancel")}
          </Button>
        </div>
        <p className="muted">{t("directory.saveMeans")}</p>
      </form>
    </WritingContext>
  );
}

/** Puts a thing's removal into one's own open set, or a new one. */
export function Removing({ thing, known }: { thing: Thing; known: Known }) {
  const { t } = useLanguage();
  const { client, standing } = useSession();
  const { kind, id } = thing.line;
  const me = personOf(standing)?.name;
  const removing = useDeed(
    () => {
      const edit: Edit = { kind, id, form: null, was: thing.form };
      const open = known.directory.sets.find((set) => set.state === "open" && set.changed_by === me);
      if (open === undefined) {
        return beginSet(client, [edit]);
      }
      const others = (open.edits.edits as readonly Edit[]).filter((one) => !same(one, edit));
      return writeSet(client, open.id, open.version, [...others, edit]);
    },
    (set) => go(areaPath("directory", "edits", set.id)),
  );
  return (
    <>
      <Button
        type="button"
        outline
        disabled={thing.named_by.length > 0 || removing.pending}
        onClick={() => removing.go()}
      >
        {t("directory.remove")}
      </Button>
      <TroubleAlert trouble={removing.trouble} />
    </>
  );
}

function same(one: Pick<Edit, "kind" | "id">, other: Pick<Edit, "kind" | "id">): boolean {
  return one.kind === other.kind && one.id === other.id && other.id !== "new";
}
