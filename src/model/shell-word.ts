// A command line for people to copy: words as every shell takes them.

/** A word that every shell takes as it is, in quotes where it must. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
