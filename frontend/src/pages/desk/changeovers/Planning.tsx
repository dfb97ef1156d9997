import { Button } from "@trussworks/react-uswds";
import { useCallback, useState, type FormEvent } from "react";

import type { Client } from "../../../api/client";
import type { ChangeoverChoices, ChangeoverStands, MovingSlot } from "../../../api/schema";
import { enumerate, formatCount, formatDeadline, formatDollars } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { Choice } from "../../../parts/Choice";
import { Connection } from "../../../parts/Connection";
import { LongField, SelectField, TextField } from "../../../parts/form/fields";
import { Restored } from "../../../parts/form/FormNotes";
import { useKept } from "../../../parts/form/kept";
import { PageHeading } from "../../../parts/PageHeading";
import { Section } from "../../../parts/Section";
import { knownValue } from "../../../polling";
import { areaPath, go } from "../../../route";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { usePage } from "../../administration/usePage";
import { becauseWords, outcomeWords } from "../changes";

const POLL_MS = 30_000;

/** What is chosen so far; `models` by service and slots, "" for what stays as it is. */
interface Plan {
  at: string;
  issuer: string;
  models: Record<string, string>;
  en: string;
  fr: string;
}

/** Slots of a service that stand alike, and that the same models may serve. */
interface Group {
  key: string;
  slot: MovingSlot["slot"];
  slots: string[];
  calls: number;
  cost: MovingSlot["cost"];
}

function grouped(slots: readonly MovingSlot[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { slot, calls, cost } of slots) {
    const sameness = JSON.stringify({ ...slot, slot: null });
    const group = groups.get(sameness);
    if (group === undefined) {
      const key = `${slot.service} ${slot.slot}`;
      groups.set(sameness, { key, slot, slots: [slot.slot], calls, cost });
    } else {
      group.slots.push(slot.slot);
    }
  }
  return [...groups.values()];
}

/** Plans a changeover from a vendor, a model, an order or a service. */
export function Planning() {
  const { language, t } = useLanguage();
  const [about, setAbout] = useState(() => new URLSearchParams(location.search).get("of") ?? "");
  const form = useKept<Plan>(`changeover.${about}`, {
    at: "",
    issuer: "",
    models: {},
    en: "",
    fr: "",
  });
  const { at } = form.value;
  const load = useCallback(
    (client: Client, signal: AbortSignal) => {
      const query = new URLSearchParams({
        ...(about === "" ? {} : { of: about }),
        ...(at === "" ? {} : { at }),
      });
      return client.get<ChangeoverChoices>(`/api/desk/changeovers/choices?${query}`, signal);
    },
    [about, at],
  );
  const asked = usePage(load, POLL_MS);
  const choices = knownValue(asked.polled);
  const choose = (of: string) => {
    setAbout(of);
    const query = of === "" ? "" : `?of=${encodeURIComponent(of)}`;
    history.replaceState(history.state, "", `${location.pathname}${query}`);
    go(`${location.pathname}${query}`);
  };
  const named = (things: ChangeoverChoices["vendors"], kind: "vendor" | "model" | "order" | "service") =>
    Object.entries(things).map(([value, name]) => ({
      value,
      text: `${t(`changeovers.of.${kind}`)} ${name[language]}`,
    }));
  return (
    <>
      <PageHeading text={t("changeovers.new")} />
      <Connection {...asked} loading="changeovers.loading" />
      {choices !== null && (
        <Choice
          label={t("changeovers.about")}
          value={about}
          onChoose={choose}
          options={[
            { value: "", text: t("changeovers.choose") },
            ...named(choices.vendors, "vendor"),
            ...named(choices.models, "model"),
            ...named(choices.orders, "order"),
            ...named(choices.services, "service"),
          ]}
        />
      )}
      {choices !== null && about !== "" && choices.about === about && (
        <Plan key={about} choices={choices} form={form} />
      )}
    </>
  );
}

interface PlanProperties {
  choices: ChangeoverChoices;
  form: ReturnType<typeof useKept<Plan>>;
}

function Plan({ choices, form }: PlanProperties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const { at, issuer, models, en, fr } = form.value;
  const groups = grouped(choices.slots);
  const chosen = groups.filter(({ key }) => (models[key] ?? "") !== "");
  const issuers = chosen
    .map(({ slot }) => slot.issuers)
    .reduce<readonly string[] | null>(
      (common, some) => (common === null ? some : common.filter((one) => some.includes(one))),
      null,
    );
  const offered = issuers ?? [];
  const by = offered.includes(issuer) ? issuer : (offered[0] ?? "");
  const planning = useDeed(
    () =>
      client.send<ChangeoverStands>("POST", "/api/desk/changeovers", {
        about: choices.about,
        issuer: by,
        at,
        message: { en, fr },
        moves: chosen.map(({ key, slot, slots }) => ({
          service: slot.service,
          slots,
          models: [models[key]],
        })),
      }),
    (made) => {
      form.clear();
      go(areaPath("changeovers", made.id));
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    planning.go();
  };
  const all = () =>
    form.change({
      models: Object.fromEntries(
        groups.map(({ key, slot }) => [key, slot.replacements[0]?.model.id ?? ""]),
      ),
    });
  return (
    <form className="desk-form wide-form" onSubmit={submit}>
      <Restored form={form} />
      <TextField
        label={t("changeovers.at")}
        hint={t("changeovers.atHint", { zone: choices.zone })}
        type="datetime-local"
        value={at}
        onChange={(text) => form.change({ at: text })}
      />
      <Section heading={t("changeovers.what")}>
        {groups.length === 0 && <p className="nothing">{t("changeovers.nothing")}</p>}
        {groups.length > 1 && (
          <p>
            <Button type="button" outline onClick={all}>
              {t("changeovers.takeFirst")}
            </Button>
          </p>
        )}
        {groups.map((group) => (
          <Moving
            key={group.key}
            group={group}
            zone={choices.zone}
            model={models[group.key] ?? ""}
            onChoose={(model) => form.change({ models: { ...models, [group.key]: model } })}
          />
        ))}
      </Section>
      {chosen.length > 0 && (
        <>
          {offered.length === 0 ? (
            <p className="field-error">{t("changeovers.noIssuer")}</p>
          ) : (
            <SelectField
              label={t("changeovers.issuer")}
              hint={t("changeovers.issuerHint")}
              value={by}
              onChange={(one) => form.change({ issuer: one })}
              options={offered.map((value) => ({
                value,
                text: choices.issuers[value]?.[language] ?? value,
              }))}
            />
          )}
          <LongField
            label={t("changeovers.messageEn")}
            hint={t("changeovers.messageHint")}
            rows={2}
            value={en}
            onChange={(text) => form.change({ en: text })}
          />
          <LongField
            label={t("changeovers.messageFr")}
            rows={2}
            value={fr}
            onChange={(text) => form.change({ fr: text })}
          />
        </>
      )}
      <TroubleAlert trouble={planning.trouble} />
      <div className="buttons">
        <Button type="submit" disabled={by === "" || planning.pending}>
          {t("changeovers.plan")}
        </Button>
      </div>
      <p className="muted">{t("changeovers.planMeans")}</p>
    </form>
  );
}

interface MovingProperties {
  group: Group;
  zone: string;
  model: string;
  onChoose: (model: string) => void;
}

/** Slots of a service: how they stand, what may take their model's place, and what differs. */
function Moving({ group: { slot, slots, calls, cost }, zone, model, onChoose }: MovingProperties) {
  const { language, t } = useLanguage();
  const speaker = { t, language, zone };
  const title = `${slot.service_name[language]} (${enumerate(language, slots)})`;
  const why = becauseWords(speaker, slot.because);
  const chosen = slot.replacements.find((one) => one.model.id === model);
  return (
    <article className="read-draft" aria-label={title}>
      <h3>{title}</h3>
      <p>
        {slot.bound.name}:{" "}
        <strong>{outcomeWords(speaker, slot.outcome, slot.deadline ?? null)}</strong>
        {why !== null && ` (${why})`}
      </p>
      <p className="muted">
        {[
          slot.party_name[language],
          slot.criticality == null
            ? t("changeovers.noCriticality")
            : t("changeovers.criticality", { level: String(slot.criticality) }),
          t("changeovers.calls", { count: calls }),
          ...(slot.users == null
            ? []
            : [t("changeovers.users", { number: formatCount(language, slot.users) })]),
          ...(slot.retires == null
            ? []
            : [t("changeovers.retires", { when: formatDeadline(language, slot.retires, zone) })]),
          ...(slot.owner === "" ? [] : [slot.owner]),
        ].join(" · ")}
      </p>
      {cost != null && (
        <p className="muted">
          {[
            t("changeovers.costNow", { cost: formatDollars(language, cost.now) }),
            ...(cost.unknown === 0 ? [] : [t("changeovers.costUnknown", { count: cost.unknown })]),
            ...(cost.cached === 0 ? [] : [t("changeovers.cached", { share: String(cost.cached) })]),
          ].join(" · ")}
        </p>
      )}
      {slot.replacements.length === 0 ? (
        <p className="field-error">{t("changeovers.noReplacement")}</p>
      ) : (
        <SelectField
          label={t("changeovers.replacement")}
          value={model}
          none={t("changeovers.stays")}
          onChange={onChoose}
          options={slot.replacements.map((one) => ({
            value: one.model.id,
            text: [
              `${one.model.name} (${one.model.maker_name[language]})`,
              one.until == null
                ? ""
                : t("changeovers.until", { when: formatDeadline(language, one.until, zone) }),
              one.poorer === 0 ? "" : t("changeovers.poorer", { count: one.poorer }),
            ]
              .filter((words) => words !== "")
              .join(", "),
          }))}
        />
      )}
      {chosen !== undefined && (
        <ul className="lines">
          {chosen.until != null && (
            <li>
              <strong>
                {t("changeovers.until", { when: formatDeadline(language, chosen.until, zone) })}
              </strong>
            </li>
          )}
          {cost != null && (
            <li>
              {cost.then[chosen.model.id] == null
                ? t("changeovers.noPrice")
                : t("changeovers.costThen", {
                    cost: formatDollars(language, cost.then[chosen.model.id] ?? "0"),
                  })}
            </li>
          )}
          {chosen.differences.map((words) => (
            <li key={words.en}>{words[language]}</li>
          ))}
          {chosen.differences.length === 0 && (
            <li className="muted">{t("preview.noDifferences")}</li>
          )}
        </ul>
      )}
    </article>
  );
}
