import type {
  Chat,
  Conversation,
  ModelChoice,
  Notice,
  OrderRef,
  Seam,
  Served,
  Turn,
} from "../src/api/schema";

const same = (text: string) => ({ en: text, fr: text });

export const ORDER_REF: OrderRef = {
  id: "order-1",
  title: { en: "First order", fr: "Premier ordre" },
  issuer_name: { en: "The chief", fr: "La cheffe" },
};

export const SERVED: Served = {
  route: "maker-a/model@host-a",
  model: "maker-a/model",
  model_name: "Model A",
  version: "model-a-2026",
  maker: "maker-a",
  maker_name: same("Maker A"),
  host: "host-a",
  host_name: same("Host A"),
  stand_in: true,
  requested: "default",
  replaced: null,
  ruleset: "r2-abc",
  instruments: [ORDER_REF],
  why: { en: "The desk uses it.", fr: "L’accueil l’utilise." },
  losses: [],
  deadline: null,
  input_tokens: 12,
  output_tokens: 34,
  demonstration: true,
};

export const QUESTION: Turn = {
  id: "turn-1",
  parent: null,
  role: "user",
  created: "2026-02-26T14:00:00Z",
  state: "complete",
  text: "Why?",
  served: null,
  problem: null,
  instructed: false,
  origin: null,
  given: null,
  withheld: [],
  pictures: [],
  unseen: [],
};

export const WRITING: Turn = {
  ...QUESTION,
  id: "turn-2",
  parent: "turn-1",
  role: "assistant",
  state: "generating",
  text: "",
};

export const ANSWER: Turn = { ...WRITING, state: "complete", text: "Because.", served: SERVED };

export const CHOICE: ModelChoice = {
  id: "maker-a/model",
  name: "Model A",
  maker: "maker-a",
  maker_name: same("Maker A"),
  route: "maker-a/model@host-a",
  outcome: "allow",
  because: "nothing",
  explanation: { en: "Allowed.", fr: "Permis." },
  order: null,
  deadline: null,
  knowledge_cutoff: "2025-06",
  context: 8_000,
  stand_in: true,
  bound: true,
  images: true,
};

export const BARRED: ModelChoice = {
  ...CHOICE,
  id: "maker-b/model",
  name: "Model B",
  maker: "maker-b",
  maker_name: same("Maker B"),
  route: null,
  outcome: "refuse",
  explanation: { en: "Refused: an order prohibits it.", fr: "Refusé : un ordre l’interdit." },
  order: ORDER_REF,
  bound: false,
};

export const CHAT: Chat = {
  service: "desk",
  service_name: { en: "Front desk", fr: "Accueil" },
  now: "2026-02-26T14:00:00Z",
  zone: "America/New_York",
  default_model: CHOICE,
  models: [CHOICE, BARRED],
  conversations: [],
  folders: [],
};

export const SEAM: Seam = {
  before: "turn-4",
  from_model: "Model A",
  from_maker_name: same("Maker A"),
  to_model: "Model B",
  to_maker_name: same("Maker B"),
  carried: { en: "All text went along.", fr: "Tout le texte a été transmis." },
  not_carried: { en: "Nothing was left behind.", fr: "Rien n’a été laissé de côté." },
  order: ORDER_REF,
};

export const CONVERSATION: Conversation = {
  id: "conv-1",
  title: "Reasons",
  service: "desk",
  head: "turn-2",
  newest: true,
  turns: [QUESTION, ANSWER],
  branchings: [],
  seams: [],
  last_event: 7,
  temporary_until: null,
  generating: null,
};

export const NOTICE: Notice = {
  id: "order-1",
  order: ORDER_REF,
  service: "desk",
  service_name: CHAT.service_name,
  effective: "2026-03-02T17:00:00Z",
  in_force: true,
  provisional: true,
  from_models: [],
  to_models: [],
  what: { en: "Model B now answers.", fr: "Le modèle B répond désormais." },
  when: { en: "Since 2 March.", fr: "Depuis le 2 mars." },
  must_do: { en: "Nothing.", fr: "Rien." },
  no_longer_knows: { en: "It knows less.", fr: "Il en sait moins." },
  conversations: { en: "They stay.", fr: "Elles restent." },
  earlier_text: { en: "It goes to Maker B.", fr: "Il va à Maker B." },
  whom_to_ask: { en: "The desk’s team", fr: "L’équipe de l’accueil" },
  message: null,
  acknowledged: false,
};
