import { AnswerError, type Failure } from "../src/api/asking";
import type { Desk, Prepared, Preview, PreviewChange } from "../src/api/desk";
import type { Speaker } from "../src/pages/desk/changes";
import type { Language } from "../src/i18n/language";
import "../src/i18n/officers";
import "../src/i18n/translators";
import { translate } from "../src/i18n/translate";
import { ORDER } from "./order";

export const PREPARED: Prepared = {
  id: "memo-1",
  title: { en: "The desk moves", fr: "L’accueil change" },
  kind: "memo",
  issuer: "chief",
  issuer_name: { en: "The chief", fr: "La cheffe" },
  state: "prepared",
  entered_by: null,
  entered: null,
  at_once: null,
  takes_effect: "2026-03-12T17:00:00Z",
  together: [],
  names: ORDER.names,
  instrument: { ...ORDER.issued.instrument, id: "memo-1" },
};

export const ENTERED: Prepared = {
  ...PREPARED,
  state: "entered",
  entered_by: "Mary Okafor",
  entered: "2026-03-10T05:00:00Z",
  at_once: true,
  takes_effect: "2026-03-10T05:00:00Z",
};

export const MODEL_A = {
  id: "maker-a/model",
  name: "Model A",
  maker_name: { en: "Maker A", fr: "Maker A" },
  knowledge_cutoff: "2025-06",
};

export const MODEL_B = {
  id: "maker-b/model",
  name: "Model B",
  maker_name: { en: "Maker B", fr: "Maker B" },
  knowledge_cutoff: null,
};

export const CHANGE: PreviewChange = {
  service: "desk",
  service_name: { en: "Front desk", fr: "Accueil" },
  slot: "chat",
  party: "bureau",
  from: MODEL_A,
  to: MODEL_B,
  outcome_before: "allow",
  outcome_after: "allow",
  because: "permitted",
  deadline: null,
  differences: [{ en: "Knows less.", fr: "En sait moins." }],
  replacement: null,
};

export const PREVIEW: Preview = {
  effective: "2026-03-12T17:00:00Z",
  changes: [CHANGE, { ...CHANGE, slot: "title" }],
  unaffected: 4,
  later: [],
  warnings: [{ en: "Counsel has not signed it.", fr: "Le service juridique ne l’a pas signé." }],
  staff: 6,
  conversations: 1,
  needs_second: true,
};

export const DESK: Desk = {
  demonstration: true,
  now: ORDER.now,
  zone: ORDER.zone,
  prepared: [PREPARED],
  onRecord: [ORDER.summary],
};

export const MARY = { name: "Mary Okafor" };
export const LUC = { name: "Luc Tremblay" };

export function speaker(language: Language = "en"): Speaker {
  return { t: (key, values) => translate(language, key, values), language, zone: ORDER.zone };
}

/** A refusal of the server, with its words where it gave a code. */
export function refused(status: number, code?: string): AnswerError {
  const detail = { code: code ?? "", what: "What.", means: "Means.", do: "Do." };
  const failure: Failure = { kind: "refused", status };
  return new AnswerError(code === undefined ? failure : { ...failure, detail });
}
