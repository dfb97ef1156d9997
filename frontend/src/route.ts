/**
 * Which page an address leads to, and going there without loading the document again.
 *
 * A handful of addresses need no router. The history is the browser's own: a link pushes its
 * address, and both that and the back button are told as `popstate`.
 */

import { useEffect, useRef, useSyncExternalStore } from "react";

import { focusHeading } from "./focus";

/** `conversation` null is a new one; `rest` is what follows `/desk`. */
export type Place =
  | { page: "chat"; conversation: string | null }
  | { page: "print"; conversation: string }
  | { page: "shared"; share: string }
  | { page: "collections"; collection: string | null }
  | { page: "translations"; rest: string[] }
  | { page: "status" }
  | { page: "orders" }
  | { page: "order"; id: string }
  | { page: "desk"; rest: string[] }
  | { page: Administered }
  | { page: "sign-on"; step: SignOnStep }
  | { page: "nowhere" };

/** The pages for what is looked after beside orders. */
export type Administered = "routes" | "bindings" | "replicas" | "operations" | "keys" | "accounts";

/** Where a sign-in, or a sign-out, with the identity provider ends. */
export type SignOnStep = "done" | "left" | "refused";

export const CHAT_PATH = "/";
export const COLLECTIONS_PATH = "/collections";
export const TRANSLATIONS_PATH = "/translations";
export const GLOSSARIES_PATH = "/translations/glossaries";
export const STATUS_PATH = "/status";
export const ORDERS_PATH = "/orders";
export const DESK_PATH = "/desk";
export const REPLICAS_PATH = "/replicas";
export const SIGNED_IN_PATH = "/sign-in/done";
const CONVERSATIONS_PATH = "/conversations";

/** The address of an order's page. */
export function orderPath(id: string): string {
  return `${ORDERS_PATH}/${encodeURIComponent(id)}`;
}

/** The address of one of the desk's areas, or of something below it. */
export function areaPath(area: string, ...rest: string[]): string {
  return [DESK_PATH, area, ...rest.map(encodeURIComponent)].join("/");
}

/** The address of a prepared order's page. */
export function preparedPath(id: string): string {
  return `${DESK_PATH}/prepared/${encodeURIComponent(id)}`;
}

/** The address of a conversation; null is a new one. */
export function conversationPath(id: string | null): string {
  return id === null ? CHAT_PATH : `${CONVERSATIONS_PATH}/${encodeURIComponent(id)}`;
}

/** The address of a conversation's print view, of its path through a turn. */
export function printPath(id: string, through: string | null): string {
  const path = through === null ? "" : `?through=${encodeURIComponent(through)}`;
  return `${conversationPath(id)}/print${path}`;
}

/** The address at which others read what is shared. */
export function sharedPath(share: string): string {
  return `/shared/${encodeURIComponent(share)}`;
}

/** The address that begins to sign in with the identity provider, and comes back to a path. */
export function signOnPath(returnTo: string): string {
  return `/sign-in/begin?return_to=${encodeURIComponent(returnTo)}`;
}

/** The address of a collection. */
export function collectionPath(id: string): string {
  return `${COLLECTIONS_PATH}/${encodeURIComponent(id)}`;
}

/** The address of a translation. */
export function translationPath(id: string): string {
  return `${TRANSLATIONS_PATH}/${encodeURIComponent(id)}`;
}

/** The page that the path of an address leads to. */
export function placeOf(path: string): Place {
  const segments = decoded(path.split("/").filter((segment) => segment !== ""));
  if (segments === null) {
    return { page: "nowhere" };
  }
  const [first, second, ...more] = segments;
  if (first === "desk") {
    return { page: "desk", rest: segments.slice(1) };
  }
  if (first === "conversations" && second !== undefined && more.join("/") === "print") {
    return { page: "print", conversation: second };
  }
  return more.length > 0 ? { page: "nowhere" } : shortPlace(first, second);
}

function shortPlace(first: string | undefined, second: string | undefined): Place {
  switch (first) {
    case undefined:
      return { page: "chat", conversation: null };
    case "conversations":
      return second === undefined
        ? { page: "nowhere" }
        : { page: "chat", conversation: second };
    case "shared":
      return second === undefined ? { page: "nowhere" } : { page: "shared", share: second };
    case "collections":
      return { page: "collections", collection: second ?? null };
    case "translations":
      return { page: "translations", rest: second === undefined ? [] : [second] };
    case "orders":
      return second === undefined ? { page: "orders" } : { page: "order", id: second };
    case "status":
    case "routes":
    case "bindings":
    case "replicas":
    case "operations":
    case "keys":
    case "accounts":
      return second === undefined ? { page: first } : { page: "nowhere" };
    case "sign-in":
      return isSignOnStep(second) ? { page: "sign-on", step: second } : { page: "nowhere" };
    default:
      return { page: "nowhere" };
  }
}

function isSignOnStep(text: string | undefined): text is SignOnStep {
  return text === "done" || text === "left" || text === "refused";
}

function decoded(segments: string[]): string[] | null {
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return null; // a broken percent escape
  }
}

/**
 * The place that `/` is for people with these roles: whoever does not chat comes to the desk or,
 * having no part of their own, to what is running. Null roles are nobody's: they sign in there.
 */
export function homeOf(place: Place, roles: readonly string[] | null): Place {
  if (place.page !== "chat" || place.conversation !== null || roles === null) {
    return place;
  }
  if (roles.includes("staff")) {
    return place;
  }
  return roles.includes("officer") ? { page: "desk", rest: [] } : { page: "status" };
}

/** Goes to a path of this site as a link would, at the page's top. */
export function go(path: string): void {
  if (path === location.pathname) {
    focusHeading();
    return;
  }
  history.pushState(null, "", path);
  scrollTo(0, 0);
  dispatchEvent(new PopStateEvent("popstate"));
}

/** Gives what is shown another address; the focus stays where it is. */
export function rename(path: string): void {
  history.replaceState(STAY, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
}

const STAY = "stay";

/**
 * The path shown. When it changes, the focus moves to the new page's heading, unless that page
 * has put it into the field where one writes.
 */
export function usePath(): string {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) {
      return;
    }
    before.current = path;
    if (history.state === STAY) {
      history.replaceState(null, "");
    } else if (!(document.activeElement instanceof HTMLTextAreaElement)) {
      focusHeading();
    }
  }, [path]);
  return path;
}

function subscribe(changed: () => void): () => void {
  addEventListener("popstate", changed);
  return () => removeEventListener("popstate", changed);
}
