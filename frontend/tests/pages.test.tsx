import { describe, expect, test } from "vitest";

import { AnswerError } from "../src/api/asking";
import type { Status } from "../src/api/status";
import type { Language } from "../src/i18n/language";
import { StatusPage } from "../src/pages/Status";
import { nextSteps } from "../src/pages/status/steps";
import type { Polled } from "../src/polling";
import { words } from "./rendering";
import { STATUS } from "./status";

function page(polled: Polled<Status>, language: Language = "en"): string {
  return words(<StatusPage polled={polled} again={() => undefined} every={5} />, language);
}

const ready = (value: Status): Polled<Status> => ({ phase: "ready", value });

describe("the status page", () => {
  test("says that it is loading", () => {
    expect(page({ phase: "loading" })).toContain("Asking the server");
  });

  test("shows the demonstration's clock in its zone and that stand-ins answer", () => {
    const shown = page(ready(STATUS));
    expect(shown).toContain("The scenario clock stands at 26 February 2026 at 09:00 EST");
    expect(shown).toContain("No vendor is called where a stand-in answers");
  });

  test("shows services, routes, instruments and the ledger", () => {
    const shown = page(ready(STATUS));
    expect(shown).toContain("Front desk desk bureau office");
    expect(shown).toContain("chat maker-a/model then maker-b/model provisional");
    expect(shown).toContain("maker-a/model@host-a maker-a host-a Stand-in");
    expect(shown).toContain("maker-b/model@host-b maker-b host-b Nobody: no endpoint");
    expect(shown).toContain("First order order-1 The chief order winding down until 1 September 2026 1 March 2026 at 00:00 EST");
    expect(shown).toContain("Second order order-2 The chief order announced Announced only");
    expect(shown).toContain("7 entries root 9f86d081");
  });

  test("speaks French throughout", () => {
    const shown = page(ready(STATUS), "fr");
    expect(shown).toContain("26 février 2026 à 09:00");
    expect(shown).toContain("Accueil desk");
    expect(shown).toContain("Premier ordre order-1 La cheffe ordre en retrait jusqu’au 1er septembre 2026");
    expect(shown).not.toMatch(/Stand-in|Services and|Announced/);
  });

  test("shows no banner in production, and says what fills what is empty", () => {
    const shown = page(
      ready({
        ...STATUS,
        demonstration: false,
        ruleset: null,
        services: [],
        routes: [],
        instruments: [],
      }),
    );
    expect(shown).toContain("None: no directory is recorded yet");
    expect(shown).not.toContain("Demonstration");
    expect(shown).toContain("There are no services yet.");
    expect(shown).toContain("There are no routes yet.");
    expect(shown).toContain("No instrument has been issued.");
  });

  test("shows a status that it has no word for as the server wrote it", () => {
    const instruments = [{ ...STATUS.instruments[0]!, status: "superseded" }];
    expect(page(ready({ ...STATUS, instruments }))).toContain("superseded");
  });

  test("says that the server is away, that it tries again, and keeps what was known", () => {
    const error = new AnswerError({ kind: "away" });
    const nothing = page({ phase: "lost", error, known: null });
    expect(nothing).toContain("tries again by itself every 5 seconds");
    expect(nothing).not.toContain("Front desk");
    const stale = page({ phase: "lost", error, known: { value: STATUS, until: new Date() } });
    expect(stale).toContain("last confirmed at");
    expect(stale).toContain("Front desk");
  });
});

describe("what to try next", () => {
  const commands = (status: Status) => nextSteps(status).map((step) => step.command);

  test("speaks of the services and vendors that are there", () => {
    expect(commands(STATUS)).toEqual([
      "changeover scenario play --until 2026-03-03",
      "changeover decide --service desk --model maker-a/model",
      "changeover reach maker-a",
      "changeover keys create desk --by NAME",
      "changeover orders list",
      "changeover ledger verify",
    ]);
  });

  test("begins with a directory where there is none", () => {
    const bare = { ...STATUS, demonstration: false, services: [], routes: [], instruments: [] };
    expect(commands(bare)[0]).toBe("changeover apply DIR --dry-run");
  });
});
