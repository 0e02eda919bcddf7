/** Letters from right to left: Hebrew, Arabic and their kin. */
const LETTER = /\p{Script=Hebrew}|\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Adlam}/u;

/** A word or two of such letters that turns around nothing but itself. */
const ISOLATED = /\u2068[\p{L}\p{M} ]+\u2069/gu;

/** What of a text, as it is shown among others, is not seen or turns it around: as below, and letters from right to left that nothing keeps to themselves. */
export function unseenInLine(text: string): string[] {
  const rest = text.replace(ISOLATED, (found) => (LETTER.test(found) ? "" : found));
  return [...unseen(rest), ...[...rest].filter((character) => LETTER.test(character))];
}

/**
 * The characters of a text that nobody sees, or that turn it around: control characters but line ends and tabs, marks of direction, what is drawn as nothing,
 * halves of characters. Written apart from the program's own list, by Unicode's.
 */
export function unseen(text: string): string[] {
  return [...text].filter((character, at, all) => {
    if ("\n\t".includes(character)) return false;
    // of the end of a Windows line
    if (character === "\r") return !["\n", undefined].includes(all[at + 1]);
    return (
      /\p{Cc}|\p{Cs}|\p{Bidi_Control}|\p{Default_Ignorable_Code_Point}|\u2028|\u2029/u.test(character) ||
      /[\uFFF9-\uFFFB]/.test(character)
    );
  });
}
