import { describe, expect, it } from "vitest";

import catalogue from "../src/i18n/said.fr.json";
import { saying } from "../src/i18n/said";

const say = saying(catalogue);
const NAMES = ["state-memo", "l'ordre. Un autre", "a {0} b", "$& $1"];

describe("what the server says", () => {
  it("is said whole, with its gaps, and sentence by sentence", () => {
    expect(say("Nothing was recorded.")).toBe("Rien n’a été enregistré.");
    expect(say("There is no route 'a@b'.")).toBe("Il n’y a pas de route 'a@b'.");
    expect(say("There is no party 'stat'. Did you mean state?")).toBe(
      "Il n’y a pas d’entité 'stat'. Vouliez-vous dire state\u00a0?",
    );
    expect(say("No issuer is named.")).toBe("À nommer\u00a0: autorité.");
  });

  it("is said of sentences within a sentence", () => {
    expect(
      say("Director cannot issue a-1: it may not bind state, treasury; it does not own secret."),
    ).toBe(
      "Director ne peut prendre a-1\u00a0: elle n’a pas autorité sur state, treasury\u00a0; elle n’est pas responsable de secret.",
    );
  });

  it("stays as it is where it is not known", () => {
    expect(say("Something else altogether.")).toBeNull();
    expect(say("Nothing was recorded. Something else altogether.")).toBeNull();
    expect(say("")).toBe("");
  });

  it.each(Object.entries(catalogue.sentences))("is found again with any names: %s", (english, french) => {
    const filled = (text: string) => text.replace(/\{(\d)\}/g, (_, gap: string) => `name-${gap}`);
    expect(say(filled(english))).toBe(filled(french));
  });

  it.each(NAMES)("keeps what it does not know in a gap: %j", (name) => {
    const said = say(`There is no route ${name}x.`);
    expect(said).toBe(`Il n’y a pas de route ${name}x.`);
  });
});
