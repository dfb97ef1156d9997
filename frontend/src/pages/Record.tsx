import { useCallback, useState } from "react";

import { fetchOrder, fetchOrders } from "../api/orders";
import { fetchStatus } from "../api/status";
import type { Place } from "../route";
import { usePolled } from "../usePolled";
import { OrderPage } from "./Order";
import { OrdersPage } from "./Orders";
import { StatusPage } from "./Status";

const POLL_MS = 5_000;
const EVERY = POLL_MS / 1000;

type RecordPlace = Extract<Place, { page: "status" | "orders" | "order" }>;

/**
 * The pages that anybody may read: what is running and what is on record. What the two lists said
 * stays known while another page is shown, so that coming back finds them where they were.
 */
export function RecordPages({ place }: { place: RecordPlace }) {
  const status = usePolled(place.page === "status" ? fetchStatus : null, POLL_MS);
  const orders = usePolled(place.page === "orders" ? fetchOrders : null, POLL_MS);
  switch (place.page) {
    case "status":
      return <StatusPage {...status} every={EVERY} />;
    case "orders":
      return <OrdersPage {...orders} every={EVERY} />;
    case "order":
      return <PolledOrder key={place.id} id={place.id} />;
  }
}

function PolledOrder({ id }: { id: string }) {
  const [at, setAt] = useState("");
  const load = useCallback((signal: AbortSignal) => fetchOrder(id, at, signal), [id, at]);
  const { polled, again } = usePolled(load, POLL_MS);
  return (
    <OrderPage id={id} polled={polled} again={again} every={EVERY} at={at} onDay={setAt} />
  );
}
