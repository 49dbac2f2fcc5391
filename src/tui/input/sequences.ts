// Escape sequences and what they mean, in the encodings of xterm, the Linux console, rxvt, tmux and kitty.
import { ALT, CTRL, char, type Input, type Key, type Mouse, type NamedKey, named, SHIFT } from './input.js'

/** CSI number ~ */
const TILDE: Readonly<Record<number, NamedKey>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
  25: 'f13',
  26: 'f14',
  28: 'f15',
  29: 'f16',
  31: 'f17',
  32: 'f18',
  33: 'f19',
  34: 'f20',
}

/** Final bytes of CSI and SS3. */
const FINAL: Readonly<Record<string, NamedKey>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  a: 'up',
  b: 'down',
  c: 'right',
  d: 'left',
}

/** What rxvt sends instead of the tilde where modifiers are held. */
const RXVT_MODIFIERS: Readonly<Record<string, number>> = { $: SHIFT, '^': CTRL, '@': SHIFT | CTRL }

/** The keypad in application mode: SS3 with these. */
const KEYPAD: Readonly<Record<string, string>> = {
  j: '*',
  k: '+',
  l: ',',
  m: '-',
  n: '.',
  o: '/',
  X: '=',
  p: '0',
  q: '1',
  r: '2',
  s: '3',
  t: '4',
  u: '5',
  v: '6',
  w: '7',
  x: '8',
  y: '9',
}

/** Linux console: CSI [ letter. */
const CONSOLE: Readonly<Record<string, NamedKey>> = { A: 'f1', B: 'f2', C: 'f3', D: 'f4', E: 'f5' }

/** Code points that are keys of their own. */
const CODES: Readonly<Record<number, NamedKey>> = {
  8: 'backspace',
  9: 'tab',
  10: 'enter',
  13: 'enter',
  27: 'escape',
  127: 'backspace',
  57414: 'enter',
  57417: 'left',
  57418: 'right',
  57419: 'up',
  57420: 'down',
  57421: 'pageup',
  57422: 'pagedown',
  57423: 'home',
  57424: 'end',
  57425: 'insert',
  57426: 'delete',
}
/** kitty's keypad: 57399 is 0, and so on */
const KITTY_KEYPAD = '0123456789./*-+'
const KITTY_KEYPAD_FIRST = 57399
const KITTY_F13 = 57376
const KITTY_F35 = 57398
const PRIVATE = { from: 57344, to: 63743 }
const RELEASED = 3

/** A key by its code point, as modifyOtherKeys and kitty send it; undefined for keys that mean nothing here. */
function byCode(code: number, mods: number): Key | undefined {
  const name = CODES[code]
  if (name !== undefined) return named(name, mods)
  if (code >= KITTY_F13 && code <= KITTY_F35) return named(`f${code - KITTY_F13 + 13}`, mods)
  const pad = KITTY_KEYPAD[code - KITTY_KEYPAD_FIRST]
  if (pad !== undefined) return char(pad, mods)
  if (code < 32 || code > 0x10ffff || (code >= PRIVATE.from && code <= PRIVATE.to)) return undefined
  if (code >= 0xd800 && code <= 0xdfff) return undefined
  const c = String.fromCodePoint(code)
  if ((mods & SHIFT) === 0) return char(c, mods)
  // letters include their shift; for other keys the shifted character depends on the keyboard
  if (c.toUpperCase() === c.toLowerCase()) return { ...char(c, mods), shift: true }
  return char((mods & CTRL) === 0 ? c.toUpperCase() : c, mods)
}

/** Modifier parameter (1 + bits; caps and num lock are of no interest) to bits. */
function modifiers(p: string | undefined): number {
  const n = Number.parseInt(p ?? '1', 10)
  return Number.isNaN(n) || n < 1 ? 0 : (n - 1) & (SHIFT | ALT | CTRL)
}

function mouse(cb: number, x: number, y: number, released: boolean): Mouse | undefined {
  if (x < 0 || y < 0) return undefined
  const button = cb & 3
  if ((cb & 64) !== 0) {
    if (button > 1 || released) return undefined
    return { type: 'mouse', action: button === 0 ? 'wheelup' : 'wheeldown', button: 3, x, y }
  }
  if ((cb & 32) !== 0) return { type: 'mouse', action: button === 3 ? 'move' : 'drag', button, x, y }
  return { type: 'mouse', action: released || button === 3 ? 'release' : 'press', button, x, y }
}

/** A mouse report with decimal coordinates (SGR): button;x;y, which ends with M, or m for a release. */
function sgrMouse(report: string, final: string): Mouse | undefined {
  if (final !== 'M' && final !== 'm') return undefined
  const [cb, x, y] = report.split(';').map(Number)
  if (cb === undefined || x === undefined || y === undefined || Number.isNaN(cb + x + y)) return undefined
  return mouse(cb, x - 1, y - 1, final === 'm')
}

/** A key by its number, or with 27 in its place and the code point as the third parameter (modifyOtherKeys). */
function numbered(params: readonly string[], mods: number): Key | undefined {
  const n = Number.parseInt(params[0] as string, 10)
  if (n === 27 && params.length === 3) return byCode(Number.parseInt(params[2] as string, 10), mods)
  const name = TILDE[n]
  return name && named(name, mods)
}

/**
 * The meaning of `ESC [ params final`; undefined if it means nothing here (replies of the terminal, focus, unknown
 * keys); it must not be taken for text.
 */
export function csi(params: string, final: string): Input | undefined {
  if (params.startsWith('<')) return sgrMouse(params.slice(1), final)
  if (/^[?>=]/.test(params)) return undefined
  const list = params.split(';')
  const [mod, event] = (list[1] ?? '').split(':')
  if (Number(event ?? 1) === RELEASED) return undefined
  const mods = modifiers(mod)
  if (final === '~' || RXVT_MODIFIERS[final] !== undefined) return numbered(list, RXVT_MODIFIERS[final] ?? mods)
  if (final === 'u') return byCode(Number.parseInt(list[0] as string, 10), mods)
  if (final === 'Z') return named('tab', SHIFT)
  if (final === 'M' || final === 't') return undefined
  const name = FINAL[final]
  if (name === undefined) return undefined
  return named(name, /[a-d]/.test(final) ? mods | SHIFT : mods)
}

/** The meaning of `ESC O final`, with a modifier in between as some terminals put it. */
export function ss3(params: string, final: string): Key | undefined {
  const mods = modifiers(params.split(';').pop() || undefined)
  if (final === 'M') return named('enter', mods)
  const pad = KEYPAD[final]
  if (pad !== undefined) return char(pad, mods)
  const name = FINAL[final]
  return name && named(name, /[a-d]/.test(final) ? mods | CTRL : mods)
}

/** The meaning of the Linux console's `ESC [ [ letter`. */
export function consoleKey(letter: string): Key | undefined {
  const name = CONSOLE[letter]
  return name && named(name)
}

/** The mouse report of terminals without SGR coordinates: three bytes after `ESC [ M`. */
export function oldMouse(b: number, x: number, y: number): Mouse | undefined {
  return mouse(b - 32, x - 33, y - 33, false)
}

/** A byte below 32, or 127. */
export function control(byte: number): Key {
  const name = CODES[byte]
  if (name !== undefined && byte !== 8) return named(name)
  if (byte === 8) return named('backspace')
  if (byte === 0) return char(' ', CTRL)
  if (byte < 27) return char(String.fromCharCode(byte + 96), CTRL)
  return char(String.fromCharCode(byte + 64), CTRL)
}

/** The same key with Alt held. */
export function withAlt(input: Input): Input {
  return input.type === 'key' ? { ...input, alt: true } : input
}
