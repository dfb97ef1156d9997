/** Which notices a person still has to read, and how news changes them. */

import type { Notice } from "../api/schema";

/** The notices with one that is new or has changed, the latest turnover first. */
export function noticed(notices: readonly Notice[], news: Notice): readonly Notice[] {
  const others = notices.filter(({ id }) => id !== news.id);
  return [...others, news].sort((a, b) => Date.parse(b.effective) - Date.parse(a.effective));
}

/** The notices once one is acknowledged. */
export function acknowledged(notices: readonly Notice[], id: string): readonly Notice[] {
  return notices.map((notice) => (notice.id === id ? { ...notice, acknowledged: true } : notice));
}

/** Those that nobody acknowledged, the latest first. */
export function unread(notices: readonly Notice[]): readonly Notice[] {
  return notices.filter((notice) => !notice.acknowledged);
}
