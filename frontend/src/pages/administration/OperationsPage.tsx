import { Alert, AlertHeading, AlertText, Button, Tag } from "@trussworks/react-uswds";
import { useEffect, useRef, useState } from "react";

import { fetchOperations } from "../../api/administration";
import type { BudgetDoing, OperationsPage as Told, RouteDoing } from "../../api/schema";
import { formatCount, formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { knownValue } from "../../polling";
import { DataTable } from "../../parts/DataTable";
import { Fact } from "../../parts/Fact";
import { Section } from "../../parts/Section";
import { Frame } from "./Frame";
import { needs, whyIn } from "./needs";
import { usePage } from "./usePage";

const POLL_MS = 5_000;

/** How routes, processes, the record, queues and budgets are doing. */
export function OperationsPage() {
  const { t } = useLanguage();
  const asked = usePage(fetchOperations, POLL_MS);
  const [held, setHeld] = useState<Told | null>(null);
  const latest = knownValue(asked.polled);
  return (
    <Frame heading="operations.heading" loading="operations.loading" asked={asked}>
      {(page) => (
        <>
          <Announced page={page} />
          <p className="actions">
            <Button
              type="button"
              outline
              onClick={() => {
                setHeld(held === null ? latest : null);
              }}
            >
              {t(held === null ? "operations.pause" : "operations.resume")}
            </Button>
            {held !== null && <span>{t("operations.paused")}</span>}
          </p>
          <OperationsBody page={held ?? page} />
        </>
      )}
    </Frame>
  );
}

/** Tells of routes whose state changed, once and politely; figures are not read out. */
function Announced({ page }: { page: Told }) {
  const { t } = useLanguage();
  const before = useRef<Map<string, RouteDoing["state"]> | null>(null);
  const [said, setSaid] = useState("");
  useEffect(() => {
    const known = before.current;
    // A route that nobody asked for a while is as sound as one that answers.
    const now = page.routes.map(
      ({ route, state }) => [route, state === "unasked" ? "sound" : state] as const,
    );
    const changed = now.filter(([route, state]) => state !== (known?.get(route) ?? "sound"));
    before.current = new Map(now);
    if (known !== null && changed.length > 0) {
      setSaid(
        changed
          .map(([route, state]) =>
            t("operations.announce", { route, state: t(`operations.state.${state}`) }),
          )
          .join(" "),
      );
    }
  }, [page, t]);
  return (
    <p className="usa-sr-only" role="status">
      {said}
    </p>
  );
}

export function OperationsBody({ page }: { page: Told }) {
  const { t } = useLanguage();
  return (
    <>
      <Attention page={page} />
      <Section heading={t("operations.routes")}>
        <Routes routes={page.routes} />
      </Section>
      <Section heading={t("operations.now")}>
        <Standing page={page} />
      </Section>
      <Section heading={t("operations.budgets")}>
        <Budgets page={page} />
      </Section>
    </>
  );
}

function Attention({ page }: { page: Told }) {
  const { t } = useLanguage();
  const found = needs(page, t);
  if (found.length === 0) {
    return (
      <div className="page-section">
        <Alert type="success">
          <AlertHeading level="h2">{t("operations.well")}</AlertHeading>
          <AlertText>{t("operations.wellMeans")}</AlertText>
        </Alert>
      </div>
    );
  }
  return (
    <div className="page-section">
      <Alert type="warning">
        <AlertHeading level="h2">{t("operations.attention", { count: found.length })}</AlertHeading>
        <ul className="usa-list">
          {found.map((need) => (
            <li key={need}>{need}</li>
          ))}
        </ul>
      </Alert>
    </div>
  );
}

function Routes({ routes }: { routes: readonly RouteDoing[] }) {
  const { language, t } = useLanguage();
  if (routes.length === 0) {
    return <p className="nothing">{t("operations.noRoutes")}</p>;
  }
  const time = (ms: number | null) =>
    ms === null ? t("operations.none") : t("operations.ms", { ms: formatCount(language, ms) });
  return (
    <DataTable
      caption={t("operations.caption", { count: routes.length })}
      columns={[
        t("operations.route"),
        t("operations.state"),
        t("operations.calls"),
        t("operations.failed"),
        t("operations.median"),
        t("operations.slow"),
      ]}
      rows={routes.map((line) => ({
        id: line.route,
        cells: [
          <>
            <span translate="no">{line.route}</span>
            <small>
              {t("operations.via", { maker: line.maker[language], host: line.host[language] })}
              {line.stand_in && `, ${t("operations.standIn")}`}
            </small>
          </>,
          <State line={line} />,
          formatCount(language, line.calls),
          <Failed line={line} />,
          time(line.median_ms),
          time(line.slow_ms),
        ],
      }))}
    />
  );
}

const TAGS: Record<RouteDoing["state"], string> = {
  sound: "tag-operative",
  trying: "tag-pending",
  resting: "tag-stayed",
  unasked: "tag-ended",
};

function State({ line }: { line: RouteDoing }) {
  const { t } = useLanguage();
  if (!line.reachable) {
    return <Tag className="tag-ended">{t("operations.noEndpoint")}</Tag>;
  }
  return (
    <>
      <Tag className={TAGS[line.state]}>{t(`operations.state.${line.state}`)}</Tag>
      {line.state === "resting" && (
        <small>
          {t("operations.restsFor", { seconds: line.rests_s })}
          {line.rests_in > 1 && `, ${t("operations.restsIn", { count: line.rests_in })}`}
        </small>
      )}
      {line.why !== "" && <small>{whyIn(line.why, t)}</small>}
    </>
  );
}

function Failed({ line }: { line: RouteDoing }) {
  const { language, t } = useLanguage();
  const count = formatCount(language, line.failed);
  return line.failed === 0
    ? count
    : t("operations.share", { count, percent: Math.round((line.failed * 100) / line.calls) });
}

function Standing({ page }: { page: Told }) {
  const { language, t } = useLanguage();
  const count = (number: number) => formatCount(language, number);
  const { ledger } = page;
  return (
    <dl className="facts">
      <Fact name={t("operations.processes")}>
        {page.alone
          ? t("operations.alone")
          : t("operations.processesOf", { count: page.processes, behind: page.behind })}
      </Fact>
      <Fact name={t("operations.inFlight")}>{count(page.in_flight)}</Fact>
      <Fact name={t("operations.toRecord")}>{count(page.undrained)}</Fact>
      <Fact name={t("operations.letters")}>{count(page.letters)}</Fact>
      <Fact name={t("operations.ledger")}>{count(ledger.size)}</Fact>
      <Fact name={t("operations.newest")}>
        {ledger.newest_s === null ? (
          t("operations.noEntry")
        ) : (
          <Ago seconds={ledger.newest_s} />
        )}
      </Fact>
      <Fact name={t("operations.waiting")}>{count(ledger.waiting)}</Fact>
    </dl>
  );
}

const UNITS = [
  [86_400, "operations.days"],
  [3_600, "operations.hours"],
  [60, "operations.minutes"],
] as const;

function Ago({ seconds }: { seconds: number }) {
  const { t } = useLanguage();
  const [size, unit] = UNITS.find(([each]) => seconds >= each) ?? [1, "operations.seconds"];
  return t("operations.newestAgo", { time: t(unit, { count: Math.floor(seconds / size) }) });
}

function Budgets({ page }: { page: Told }) {
  const { language, t } = useLanguage();
  const { budgets, limits, zone } = page;
  if (budgets.length === 0) {
    return (
      <p className="nothing">
        {limits === 0
          ? t("operations.noLimits")
          : t("operations.noBudgets", { count: limits })}
      </p>
    );
  }
  return (
    <DataTable
      caption={t("operations.budgetsCaption", { count: budgets.length, of: limits })}
      columns={[t("operations.limit"), t("operations.used"), t("operations.until")]}
      rows={budgets.map((budget) => ({
        id: `${budget.subject} ${budget.named} ${budget.measure} ${budget.period}`,
        cells: [
          <Named budget={budget} />,
          <>
            {t("operations.percent", { percent: budget.percent })}
            <small>
              {t("operations.ofAmount", { used: budget.used, amount: budget.amount })}
            </small>
          </>,
          formatInstant(language, budget.until, zone),
        ],
      }))}
    />
  );
}

function Named({ budget }: { budget: BudgetDoing }) {
  const { t } = useLanguage();
  return (
    <>
      {t(`operations.subject.${budget.subject}`)} <span translate="no">{budget.named}</span>
      <small>
        {t("operations.per", {
          measure: t(`operations.measure.${budget.measure}`),
          period: t(`operations.period.${budget.period}`),
        })}
      </small>
    </>
  );
}
