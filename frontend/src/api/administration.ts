/** What is looked after beside orders: routes, bindings, replicas, keys and accounts. */

import { ACT_TIMEOUT_MS, type Client } from "./client";
import type {
  AccountDisabled,
  AccountRemoved,
  AccountsPage,
  BindingsPage,
  HeldRoute,
  KeyIssued,
  KeyRevoked,
  KeysPage,
  OperationsPage,
  NewKey,
  PreviewChange,
  ReleasePreview,
  ReplicasPage,
  RouteReleased,
  RoutesPage,
} from "./schema";

type Asking<T> = (client: Client, signal: AbortSignal) => Promise<T>;

export const fetchRoutes: Asking<RoutesPage> = (client, signal) =>
  client.get<RoutesPage>("/api/routes", signal);
export const fetchBindings: Asking<BindingsPage> = (client, signal) =>
  client.get<BindingsPage>("/api/bindings", signal);
export const fetchReplicas: Asking<ReplicasPage> = (client, signal) =>
  client.get<ReplicasPage>("/api/replicas", signal);
export const fetchOperations: Asking<OperationsPage> = (client, signal) =>
  client.get<OperationsPage>("/api/operations", signal);
export const fetchKeys: Asking<KeysPage> = (client, signal) =>
  client.get<KeysPage>("/api/keys", signal);

export const fetchAccounts: Asking<AccountsPage> = (client, signal) =>
  client.get<AccountsPage>("/api/accounts", signal);

const RELEASE = "/api/routes/release";

/** What a release would move. Throws `AnswerError`. */
export async function fetchMoved(
  client: Client,
  { service, route }: HeldRoute,
  signal: AbortSignal,
): Promise<readonly PreviewChange[]> {
  const query = new URLSearchParams({ service, route }).toString();
  return (await client.get<ReleasePreview>(`${RELEASE}?${query}`, signal)).changes;
}

/** Releases a held route; answers when every replica has it. Throws `AnswerError`. */
export async function release(client: Client, held: HeldRoute): Promise<RouteReleased> {
  return await client.send<RouteReleased>("POST", RELEASE, held, ACT_TIMEOUT_MS);
}

/** Creates a key. Throws `AnswerError`. */
export async function createKey(client: Client, key: NewKey): Promise<KeyIssued> {
  return await client.send<KeyIssued>("POST", "/api/keys", key, ACT_TIMEOUT_MS);
}

/** Creates a key in another's place. Throws `AnswerError`. */
export async function rotateKey(
  client: Client,
  prefix: string,
  overlap: string,
): Promise<KeyIssued> {
  const path = `/api/keys/${encodeURIComponent(prefix)}/rotation`;
  return await client.send<KeyIssued>("POST", path, { overlap }, ACT_TIMEOUT_MS);
}

/** Revokes a key; answers when every replica refuses it. Throws `AnswerError`. */
export async function revokeKey(client: Client, prefix: string): Promise<KeyRevoked> {
  const path = `/api/keys/${encodeURIComponent(prefix)}/revocation`;
  return await client.send<KeyRevoked>("POST", path, {}, ACT_TIMEOUT_MS);
}

/** Disables an account; answers when every replica refuses its sessions. Throws `AnswerError`. */
export async function disableAccount(client: Client, login: string): Promise<AccountDisabled> {
  const path = `/api/accounts/${encodeURIComponent(login)}/disablement`;
  return await client.send<AccountDisabled>("POST", path, {}, ACT_TIMEOUT_MS);
}

/** Removes an account, and keys with it if they are to end. Throws `AnswerError`. */
export async function removeAccount(
  client: Client,
  login: string,
  endKeys: boolean,
): Promise<AccountRemoved> {
  const path = `/api/accounts/${encodeURIComponent(login)}/removal`;
  return await client.send<AccountRemoved>("POST", path, { end_keys: endKeys }, ACT_TIMEOUT_MS);
}
