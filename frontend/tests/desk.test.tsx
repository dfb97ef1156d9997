import { describe, expect, test } from "vitest";

import type { Desk, Prepared } from "../src/api/desk";
import type { Language } from "../src/i18n/language";
import { DeskPage } from "../src/pages/desk/DeskPage";
import { OutcomeMessage } from "../src/pages/desk/OutcomeMessage";
import { PreparedBody } from "../src/pages/desk/PreparedBody";
import { PreparedPage } from "../src/pages/desk/PreparedPage";
import { problemOf } from "../src/pages/desk/problem";
import type { Officer } from "../src/pages/desk/standing";
import type { Acting, Outcome } from "../src/pages/desk/useActing";
import type { Previewing } from "../src/pages/desk/usePreview";
import {
  CHANGE,
  DESK,
  ENTERED,
  LUC,
  MARY,
  MODEL_A,
  MODEL_B,
  PREPARED,
  PREVIEW,
  refused,
} from "./desk";
import { markup, words } from "./rendering";

const nothing = () => undefined;

describe("what an act came to", () => {
  const shown = (outcome: Outcome, language: Language = "en") =>
    markup(<OutcomeMessage outcome={outcome} id="memo-1" title="The desk moves" clock={DESK} />, language);

  test("says the server's words, marked as English", () => {
    const page = shown({ kind: "problem", problem: problemOf(refused(403, "not_authorised"), true) }, "fr");
    expect(page).toContain("Cela ne peut pas être fait");
    expect(page).toMatch(/<span lang="en">What\. Means\. Do\.<\/span>/);
  });

  test("says what is left open; one that was not sent says that nothing was done", () => {
    expect(shown({ kind: "problem", problem: { kind: "away" } })).toContain("It is not known whether");
    expect(shown({ kind: "problem", problem: { kind: "unsent" } })).toContain("Nothing was done.");
    expect(shown({ kind: "problem", problem: { kind: "failed", status: 502 } })).toContain("502");
  });

  test("leads to the order's page when it is issued", () => {
    expect(shown({ kind: "done", act: "confirm", enforcement: null })).toContain('href="/orders/memo-1"');
    expect(shown({ kind: "done", act: "enter", enforcement: null })).not.toContain('href="/orders/memo-1"');
    expect(shown({ kind: "done", act: "enter", enforcement: null })).toContain("waits for a second officer");
  });
});

describe("the desk's page", () => {
  const page = (desk: Desk, officer: Officer = LUC, language: Language = "en") =>
    markup(
      <DeskPage
        polled={{ phase: "ready", value: desk }}
        again={nothing}
        every={5}
        officer={officer}
      />,
      language,
    );

  test("leads to each order, those that wait for confirmation first", () => {
    const shown = page({ ...DESK, prepared: [PREPARED, { ...ENTERED, id: "memo-2" }] });
    expect(shown.indexOf('href="/desk/prepared/memo-2"')).toBeGreaterThan(0);
    expect(shown.indexOf('href="/desk/prepared/memo-2"')).toBeLessThan(
      shown.indexOf('href="/desk/prepared/memo-1"'),
    );
    expect(shown).toContain("by Mary Okafor, 10 March 2026 at 01:00 EDT");
    expect(shown).toContain("At once");
  });

  test("says what is the officer's own, and what is empty", () => {
    expect(page({ ...DESK, prepared: [ENTERED] }, MARY)).toContain("by you, 10 March 2026");
    const empty = page({ ...DESK, prepared: [] }, MARY, "fr");
    expect(empty).toContain("Rien n’attend un second agent.");
    expect(empty).toContain("Rien n’est préparé qui ne soit déjà enregistré.");
  });

  test("says what is only announced", () => {
    expect(page({ ...DESK, prepared: [{ ...PREPARED, takes_effect: null }] })).toContain(
      "Only announced",
    );
  });
});

const IDLE: Acting = {
  step: null,
  pending: false,
  outcome: null,
  open: nothing,
  close: nothing,
  overtake: nothing,
  go: nothing,
};

describe("a prepared order's page", () => {
  const LOOKING: Previewing = {
    preview: PREVIEW,
    error: null,
    changed: null,
    look: nothing,
    again: nothing,
  };

  interface Shown {
    prepared?: Prepared;
    officer?: Officer;
    looking?: Partial<Previewing>;
    acting?: Partial<Acting>;
    language?: Language;
  }

  function body({ prepared = PREPARED, officer = MARY, looking, acting, language = "en" }: Shown) {
    return markup(
      <PreparedBody
        prepared={prepared}
        desk={DESK}
        officer={officer}
        timing={{ atOnce: prepared.at_once ?? false, choose: nothing }}
        previewing={{ ...LOOKING, ...looking }}
        acting={{ ...IDLE, ...acting }}
      />,
      language,
    );
  }
  const said = (shown: Shown) => body(shown).replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");

  test("shows the words beside the reading, the choice and what changes for whom", () => {
    const shown = said({});
    expect(shown).toContain("Everyone stops. There are six months.");
    expect(shown).toContain("On its date: 12 March 2026 at 13:00 EDT");
    expect(shown).toContain("Front desk chat and title, of bureau");
    expect(shown).toContain("Model A (Maker A) Model B (Maker B)");
    expect(shown).toContain("Knows less.");
    expect(shown).toContain("Counsel has not signed it.");
    expect(shown).toContain("6 people");
    expect(shown).toContain("4 other slots of services stay as they are");
    expect(shown).toContain("Recorded Not on record yet");
  });

  test("tells the first officer why they cannot confirm, and lets the second", () => {
    const own = said({ prepared: ENTERED });
    expect(own).toContain("You entered this order, so you cannot confirm it");
    expect(own).not.toContain("Confirm and issue");
    const second = said({ prepared: ENTERED, officer: LUC });
    expect(second).toContain("Confirm and issue");
    expect(second).toContain("Withdraw");
    expect(second).not.toContain("When does it take effect?");
  });

  test("does not go on before it is known what would change", () => {
    const shown = body({ looking: { preview: null } });
    expect(shown).toContain("Asking the server what would change");
    expect(shown).toMatch(/<button[^>]*disabled=""[^>]*>Enter this order/);
    expect(body({ looking: { preview: null, error: refused(500) } })).toContain(
      "What it would do cannot be shown",
    );
  });

  test("says that another act changed what it would do", () => {
    const shown = said({ looking: { changed: new Date() } });
    expect(shown).toContain("another act came in between");
    expect(shown).toContain("I have looked through it");
  });

  test("asks once more, naming what will happen, in the place of the button", () => {
    const shown = said({ acting: { step: "enter" } });
    expect(shown).toContain("Enter this order? Nothing changes yet");
    expect(shown).toContain("moves from Model A (Maker A) to Model B (Maker B).");
    expect(shown).toContain("Yes, enter it Go back");
    expect(said({ acting: { step: "enter", pending: true } })).toContain("Entering it …");
  });

  test("names models that nothing may replace, and services that get or lose one", () => {
    const changes = [
      { ...CHANGE, to: MODEL_A, outcome_after: "refuse" as const, because: "prohibited" },
      { ...CHANGE, service: "b", from: null, outcome_before: null, because: "later-rule" },
      { ...CHANGE, service: "c", to: MODEL_A, outcome_after: "refuse" as const, replacement: MODEL_B },
    ];
    const shown = said({ looking: { preview: { ...PREVIEW, changes, warnings: [] } } });
    expect(shown).toContain("allowed → then refused an order prohibits it");
    expect(shown).toContain("Nothing may answer instead: it stops");
    expect(shown).toContain("no model → then allowed");
    expect(shown).toContain("Model B (Maker B) answers instead");
    expect(shown).not.toContain("Know this before");
  });

  test("speaks French throughout", () => {
    const shown = body({ prepared: ENTERED, officer: LUC, acting: { step: "confirm" }, language: "fr" });
    expect(shown).toContain("Émettre cet ordre maintenant");
    expect(shown).toContain("confirmé par vous, Luc Tremblay");
    expect(shown).not.toMatch(/Nothing|Model after|Issue|officer|allowed|>At once/);
  });

  const page = (desk: Desk, id: string) =>
    words(
      <PreparedPage
        id={id}
        polled={{ phase: "ready", value: desk }}
        again={nothing}
        every={5}
        officer={MARY}
      />,
      "en",
    );

  test("leads on when the order is on record, and back when there is none", () => {
    expect(page(DESK, "order-1")).toContain("This order has been issued");
    expect(page(DESK, "order-1")).toContain("See the page of “First order”");
    expect(page(DESK, "memo-9")).toContain("There is no prepared order memo-9");
    expect(page(DESK, "memo-1")).toContain("The desk moves");
  });
});
