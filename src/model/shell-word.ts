// Command lines for people to copy, quoted for every shell.

/** One argument as every shell accepts it, quoted if necessary. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
