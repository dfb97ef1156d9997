import { GridContainer } from "@trussworks/react-uswds";

import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { areaPath, DESK_PATH } from "../../route";
import { AREA_NAMES, type Area } from "./areas";

/** The links between the desk's pages; `area` is the one that is shown, null the inbox. */
export function DeskNavigation({ area }: { area: Area | null }) {
  const { t } = useLanguage();
  return (
    <nav aria-label={t("desk.nav")} className="desk-nav">
      <GridContainer>
        <ul>
          <li>
            <Link href={DESK_PATH} aria-current={area === null ? "page" : undefined}>
              {t("desk.inbox")}
            </Link>
          </li>
          {AREA_NAMES.map((one) => (
            <li key={one}>
              <Link href={areaPath(one)} aria-current={area === one ? "page" : undefined}>
                {t(`${one}.nav`)}
              </Link>
            </li>
          ))}
        </ul>
      </GridContainer>
    </nav>
  );
}
