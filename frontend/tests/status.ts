import type { Status } from "../src/api/status";

export const STATUS: Status = {
  version: "1.2.3",
  demonstration: true,
  now: "2026-02-26T14:00:00Z",
  zone: "America/New_York",
  record: null,
  ruleset: { version: "5f1d9c02", instruments: 2 },
  ledger: { size: 7, root: "9f86d081" },
  routes: [
    {
      id: "maker-a/model@host-a",
      model: "maker-a/model",
      maker: "maker-a",
      host: "host-a",
      stand_in: true,
      reachable: true,
    },
    {
      id: "maker-b/model@host-b",
      model: "maker-b/model",
      maker: "maker-b",
      host: "host-b",
      stand_in: false,
      reachable: false,
    },
  ],
  services: [
    {
      id: "desk",
      name: { en: "Front desk", fr: "Accueil" },
      party: "bureau",
      network: "office",
      bindings: [{ slot: "chat", models: ["maker-a/model", "maker-b/model"], provisional: true }],
    },
  ],
  instruments: [
    {
      id: "order-1",
      title: { en: "First order", fr: "Premier ordre" },
      kind: "order",
      issuer: "chief",
      issuer_name: { en: "The chief", fr: "La cheffe" },
      status: "winding-down",
      takes_effect: "2026-03-01T05:00:00Z",
      deadline: "2026-09-01T04:00:00Z",
      recorded: "2026-02-26T13:00:00Z",
    },
    {
      id: "order-2",
      title: { en: "Second order", fr: "Deuxième ordre" },
      kind: "order",
      issuer: "chief",
      issuer_name: { en: "The chief", fr: "La cheffe" },
      status: "announced",
      takes_effect: null,
      deadline: null,
      recorded: "2026-02-26T13:30:00Z",
    },
  ],
  keys: 0,
};
