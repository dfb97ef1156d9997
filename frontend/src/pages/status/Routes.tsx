import { Tag } from "@trussworks/react-uswds";

import type { Route } from "../../api/status";
import { useLanguage } from "../../i18n/context";
import { DataTable } from "../../parts/DataTable";
import { Nothing } from "../../parts/Nothing";
import { Section } from "../../parts/Section";

export function Routes({ routes }: { routes: Route[] }) {
  const { t } = useLanguage();
  return (
    <Section heading={t("routes.heading")}>
      {routes.length === 0 ? (
        <Nothing what="routes.none" todo="routes.noneDo" command="changeover apply DIR" />
      ) : (
        <DataTable
          caption={t("routes.caption", { count: routes.length })}
          columns={[t("routes.id"), t("routes.maker"), t("routes.host"), t("routes.answers")]}
          rows={routes.map((route) => ({
            id: route.id,
            cells: [
              <code translate="no">{route.id}</code>,
              route.maker,
              route.host,
              <Answers route={route} />,
            ],
          }))}
        />
      )}
    </Section>
  );
}

function Answers({ route }: { route: Route }) {
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
