import { describe, expect, test } from "vitest";

import { AnswerError } from "../src/api/asking";
import type { Order, OrderList } from "../src/api/orders";
import type { Language } from "../src/i18n/language";
import { NowherePage } from "../src/pages/Nowhere";
import { OrderPage } from "../src/pages/Order";
import { OrdersPage } from "../src/pages/Orders";
import { Navigation } from "../src/parts/Navigation";
import type { Polled } from "../src/polling";
import { ORDER } from "./order";
import { markup, words } from "./rendering";

const again = () => undefined;
const ready = <T,>(value: T): Polled<T> => ({ phase: "ready", value });
const lost = (status: number): Polled<never> => ({
  phase: "lost",
  error: new AnswerError({ kind: "refused", status }),
  known: null,
});

function orderPage(polled: Polled<Order>, language: Language = "en"): string {
  return words(<OrderPage id="order-1" polled={polled} again={again} every={5}
        at=""
        onDay={() => undefined} />, language);
}

describe("an order's page", () => {
  test("says that it is loading, under the order's identifier", () => {
    const shown = orderPage({ phase: "loading" });
    expect(shown).toContain("Order order-1");
    expect(shown).toContain("Asking the server for the order");
  });

  test("shows what it is and how it stands", () => {
    const shown = orderPage(ready(ORDER));
    expect(shown).toContain("Status winding down until 27 August 2026");
    expect(shown).toContain("Kind order Issuer The chief Identifier order-1");
    expect(shown).toContain("Demonstration");
  });

  test("keeps the instants apart", () => {
    const shown = orderPage(ready(ORDER));
    expect(shown).toContain("Announced 27 February 2026 at 15:00 EST Signed Not stated");
    expect(shown).toContain("Served The bureau: 27 February 2026 at 18:00 EST");
    expect(shown).toContain("Published 27 February 2026 at 16:00 EST");
    expect(shown).toContain("Effective On publication: no other date is named");
    expect(shown).toContain("Recorded 27 February 2026 at 17:00 EST");
  });

  test("shows the words, the reading chosen, the one rejected and the timeline", () => {
    const shown = orderPage(ready(ORDER));
    expect(shown).toContain("Everyone stops. There are six months.");
    expect(shown).toMatch(/How they are read Reading grace In short All have six months\./);
    expect(shown).toMatch(
      /Reading rejected [^:]+ Reading strict In short All stop at once\. Winding down None: .+? too Answers under way Are cut/,
    );
    expect(shown.match(/Prohibits use of any model made by Maker A/g)).toHaveLength(1);
    expect(shown).toContain("Chosen by l.tremblay Counsel Has not signed this reading");
    expect(shown).toContain("27 February 2026 at 16:00 EST winding down now");
    expect(shown).toContain("27 August 2026 at 00:00 EDT operative");
  });

  test("shows models put in place, other orders, sources and officers", () => {
    const shown = orderPage(ready(ORDER));
    expect(shown).toContain("Front desk desk chat and title maker-b/model provisional");
    expect(shown).toContain("Implemented by Second order order-2 operative");
    expect(shown).toContain("Found at texts/order-1.txt Account office of the chief Captured");
    expect(shown).toContain("SHA-256 of its bytes f0c4ecba");
    expect(shown).toContain("Entered by m.okafor Confirmed by l.tremblay");
  });

  test("links to the orders that it touches, and to the one that ended a clause", () => {
    const standings = [{ ...ORDER.standings[0]!, status: "ended", ended_by: "order-9" }];
    const page = markup(
      <OrderPage id="order-1" polled={ready({ ...ORDER, standings })} again={again} every={5}
        at=""
        onDay={() => undefined} />,
      "en",
    );
    expect(page).toContain('href="/orders/order-2"');
    expect(page).toMatch(/href="\/orders\/order-9"[^>]*>Ended by order-9</);
  });

  test("speaks French throughout", () => {
    const shown = orderPage(ready(ORDER), "fr");
    expect(shown).toContain("Premier ordre");
    expect(shown).toContain("Statut en retrait jusqu’au 27 août 2026");
    expect(shown).toContain("Émetteur La cheffe");
    expect(shown).toContain("Interdit d’utiliser tout modèle du concepteur Maker A");
    expect(shown).toContain("Le bureau, avec tout ce qui en fait partie");
    expect(shown).not.toMatch(/Reading|Status|Recorded|Captured|Implemented|until|since/);
  });

  test("says what is absent: clauses, sources, ties, a second officer", () => {
    const shown = orderPage(
      ready({
        ...ORDER,
        demonstration: false,
        standings: [],
        issued: {
          ...ORDER.issued,
          confirmed_by: null,
          instrument: {
            ...ORDER.issued.instrument,
            published: null,
            served: {},
            clauses: [],
            rebindings: [],
            sources: [],
          },
        },
        related: { implements: [], implemented_by: [], rescinds: [], rescinded_by: [] },
      }),
    );
    expect(shown).toContain("Effective Not yet: an announcement binds nobody");
    expect(shown).toContain("Served Not stated");
    expect(shown).toContain("No source is on record.");
    expect(shown).toContain("It acts on no other order on record, and none acts on it.");
    expect(shown).toContain("Confirmed by No second officer");
    expect(shown).not.toMatch(/Demonstration|Clauses and|puts in place/);
  });

  test("tells an order that is not there from a server that fails", () => {
    expect(orderPage(lost(404))).toContain("There is no order order-1 on record");
    expect(orderPage(lost(404))).not.toContain("Try again");
    expect(orderPage(lost(404), "fr")).toContain("Aucun ordre order-1 n’est enregistré");
    expect(orderPage(lost(500))).toContain("It answered with status 500. This page tries again");
  });
});

describe("the list of orders", () => {
  const LIST: OrderList = {
    demonstration: true,
    now: ORDER.now,
    zone: ORDER.zone,
    orders: [ORDER.summary],
  };
  const page = (list: OrderList, language: Language = "en") =>
    markup(<OrdersPage polled={ready(list)} again={again} every={5} />, language);

  test("leads to each order", () => {
    expect(page(LIST)).toContain('<a href="/orders/order-1">First order</a>');
    expect(page(LIST, "fr")).toContain('<a href="/orders/order-1">Premier ordre</a>');
  });

  test("says that there is none, and what issues one", () => {
    const shown = page({ ...LIST, orders: [] });
    expect(shown).toContain("No instrument has been issued.");
    expect(shown).toContain("changeover orders issue DRAFT");
  });

  test("says that it is loading", () => {
    const polled = { phase: "loading" } as const;
    expect(words(<OrdersPage polled={polled} again={again} every={5} />, "fr")).toContain(
      "Demande des ordres au serveur…",
    );
  });
});

test("the navigation marks the page, and the list for an order's page", () => {
  const current = (place: Parameters<typeof Navigation>[0]["place"]) =>
    [...markup(<Navigation place={place} />, "en").matchAll(/aria-current="(\w+)" href="([^"]*)"/g)]
      .map(([, value, href]) => `${href} ${value}`);
  expect(current({ page: "status" })).toEqual(["/status page"]);
  expect(current({ page: "orders" })).toEqual(["/orders page"]);
  expect(current({ page: "order", id: "order-1" })).toEqual(["/orders true"]);
  expect(current({ page: "nowhere" })).toEqual([]);
});

test("an address that leads nowhere leads back", () => {
  expect(markup(<NowherePage />, "en")).toContain('href="/status"');
});
