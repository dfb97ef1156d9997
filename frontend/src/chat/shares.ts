/** The day `days` after the one that an instant lies on in a time zone, as YYYY-MM-DD. */
export function dayIn(zone: string, instant: string, days: number): string {
  const here = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
  const day = new Date(`${here.format(new Date(instant))}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}
