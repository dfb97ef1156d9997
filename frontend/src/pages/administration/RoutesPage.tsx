import { useState } from "react";

import { fetchRoutes } from "../../api/administration";
import type { RouteReleased, RoutesPage as Told } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { Frame } from "./Frame";
import { HeldRoutes } from "./HeldRoutes";
import { Outcome } from "./Outcome";
import { RouteList } from "./RouteList";
import { usePage } from "./usePage";

const POLL_MS = 5_000;

/** Every route: what is held first, then who answers and what is decided on each. */
export function RoutesPage() {
  const { language, t } = useLanguage();
  const asked = usePage(fetchRoutes, POLL_MS);
  const [released, setReleased] = useState<{ made: RouteReleased; page: Told } | null>(null);
  const done = (made: RouteReleased, page: Told) => {
    setReleased({ made, page });
    asked.again();
  };
  return (
    <Frame
      heading="routePage.heading"
      loading="routePage.loading"
      asked={asked}
      outcome={
        released !== null && (
          <Outcome
            key={released.made.at + released.made.route}
            heading={t("held.done", {
              route: released.made.route,
              service: serviceName(released.page, released.made.service)[language],
            })}
            enforcement={released.made.enforcement}
            clock={released.page}
          />
        )
      }
    >
      {(page) => (
        <>
          <p>{t("routePage.intro")}</p>
          <HeldRoutes page={page} onReleased={(made) => done(made, page)} />
          <RouteList page={page} />
        </>
      )}
    </Frame>
  );
}

function serviceName({ held }: Told, service: string) {
  const line = held.find((each) => each.service === service);
  return line?.service_name ?? { en: service, fr: service };
}
