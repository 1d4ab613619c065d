import DOMPurify from "dompurify";
import { marked } from "marked";
import { useLayoutEffect, useRef } from "preact/hooks";

/** What a text may be made of: what Markdown makes, and nothing that loads, runs, asks or looks like the page itself. */
const allowed = {
  ALLOWED_TAGS: [
    ..."a abbr b blockquote br code del dd details div dl dt em h1 h2 h3 h4 h5 h6 hr i kbd li ol p pre q s".split(" "),
    ..."samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var".split(" "),
  ],
  ALLOWED_ATTR: ["href", "title", "align", "colspan", "rowspan", "open", "start"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
};

/** Markdown from an event file, made harmless. Pictures are left out: to load one would tell another site that someone reads this. */
export function Markdown({ text }: { text: string }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const fragment = DOMPurify.sanitize(marked.parse(text, { async: false, gfm: true }), {
      ...allowed,
      RETURN_DOM_FRAGMENT: true,
    });
    for (const link of fragment.querySelectorAll("a")) {
      link.setAttribute("rel", "noopener noreferrer");
      link.setAttribute("target", "_blank");
    }
    place.current?.replaceChildren(fragment);
  }, [text]);
  return <div class="markdown" ref={place} />;
}
