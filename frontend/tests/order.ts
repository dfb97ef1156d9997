import type { InstrumentLine, Order, Reading } from "../src/api/orders";

const SUMMARY: InstrumentLine = {
  id: "order-1",
  kind: "order",
  issuer: "chief",
  issuer_name: { en: "The chief", fr: "La cheffe" },
  title: { en: "First order", fr: "Premier ordre" },
  status: "winding-down",
  takes_effect: "2026-02-27T21:00:00Z",
  deadline: "2026-08-27T04:00:00Z",
  recorded: "2026-02-27T22:00:00Z",
};

export const READING: Reading = {
  id: "grace",
  modality: "prohibit",
  targets: [{ makers: ["maker-a"], models: [], hosts: [], resellers: [], routes: [] }],
  scope: {
    parties: ["bureau"],
    regulated: [],
    contracts: [],
    networks: [],
    services: [],
    purposes: [],
    data_classes: [],
  },
  since: null,
  until: null,
  wind_down: {
    until: {
      at: "2026-08-27T04:00:00Z",
      period: { count: 6, unit: "months", after: "effective" },
    },
    parties: [],
    recent_days: 90,
  },
  in_flight: "finish",
  note: { en: "All have six months.", fr: "Tous ont six mois." },
};

export const ORDER: Order = {
  demonstration: true,
  now: "2026-03-10T05:00:00Z",
  zone: "America/New_York",
  summary: SUMMARY,
  issued: {
    instrument: {
      id: "order-1",
      announced: "2026-02-27T20:00:00Z",
      signed: null,
      published: "2026-02-27T21:00:00Z",
      effective: null,
      served: { bureau: "2026-02-27T23:00:00Z" },
      clauses: [
        {
          id: "stop",
          words: "Everyone stops. There are six months.",
          readings: [
            READING,
            {
              ...READING,
              id: "strict",
              wind_down: null,
              in_flight: "cut",
              note: { en: "All stop at once.", fr: "Tous cessent aussitôt." },
            },
          ],
          chosen: "grace",
          chosen_by: "l.tremblay",
          signed_by_counsel: false,
        },
      ],
      rebindings: [
        { service: "desk", slots: ["chat", "title"], models: ["maker-b/model"], provisional: true },
      ],
      sources: [
        {
          address: "texts/order-1.txt",
          captured: "2026-02-27T21:10:00Z",
          sha256: "f0c4ecba",
          account: "office of the chief",
        },
      ],
    },
    recorded: "2026-02-27T22:00:00Z",
    entered_by: "m.okafor",
    confirmed_by: "l.tremblay",
    origin: null,
  },
  standings: [
    {
      clause: "stop",
      status: "winding-down",
      deadline: "2026-08-27T04:00:00Z",
      ended_by: null,
      timeline: [
        { at: "2026-02-27T21:00:00Z", status: "winding-down" },
        { at: "2026-08-27T04:00:00Z", status: "operative" },
      ],
    },
  ],
  related: {
    implements: [],
    implemented_by: [
      {
        ...SUMMARY,
        id: "order-2",
        title: { en: "Second order", fr: "Deuxième ordre" },
        status: "operative",
        deadline: null,
      },
    ],
    rescinds: [],
    rescinded_by: [],
  },
  names: {
    parties: { bureau: { en: "The bureau", fr: "Le bureau" } },
    vendors: { "maker-a": { en: "Maker A", fr: "Maker A" } },
    models: {},
    networks: {},
    services: { desk: { en: "Front desk", fr: "Accueil" } },
    addressees: { bureau: { en: "The bureau", fr: "Le bureau" } },
  },
  deeds: [],
  history: [],
  phases: [
    { since: "2026-02-27T21:00:00Z", until: "2026-08-27T04:00:00Z", status: "winding-down" },
    { since: "2026-08-27T04:00:00Z", until: null, status: "operative" },
  ],
  at: "2026-03-10T05:00:00Z",
};
