// The characters that ksys draws with: arrows, bars, branches, ellipses. Nothing else decides whether they are ASCII. Text of programs is
// not drawn: it stays as it is.

/**
 * Whether the locale uses UTF-8: by LC_ALL, else LC_CTYPE, else LANG, as in the C library. Without any of them, as in containers, nothing
 * is known about the terminal, and nearly all terminals show UTF-8.
 */
export function usesUtf8(env: NodeJS.ProcessEnv): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== '')
  return locale === undefined || /utf-?8/i.test(locale)
}

const UNICODE = {
  /** a text that is cut, in one cell */
  cut: '…',
  /** something that is left out, in a sentence */
  more: '…',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  /** from a selection to the next one within it */
  into: '›',
  bullet: '•',
  ascending: '▲',
  descending: '▼',
  atLeast: '≥',
  /** bars from low to high, one cell each */
  bars: '▁▂▃▄▅▆▇█',
  /** branches of a tree: to the last child, to another one, and beside the children of that one */
  lastChild: '└─',
  child: '├─',
  beside: '│ ',
  keys: { up: '↑', down: '↓', left: '←', right: '→' },
  /** stands for a character with a code below 32 */
  control: (code: number): string => String.fromCharCode(0x2400 + code),
  /** stands for the character with the code 127 */
  deleted: '␡',
  /** stands for any other character that cannot be shown */
  unknown: '�',
}

const ASCII: typeof UNICODE = {
  cut: '~',
  more: '...',
  up: '^',
  down: 'v',
  left: '<',
  right: '>',
  into: '>',
  bullet: '*',
  ascending: '+',
  descending: '-',
  atLeast: '>',
  bars: '.:-=+*%#',
  lastChild: '`-',
  child: '|-',
  beside: '| ',
  keys: { up: 'Up', down: 'Down', left: 'Left', right: 'Right' },
  control: () => '?',
  deleted: '?',
  unknown: '?',
}

/** The characters for the locale of this process. */
export const GLYPHS = usesUtf8(process.env) ? UNICODE : ASCII
