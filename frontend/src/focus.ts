/** Moves the focus to the page's heading, where reading begins; scrolls nothing. */
export function focusHeading(): void {
  document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
}
