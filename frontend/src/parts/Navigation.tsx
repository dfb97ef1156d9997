import { useLanguage } from "../i18n/context";
import type { Key } from "../i18n/translate";
import {
  CHAT_PATH,
  COLLECTIONS_PATH,
  DESK_PATH,
  GLOSSARIES_PATH,
  ORDERS_PATH,
  STATUS_PATH,
  TRANSLATIONS_PATH,
  type Administered,
  type Place,
} from "../route";
import { hasRole, useSession } from "../session/context";
import { Link } from "./Link";

/** The links to the pages that are there for the reader, the one that is shown marked. */
export function Navigation({ place }: { place: Place }) {
  const { t } = useLanguage();
  const { standing } = useSession();
  const item = (href: string, text: Key, current: "page" | "true" | undefined) => (
    <Link href={href} aria-current={current}>
      {t(text)}
    </Link>
  );
  const on = (page: Place["page"]) => (place.page === page ? "page" : undefined);
  const administered = (page: Administered) => item(`/${page}`, `nav.${page}`, on(page));
  const reads = hasRole(standing, "officer") || hasRole(standing, "administrator");
  return (
    <nav aria-label={t("nav.label")} className="app-nav">
      {hasRole(standing, "staff") && item(CHAT_PATH, "nav.chat", on("chat"))}
      {hasRole(standing, "staff") &&
        item(COLLECTIONS_PATH, "nav.collections", inside("collections", place))}
      {hasRole(standing, "staff") &&
        item(TRANSLATIONS_PATH, "nav.translations", translating(place))}
      {hasRole(standing, "officer") && item(DESK_PATH, "nav.desk", on("desk"))}
      {item(ORDERS_PATH, "nav.orders", place.page === "order" ? "true" : on("orders"))}
      {reads && administered("routes")}
      {reads && administered("bindings")}
      {reads && administered("replicas")}
      {reads && administered("operations")}
      {hasRole(standing, "administrator") &&
        !hasRole(standing, "staff") &&
        item(GLOSSARIES_PATH, "nav.glossaries", on("translations"))}
      {hasRole(standing, "administrator") && administered("keys")}
      {hasRole(standing, "administrator") && administered("accounts")}
      {item(STATUS_PATH, "nav.status", on("status"))}
    </nav>
  );
}

function translating(place: Place): "page" | "true" | undefined {
  if (place.page !== "translations") {
    return undefined;
  }
  return place.rest.length === 0 ? "page" : "true";
}

/** Whether a link to all collections leads to where the reader is, or above it. */
function inside(page: "collections", place: Place): "page" | "true" | undefined {
  if (place.page !== page) {
    return undefined;
  }
  return place.collection === null ? "page" : "true";
}
