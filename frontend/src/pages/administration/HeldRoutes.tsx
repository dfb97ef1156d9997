import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import type { HeldLine, RouteReleased, RoutesPage } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { DataTable } from "../../parts/DataTable";
import { OrderName } from "../../parts/OrderName";
import { Section } from "../../parts/Section";
import { hasRole, useSession } from "../../session/context";
import { ReleaseSheet } from "./ReleaseSheet";

interface Properties {
  page: RoutesPage;
  onReleased: (made: RouteReleased) => void;
}

/** What is held, and releasing it, which is for officers. */
export function HeldRoutes({ page: { held, zone }, onReleased }: Properties) {
  const { language, t } = useLanguage();
  const { standing } = useSession();
  const [asked, ask] = useState<HeldLine | null>(null);
  const officer = hasRole(standing, "officer");
  const columns = [t("routes.id"), t("held.service"), t("held.by")];
  return (
    <Section heading={t("held.heading")}>
      {held.length === 0 ? (
        <p className="nothing">{t("held.none")}</p>
      ) : (
        <>
          <p>
            {t("held.intro")} {!officer && t("held.officersOnly")}
          </p>
          <DataTable
            caption={t("held.caption", { count: held.length })}
            columns={officer ? [...columns, t("keys.acts")] : columns}
            rows={held.map((line) => ({
              id: `${line.service} ${line.route}`,
              cells: [
                <>
                  {line.model_name} <code translate="no">{line.route}</code>
                </>,
                line.service_name[language],
                <ul className="lines">
                  {line.orders.map((order) => (
                    <li key={order.id}>
                      <OrderName order={order} />
                    </li>
                  ))}
                </ul>,
                ...(officer
                  ? [
                      <Button
                        type="button"
                        className="small"
                        aria-label={t("held.releaseFor", {
                          route: line.route,
                          service: line.service_name[language],
                        })}
                        onClick={() => ask(line)}
                      >
                        {t("held.release")}
                      </Button>,
                    ]
                  : []),
              ],
            }))}
          />
        </>
      )}
      {asked !== null && (
        <ReleaseSheet
          held={asked}
          zone={zone}
          onClose={() => ask(null)}
          onReleased={(made) => {
            ask(null);
            onReleased(made);
          }}
        />
      )}
    </Section>
  );
}
