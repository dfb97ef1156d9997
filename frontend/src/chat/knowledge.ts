/**
 * Whether a question lies past what a model knows of the world.
 *
 * Known is the month up to which it was made (`knowledge_cutoff`, `YYYY-MM`). A question lies past it
 * when it names a later month or year, though none that is still to come, or speaks of the news:
 * *yesterday*, *the latest*, « la semaine dernière ». Whoever asks is told beside the answer; nothing
 * is kept back, since a model may have been given the text to answer from.
 */

const MONTHS: Record<string, number> = {
  january: 1, janvier: 1, february: 2, février: 2, fevrier: 2, march: 3, mars: 3, april: 4, avril: 4,
  may: 5, mai: 5, june: 6, juin: 6, july: 7, juillet: 7, august: 8, août: 8, aout: 8, september: 9,
  septembre: 9, october: 10, octobre: 10, november: 11, novembre: 11, december: 12, décembre: 12,
  decembre: 12,
};
const NAMED = new RegExp(
  String.raw`(?<![\p{L}\d])(${Object.keys(MONTHS).join("|")})(?: \d{1,2},)? (20\d\d)(?!\d)`,
  "giu",
);
const NUMBERED = /(?<!\d)(20\d\d)-(0[1-9]|1[0-2])(?!\d)/g;
const YEAR = /(?<![\d.,/-])(20\d\d)(?![\d-]|[.,]\d)/g;
const NEWS =
  /(?<!\p{L})(yesterday|this week|this month|last week|last month|the latest|latest news|hier|cette semaine|ce mois-ci|la semaine dernière|le mois dernier|dernières nouvelles|les dernières? (?:nouvelles|décisions|annonces))(?!\p{L})/iu;

/** Whether a question asks for what came after `known`, asked at the instant `now`. */
export function liesPast(question: string, known: string, now: string): boolean {
  const limit = monthOf(known);
  const today = monthOf(now);
  if (limit === null || today === null || today <= limit) {
    return false;
  }
  return NEWS.test(question) || months(question).some((month) => month > limit && month <= today);
}

/** The months that a text names; of a year that stands alone its first. */
function months(text: string): number[] {
  const named = [...text.matchAll(NAMED)].map(([, month = "", year]) =>
    count(Number(year), MONTHS[month.toLowerCase()] ?? 1),
  );
  const numbered = [...text.matchAll(NUMBERED)].map(([, year, month]) =>
    count(Number(year), Number(month)),
  );
  const rest = text.replace(NAMED, " ").replace(NUMBERED, " ");
  const years = [...rest.matchAll(YEAR)].map(([, year]) => count(Number(year), 1));
  return [...named, ...numbered, ...years];
}

function monthOf(instant: string): number | null {
  const found = /^(\d{4})-(\d{2})/.exec(instant);
  return found === null ? null : count(Number(found[1]), Number(found[2]));
}

function count(year: number, month: number): number {
  return year * 12 + month;
}
