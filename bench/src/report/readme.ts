const BEGIN = "<!-- bench:begin, written by pnpm bench --write -->";
const END = "<!-- bench:end -->";

/** The page with what is between its markers replaced by `content`. */
export function replaceBetweenMarkers(page: string, content: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin)
    throw new Error(`README: the markers ${BEGIN} and ${END} are not there, in this order. Put them back.`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${content.trim()}\n\n${page.slice(end)}`;
}
