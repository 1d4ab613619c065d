/** The characters from space to tilde, 8 rows each from the top, the last below the line; a row is a digit of base 32, its bits the pixels. */
const glyphs =
  "0000000044444040aa000000aavavaa04fke5u40pp248jj0cik8lid04400000024888420842224800level00044v4400" +
  "00000c48000v000000000cc011248gg0ehjlphe04ck444v0eh168gv0u11e11u0iiiv2220vgu11he0egguhhe0v1244440" +
  "ehhehhe0ehhf11e00cc0cc000cc0c480168g861000v0v000gc212cg0eh164040ehnlnge04ahhvhh0uhhuhhu0fgggggf0" +
  "sihhhis0vggsggv0vggsggg0fggjhhf0hhhvhhh0v44444v072222ic0hikokih0ggggggv0hrllhhh0hppljjh0ehhhhhe0" +
  "uhhuggg0ehhhlid0uhhukih0fgge11u0v4444440hhhhhhe0hhhhaa40hhhllrh0hha4ahh0hha44440v1248gv0e88888e0" +
  "gg842110e22222e04ah000000000000v8400000000e1fhf0gguhhhu000fgggf011fhhhf000ehvge068s8888000fhhf1e" +
  "gguhhhh040c444e0206222icggikoki0c44444e000qllll000uhhhh000ehhhe000uhhugg00fhhf1100moggg000fge1u0" +
  "88s8886000hhhhf000hhha4000hhlla000ha4ah000hhhf1e00v248v03448443044444440o44244o0009m0000";

const glyphWidth = 5;
/** Of a line of text, in pixels. */
export const glyphHeight = 8;
const first = " ".charCodeAt(0);

/** A line of text in pixels. Characters that are not ASCII are shown as question marks. */
export function textMask(text: string): { readonly width: number; isInk(x: number, y: number): boolean } {
  const letters = Array.from(text, (character) => (/^[ -~]$/.test(character) ? character : "?"));
  // An empty column after each.
  const pitch = glyphWidth + 1;
  return {
    width: letters.length * pitch,
    isInk(x, y) {
      const glyph = (letters[Math.floor(x / pitch)] as string).charCodeAt(0) - first;
      const row = Number.parseInt(glyphs.charAt(glyph * glyphHeight + y), 32) << 1;
      return ((row >> (glyphWidth - (x % pitch))) & 1) === 1;
    },
  };
}
