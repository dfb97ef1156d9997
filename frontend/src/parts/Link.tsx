import type { AnchorHTMLAttributes, MouseEvent } from "react";

import { go } from "../route";

interface Properties extends AnchorHTMLAttributes<HTMLAnchorElement> {
  href: string;
}

/** A link to a page of this site. Opening it in a new tab or window is left to the browser. */
export function Link({ href, ...others }: Properties) {
  const follow = (event: MouseEvent) => {
    if (isPlainClick(event)) {
      event.preventDefault();
      go(href);
    }
  };
  return <a {...others} href={href} onClick={follow} />;
}

function isPlainClick(event: MouseEvent): boolean {
  return (
    event.button === 0 && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey
  );
}
