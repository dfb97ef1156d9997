import { Button, GridContainer } from "@trussworks/react-uswds";
import { useCallback, useMemo, useState } from "react";

import type { Client } from "../../../api/client";
import type { ReachChoices, ReachPage as Told } from "../../../api/schema";
import { download } from "../../../download";
import { formatCount, formatDeadline, formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { Choice } from "../../../parts/Choice";
import { Connection } from "../../../parts/Connection";
import { DataTable } from "../../../parts/DataTable";
import { Demonstration } from "../../../parts/Demonstration";
import { TextField } from "../../../parts/form/fields";
import { Link } from "../../../parts/Link";
import { PageHeading } from "../../../parts/PageHeading";
import { Section } from "../../../parts/Section";
import { knownValue } from "../../../polling";
import { areaPath, orderPath } from "../../../route";
import { usePage } from "../../administration/usePage";
import type { AreaProperties } from "../areas";
import { becauseWords } from "../changes";
import { csvOf } from "./csv";
import { Picture } from "./Picture";

const POLL_MS = 20_000;
/** Those that decide stand first; the others are on the page of `decide`. */
const MOST_CITED = 3;
const fetchChoices = (client: Client, signal: AbortSignal): Promise<ReachChoices> =>
  client.get<ReachChoices>("/api/desk/reach/choices", signal);

interface Question {
  of: string;
  at: string;
  with: string;
}

/** What a vendor, a model or an order touches, now, on a day, or with a draft as if issued. */
export default function ReachPage(_: AreaProperties) {
  const { t } = useLanguage();
  const asked = usePage(fetchChoices, POLL_MS);
  const choices = knownValue(asked.polled);
  const [question, ask] = useState<Question>(asked_);
  const change = (part: Partial<Question>) => {
    const next = { ...question, ...part };
    ask(next);
    history.replaceState(history.state, "", `${location.pathname}?${queryOf(next)}`);
  };
  return (
    <GridContainer className="page">
      <PageHeading text={t("reach.heading")} />
      <Connection {...asked} loading="reach.loading" />
      <p>{t("reach.intro")}</p>
      {choices !== null && <Asking choices={choices} question={question} change={change} />}
      {question.of !== "" && (
        <p>
          <Link href={`${areaPath("changeovers", "new")}?of=${encodeURIComponent(question.of)}`}>
            {t("changeovers.new")}
          </Link>{" "}
          <Link href={`${areaPath("messages")}?about=${encodeURIComponent(question.of)}`}>
            {t("messages.write")}
          </Link>
        </p>
      )}
      {(question.of !== "" || question.with !== "") && (
        <Answered key={queryOf(question)} question={question} />
      )}
    </GridContainer>
  );
}

function asked_(): Question {
  const given = new URLSearchParams(location.search);
  return {
    of: given.get("of") ?? "",
    at: given.get("at") ?? "",
    with: given.get("with") ?? "",
  };
}

function queryOf({ of, at, with: draft }: Question): string {
  return new URLSearchParams({
    ...(of === "" ? {} : { of }),
    ...(at === "" ? {} : { at }),
    ...(draft === "" ? {} : { with: draft }),
  }).toString();
}

interface AskingProperties {
  choices: ReachChoices;
  question: Question;
  change: (part: Partial<Question>) => void;
}

function Asking({ choices, question, change }: AskingProperties) {
  const { language, t } = useLanguage();
  const named = (things: ReachChoices["vendors"]) =>
    Object.entries(things).map(([value, name]) => ({ value, text: name[language] }));
  const drafts = Object.entries(choices.drafts).map(([value, text]) => ({ value, text }));
  return (
    <div className="filters">
      <Choice
        label={t("reach.of")}
        value={question.of}
        onChoose={(of) => change({ of })}
        options={[
          { value: "", text: t("reach.choose") },
          ...named(choices.vendors),
          ...named(choices.models),
          ...named(choices.orders),
        ]}
      />
      <Choice
        label={t("reach.with")}
        value={question.with}
        onChoose={(draft) => change({ with: draft })}
        options={[{ value: "", text: t("reach.withNone") }, ...drafts]}
      />
      <TextField
        label={t("reach.at")}
        type="date"
        value={question.at}
        onChange={(at) => change({ at })}
      />
    </div>
  );
}

function Answered({ question }: { question: Question }) {
  const { language, t } = useLanguage();
  const query = queryOf(question);
  const load = useCallback(
    (client: Client, signal: AbortSignal) => client.get<Told>(`/api/desk/reach?${query}`, signal),
    [query],
  );
  const asked = usePage(load, POLL_MS);
  const page = knownValue(asked.polled);
  return (
    <>
      <Connection {...asked} loading="reach.loading" />
      {page !== null && (
        <>
          {page.demonstration && <Demonstration now={page.now} zone={page.zone} />}
          <h2>{page.title[language]}</h2>
          <p>
            {t("reach.sum", {
              parties: page.found.parties.length,
              services: new Set(page.found.slots.map(({ service }) => service)).size,
              routes: page.found.routes.length,
            })}
          </p>
          <Stranded page={page} />
          {page.found.slots.length === 0 ? (
            <p className="nothing">{t("reach.nothing")}</p>
          ) : (
            <>
              <Section heading={t("reach.picture")}>
                <Picture page={page} />
              </Section>
              <Slots page={page} />
            </>
          )}
          <Volumes page={page} />
        </>
      )}
    </>
  );
}

/** What has no lawful replacement stands first. */
function Stranded({ page }: { page: Told }) {
  const { language, t } = useLanguage();
  const would = page.would?.stranded ?? [];
  const now = page.found.slots.filter((slot) => slot.replacement === null);
  const nameOf = (service: string) => page.names.services[service]?.[language] ?? service;
  const lines = [
    ...would.map((one) =>
      t("reach.wouldStrand", {
        service: nameOf(one.service),
        slot: one.slot,
        when: formatDeadline(language, one.at, page.zone),
      }),
    ),
    ...now.map((one) => t("reach.stranded", { service: nameOf(one.service), slot: one.slot })),
  ];
  return (
    <Section heading={t("reach.without")}>
      {lines.length === 0 ? (
        <p>{t("reach.allReplaceable")}</p>
      ) : (
        <ul>
          {[...new Set(lines)].map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Slots({ page }: { page: Told }) {
  const { language, t } = useLanguage();
  const speaker = { t, language, zone: page.zone };
  const { names, found } = page;
  return (
    <Section heading={t("reach.table")}>
      <p>
        <Button type="button" outline onClick={() =>
            download(
              `reach-${found.name.replace(/[^\w.-]/g, "-")}.csv`,
              csvOf(page),
              "text/csv",
            )
          }>
          {t("reach.csv")}
        </Button>
      </p>
      <DataTable
        caption={t("reach.caption", { count: found.slots.length })}
        columns={[
          t("reach.party"),
          t("reach.service"),
          t("reach.route"),
          t("reach.stands"),
          t("reach.replacement"),
          t("reach.owner"),
        ]}
        rows={found.slots.map((slot) => ({
          id: `${slot.service} ${slot.slot} ${slot.route}`,
          cells: [
            names.parties[slot.party]?.[language] ?? slot.party,
            <>
              {names.services[slot.service]?.[language] ?? slot.service}
              <small>{slot.slot}</small>
            </>,
            <span translate="no">{slot.route}</span>,
            <>
              {t(`outcome.${slot.outcome}`)}
              <small>
                {becauseWords(speaker, slot.because)}
                {slot.deadline != null &&
                  `, ${formatDeadline(language, slot.deadline, page.zone)}`}
              </small>
              <OrdersOf page={page} names={slot.instruments} />
            </>,
            slot.replacement === null ? (
              <strong>{t("reach.none")}</strong>
            ) : (
              <span translate="no">{slot.replacement}</span>
            ),
            <>
              {slot.owner}
              {page.users[slot.service] !== undefined && (
                <small>{t("reach.users", { count: page.users[slot.service] ?? 0 })}</small>
              )}
              <small>
                {t("reach.keys", { count: found.keys?.[slot.service] ?? 0 })},{" "}
                {t("reach.conversations", { count: found.conversations?.[slot.service] ?? 0 })}
              </small>
            </>,
          ],
        }))}
      />
    </Section>
  );
}

function OrdersOf({ page, names }: { page: Told; names: readonly string[] }) {
  const { language } = useLanguage();
  const known = [...new Set(names)]
    .filter((name) => page.names.orders[name] !== undefined)
    .slice(0, MOST_CITED);
  return (
    <ul className="cited">
      {known.map((name) => (
        <li key={name}>
          <Link href={orderPath(name)}>{page.names.orders[name]?.[language]}</Link>
        </li>
      ))}
    </ul>
  );
}

function Volumes({ page }: { page: Told }) {
  const { language, t } = useLanguage();
  const rows = useMemo(() => page.volumes, [page.volumes]);
  return (
    <Section heading={t("reach.volumes")}>
      {rows.length === 0 ? (
        <p className="nothing">{t("reach.noVolumes")}</p>
      ) : (
        <DataTable
          caption={t("reach.volumesCaption")}
          columns={[
            t("reach.service"),
            t("reach.route"),
            t("reach.calls"),
            t("reach.refused"),
            t("reach.tokens"),
            t("reach.last"),
          ]}
          rows={rows.map((one) => ({
            id: `${one.service} ${one.route}`,
            cells: [
              page.names.services[one.service]?.[language] ?? one.service,
              <span translate="no">{one.route}</span>,
              formatCount(language, one.calls),
              formatCount(language, one.refused),
              formatCount(language, one.tokens),
              one.last === null ? "—" : formatInstant(language, one.last, page.zone),
            ],
          }))}
        />
      )}
    </Section>
  );
}
