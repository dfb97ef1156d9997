import { Tag } from "@trussworks/react-uswds";
import { useState } from "react";

import type { Bilingual, RouteLine, RoutesPage } from "../../api/schema";
import { enumerate } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Choice, type Option } from "../../parts/Choice";
import { DataTable } from "../../parts/DataTable";
import { Nothing } from "../../parts/Nothing";
import { matches, Search } from "../../parts/Search";
import { Section } from "../../parts/Section";
import { Decided } from "./Decided";

const ANY = "";

/** Every route, narrowed by maker, host and words. */
export function RouteList({ page: { routes, zone } }: { page: RoutesPage }) {
  const { language, t } = useLanguage();
  const [maker, setMaker] = useState(ANY);
  const [host, setHost] = useState(ANY);
  const [sought, seek] = useState("");
  const shown = routes.filter(
    (route) =>
      (maker === ANY || route.maker === maker) &&
      (host === ANY || route.host === host) &&
      matches(sought, wordsOf(route)),
  );
  if (routes.length === 0) {
    return <Nothing what="routes.none" todo="routes.noneDo" command="changeover apply DIR" />;
  }
  return (
    <Section heading={t("routePage.all")}>
      <div role="group" aria-label={t("admin.filters")} className="filters">
        <Choice
          label={t("routes.maker")}
          value={maker}
          onChoose={setMaker}
          options={[
            { value: ANY, text: t("routePage.anyMaker") },
            ...options(routes.map((route) => [route.maker, route.maker_name[language]])),
          ]}
        />
        <Choice
          label={t("routes.host")}
          value={host}
          onChoose={setHost}
          options={[
            { value: ANY, text: t("routePage.anyHost") },
            ...options(routes.map((route) => [route.host, route.host_name[language]])),
          ]}
        />
        <Search label={t("admin.text")} value={sought} onChange={seek} />
      </div>
      <p role="status" className="usa-sr-only">
        {t("routePage.caption", { count: shown.length })}
      </p>
      {shown.length === 0 ? (
        <p className="nothing">{t("routePage.noMatch")}</p>
      ) : (
        <DataTable
          caption={t("routePage.caption", { count: shown.length })}
          columns={[
            t("routePage.model"),
            t("routePage.way"),
            t("routePage.endpoint"),
            t("routePage.uses"),
          ]}
          rows={shown.map((route) => ({
            id: route.id,
            cells: [
              <>
                {route.model_name} <span className="muted">{route.maker_name[language]}</span>
                <code translate="no">{route.id}</code>
              </>,
              <Way route={route} />,
              <Answers route={route} />,
              <Uses route={route} zone={zone} />,
            ],
          }))}
        />
      )}
    </Section>
  );
}

function wordsOf(route: RouteLine): string[] {
  const named = (name: Bilingual | null) => (name === null ? [] : [name.en, name.fr]);
  const services = route.uses.flatMap((use) => [use.service, ...named(use.service_name)]);
  const vendors = [route.maker_name, route.host_name, route.reseller_name].flatMap(named);
  return [route.id, route.model_name, ...vendors, ...services];
}

/** Each once, by name. */
function options(pairs: readonly (readonly [string, string])[]): Option[] {
  return [...new Map(pairs)]
    .map(([value, text]) => ({ value, text }))
    .sort((one, other) => one.text.localeCompare(other.text));
}

function Way({ route }: { route: RouteLine }) {
  const { language, t } = useLanguage();
  return (
    <>
      {route.host_name[language]}
      {route.reseller_name !== null && (
        <small>{t("routePage.resold", { reseller: route.reseller_name[language] })}</small>
      )}
      <small translate="no">{route.protocol}</small>
    </>
  );
}

function Answers({ route }: { route: RouteLine }) {
  const { t } = useLanguage();
  if (!route.reachable) {
    return <span className="muted">{t("routes.nobody")}</span>;
  }
  return route.stand_in ? (
    <Tag className="tag-stand-in">{t("routes.standIn")}</Tag>
  ) : (
    t("routes.vendor")
  );
}

function Uses({ route: { uses }, zone }: { route: RouteLine; zone: string }) {
  const { language, t } = useLanguage();
  if (uses.length === 0) {
    return <span className="muted">{t("routePage.unused")}</span>;
  }
  return (
    <ul className="lines">
      {uses.map((use) => (
        <li key={`${use.service} ${use.slots.join()} ${use.place}`}>
          <strong>{use.service_name[language]}</strong>{" "}
          <span className="muted">
            <span translate="no">{enumerate(language, use.slots)}</span>,{" "}
            {use.place === 0
              ? t("routePage.place.first")
              : t("routePage.place.next", { place: use.place })}
          </span>
          <div>
            <Decided decision={use.decision} zone={zone} />
          </div>
        </li>
      ))}
    </ul>
  );
}
