import { Alert, AlertHeading, AlertText, Button } from "@trussworks/react-uswds";
import { useCallback, type ReactNode } from "react";

import type { Client } from "../../../api/client";
import type { ChangeoversPage, ChangeoverStands, MoveProgress } from "../../../api/schema";
import { enumerate, formatCount, formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { Connection } from "../../../parts/Connection";
import { DataTable } from "../../../parts/DataTable";
import { Link } from "../../../parts/Link";
import { PageHeading } from "../../../parts/PageHeading";
import { Section } from "../../../parts/Section";
import { knownValue } from "../../../polling";
import { areaPath, go, orderPath, preparedPath } from "../../../route";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { usePage } from "../../administration/usePage";
import { MoveTag } from "./MoveTag";

const POLL_MS = 5_000;

interface Shown {
  one: ChangeoverStands | undefined;
  zone: string;
}

/** One changeover: how each service stands, what staff are told, and moving back. */
export function One({ id }: { id: string }) {
  const { language, t } = useLanguage();
  const load = useCallback(
    async (client: Client, signal: AbortSignal): Promise<Shown> => {
      const page = await client.get<ChangeoversPage>("/api/desk/changeovers", signal);
      return { one: page.changeovers.find((each) => each.id === id), zone: page.zone };
    },
    [id],
  );
  const asked = usePage(load, POLL_MS);
  const shown = knownValue(asked.polled);
  const one = shown?.one;
  return (
    <>
      <PageHeading text={one?.title[language] ?? t("changeovers.changeover")} />
      <Connection {...asked} loading="changeovers.loading" />
      <p>
        <Link href={areaPath("changeovers")}>{t("changeovers.all")}</Link>
      </p>
      {shown !== null && one === undefined && <p className="nothing">{t("changeovers.gone")}</p>}
      {shown !== null && one !== undefined && (
        <>
          <Next one={one} zone={shown.zone} />
          <Section heading={t("changeovers.progress")}>
            <Progress moves={one.moves} zone={shown.zone} />
          </Section>
          <Told one={one} />
          {one.instrument != null && <Undo one={one} />}
        </>
      )}
    </>
  );
}

/** Where the changeover is on its way from a draft to an order in force. */
function Next({ one, zone }: { one: ChangeoverStands; zone: string }) {
  const { language, t } = useLanguage();
  const { instrument, waiting, effective, draft } = one;
  if (instrument != null && effective != null) {
    return (
      <p>
        {t("changeovers.issued", { when: formatInstant(language, effective, zone) })}{" "}
        <Link href={orderPath(instrument)}>{t("changeovers.toOrder")}</Link>
      </p>
    );
  }
  return (
    <Alert type="info">
      <AlertHeading level="h2">
        {t(waiting == null ? "changeovers.isDraft" : "changeovers.isEntered")}
      </AlertHeading>
      <AlertText>
        {t(waiting == null ? "changeovers.isDraftMeans" : "changeovers.isEnteredMeans")}
      </AlertText>
      <AlertText>
        <Link href={waiting == null ? areaPath("drafts", draft) : preparedPath(waiting)}>
          {t(waiting == null ? "changeovers.toDraft" : "changeovers.toEntry")}
        </Link>
      </AlertText>
    </Alert>
  );
}

function Progress({ moves, zone }: { moves: readonly MoveProgress[]; zone: string }) {
  const { language, t } = useLanguage();
  const when = (instant: string | null | undefined) =>
    instant == null ? t("changeovers.notYet") : formatInstant(language, instant, zone);
  const names = (models: MoveProgress["after"]) =>
    enumerate(
      language,
      models.map(({ name }) => name),
    ) || "—";
  return (
    <DataTable
      caption={t("changeovers.progressCaption", { count: moves.length })}
      columns={[
        t("changeovers.service"),
        t("changeovers.stands"),
        t("changeovers.move"),
        t("changeovers.firstAnswer"),
        t("changeovers.lastBefore"),
        t("changeovers.failed"),
        t("changeovers.people"),
      ]}
      rows={moves.map((move) => ({
        id: `${move.service} ${move.slots.join()}`,
        cells: [
          <>
            {move.service_name[language]}
            <small>{enumerate(language, move.slots)}</small>
          </>,
          <MoveTag stands={move.stands} />,
          <>
            {names(move.before)} <span aria-hidden="true">→</span>{" "}
            <span className="usa-sr-only">{t("preview.then")} </span>
            {names(move.after)}
          </>,
          when(move.first),
          when(move.last_before),
          t("changeovers.ofCalls", {
            failed: formatCount(language, move.failed),
            calls: formatCount(language, move.calls),
          }),
          formatCount(language, move.people),
        ],
      }))}
    />
  );
}

/** What staff are told: the notice, and what officers wrote beside it. */
function Told({ one }: { one: ChangeoverStands }) {
  const { language, t } = useLanguage();
  return (
    <Section heading={t("changeovers.told")}>
      <p>
        {one.instrument == null
          ? t("changeovers.willBeTold")
          : t("changeovers.read", { count: one.read })}
      </p>
      {one.notices.length === 0 && <p className="nothing">{t("changeovers.noNotice")}</p>}
      {one.notices.map((notice) => (
        <blockquote key={notice.service} className="told-notice">
          <p>
            <strong>{notice.what[language]}</strong>
          </p>
          <dl className="facts">
            <Line name={t("notice.when")}>{notice.when[language]}</Line>
            <Line name={t("notice.mustDo")}>{notice.must_do[language]}</Line>
            {notice.no_longer_knows != null && (
              <Line name={t("notice.knows")}>{notice.no_longer_knows[language]}</Line>
            )}
            {notice.message != null && (
              <Line name={t("notice.message")}>{notice.message[language]}</Line>
            )}
          </dl>
        </blockquote>
      ))}
    </Section>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Undo({ one }: { one: ChangeoverStands }) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const undoing = useDeed(
    () => client.send<ChangeoverStands>("POST", `/api/desk/changeovers/${one.id}/undoing`),
    (made) => go(areaPath("changeovers", made.id)),
  );
  const barred = one.moves.flatMap((move) =>
    move.barred_back == null ? [] : [{ move, why: move.barred_back[language] }],
  );
  return (
    <Section heading={t("changeovers.undo")}>
      <p>{t(barred.length === 0 ? "changeovers.undoMeans" : "changeovers.barred")}</p>
      <ul className="lines">
        {barred.map(({ move, why }) => (
          <li key={`${move.service} ${move.slots.join()}`}>
            <strong>{move.service_name[language]}</strong>: {why}
          </li>
        ))}
      </ul>
      <TroubleAlert trouble={undoing.trouble} />
      <Button
        type="button"
        outline
        disabled={barred.length > 0 || undoing.pending}
        onClick={() => undoing.go()}
      >
        {t("changeovers.undoYes")}
      </Button>
    </Section>
  );
}
