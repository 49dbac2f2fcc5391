// Bytes of terminals to keys: every encoding of a key gives this key, and no part of a sequence is ever read as text.

import { expect, test } from 'vitest'
import { Decoder } from '../../../src/tui/input/decoder.js'
import { type Input, keyId } from '../../../src/tui/input/input.js'
import fc from '../../helpers/properties.js'

/** The input from the bytes, pending ones flushed. */
function decode(...pieces: (string | Uint8Array)[]): Input[] {
  const d = new Decoder()
  const out = pieces.flatMap((p) => d.push(typeof p === 'string' ? Buffer.from(p, 'utf8') : p))
  return [...out, ...d.flush()]
}

const ids = (...pieces: (string | Uint8Array)[]) =>
  decode(...pieces).map((i) =>
    i.type === 'key' ? keyId(i) : i.type === 'mouse' ? `mouse ${i.action}` : `paste ${i.text}`,
  )

const KEYS: readonly (readonly [bytes: string, key: string])[] = [
  // xterm, VTE, tmux
  ['\x1b[A', 'up'],
  ['\x1bOA', 'up'],
  ['\x1b[1;5C', 'ctrl+right'],
  ['\x1b[1;2D', 'shift+left'],
  ['\x1b[H', 'home'],
  ['\x1b[F', 'end'],
  ['\x1b[5~', 'pageup'],
  ['\x1b[6~', 'pagedown'],
  ['\x1b[3~', 'delete'],
  ['\x1b[2~', 'insert'],
  ['\x1b[Z', 'shift+tab'],
  ['\x1bOP', 'f1'],
  ['\x1bOS', 'f4'],
  ['\x1b[15~', 'f5'],
  ['\x1b[17~', 'f6'],
  ['\x1b[20~', 'f9'],
  ['\x1b[21~', 'f10'],
  ['\x1b[24~', 'f12'],
  ['\x1b[24;2~', 'shift+f12'],
  ['\x1b[1;2P', 'shift+f1'],
  // tmux and screen with old terminfo, putty
  ['\x1b[1~', 'home'],
  ['\x1b[4~', 'end'],
  ['\x1b[11~', 'f1'],
  ['\x1b[14~', 'f4'],
  // Linux console
  ['\x1b[[A', 'f1'],
  ['\x1b[[E', 'f5'],
  // rxvt
  ['\x1b[7~', 'home'],
  ['\x1b[8~', 'end'],
  ['\x1b[23$', 'shift+f11'],
  ['\x1b[5^', 'ctrl+pageup'],
  ['\x1bOa', 'ctrl+up'],
  // keypad in application mode
  ['\x1bOM', 'enter'],
  ['\x1bOu', '5'],
  // modifyOtherKeys and kitty
  ['\x1b[27;5;102~', 'ctrl+f'],
  ['\x1b[102;5u', 'ctrl+f'],
  ['\x1b[27u', 'escape'],
  ['\x1b[13;2u', 'shift+enter'],
  ['\x1b[57399u', '0'],
  ['\x1b[97:65;2u', 'A'],
  ['\x1b[97;2u', 'A'],
  ['\x1b[49;2u', 'shift+1'],
  // plain
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\t', 'tab'],
  ['\x7f', 'backspace'],
  ['\x08', 'backspace'],
  ['\x06', 'ctrl+f'],
  ['\x1a', 'ctrl+z'],
  ['\x1c', 'ctrl+\\'],
  ['\x00', 'ctrl+space'],
  [' ', 'space'],
  ['G', 'G'],
  ['é', 'é'],
  ['漢', '漢'],
  ['😀', '😀'],
  ['\x1bx', 'alt+x'],
  ['\x1b\r', 'alt+enter'],
  ['\x1b\x1b[A', 'alt+up'],
  ['\x1b', 'escape'],
  ['\x1b[', 'alt+['],
]

test.each(KEYS)('%j is %s', (bytes, key) => {
  expect(ids(bytes)).toEqual([key])
})

test.each(KEYS)('%j is one key in whatever pieces it arrives', (bytes, key) => {
  const all = Buffer.from(bytes, 'utf8')
  for (let cut = 1; cut < all.length; cut++) expect(ids(all.subarray(0, cut), all.subarray(cut))).toEqual([key])
})

test('releases of keys, responses of the terminal and unknown sequences are ignored', () => {
  for (const bytes of [
    '\x1b[97;1:3u',
    '\x1b[?62;22c',
    '\x1b[12;40R'.replace('R', 'n'),
    '\x1b[I',
    '\x1b[O',
    '\x1b]11;rgb:1e1e/1e1e/1e1e\x07',
    '\x1b]52;c;aGk=\x1b\\',
    '\x1bP1$r0m\x1b\\',
    '\x1b[999~',
    '\x1b[57441u',
  ])
    expect(ids(bytes, 'x'), JSON.stringify(bytes)).toEqual(['x'])
})

test('the mouse is reported with button and cell', () => {
  expect(decode('\x1b[<0;10;5M')).toEqual([{ type: 'mouse', action: 'press', button: 0, x: 9, y: 4 }])
  expect(decode('\x1b[<0;10;5m')).toEqual([{ type: 'mouse', action: 'release', button: 0, x: 9, y: 4 }])
  expect(decode('\x1b[<32;300;200M')).toEqual([{ type: 'mouse', action: 'drag', button: 0, x: 299, y: 199 }])
  expect(ids('\x1b[<64;1;1M', '\x1b[<65;1;1M')).toEqual(['mouse wheelup', 'mouse wheeldown'])
  expect(decode(Buffer.from([0x1b, 0x5b, 0x4d, 32, 33 + 250 - 200, 40]))).toEqual([
    { type: 'mouse', action: 'press', button: 0, x: 50, y: 7 },
  ])
})

test('a paste is text, whatever it contains', () => {
  expect(ids('\x1b[200~q\x1b[Ax\x1b[201~z')).toEqual(['paste q\x1b[Ax', 'z'])
  expect(ids('a\x1b[200~one', ' two\x1b[20', '1~b')).toEqual(['a', 'paste one two', 'b'])
})

test('several keys in one piece are all read, in order', () => {
  expect(ids('jj\x1b[B\x1bOPq\x1b')).toEqual(['j', 'j', 'down', 'f1', 'q', 'escape'])
  expect(ids('\x1b\x1b')).toEqual(['escape', 'escape'])
})

test('Esc waits for the next byte, and only Esc does so, briefly', () => {
  const d = new Decoder()
  expect(d.push(Buffer.from('\x1b'))).toEqual([])
  expect(d.patience).toBe(50)
  expect(d.flush().map((i) => i.type === 'key' && i.name)).toEqual(['escape'])
  expect(d.patience).toBeUndefined()
  d.push(Buffer.from('\x1b[1;'))
  expect(d.patience).toBe(500)
  expect(d.flush()).toEqual([])
})

test('the input does not depend on how bytes are split into pieces', () => {
  const piece = fc.oneof(
    fc.constantFrom(...KEYS.filter(([b]) => b !== '\x1b' && b !== '\x1b[').map(([b]) => b)),
    fc.string({ unit: 'grapheme', maxLength: 4 }).filter((s) => !/[\0-\x1f\x7f]/.test(s)),
    fc.constantFrom('\x1b[<0;1;1M', '\x1b[<65;80;24M', '\x1b[200~hi\x1b[201~', '\x1b]0;t\x07'),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(64), { maxLength: 20 }), (parts, cuts) => {
      const all = Buffer.from(parts.join(''), 'utf8')
      const at = [...new Set(cuts.map((c) => c % (all.length + 1)))].sort((a, b) => a - b)
      const pieces = [...at, all.length].map((end, i) => all.subarray(i === 0 ? 0 : at[i - 1], end))
      expect(decode(...pieces)).toEqual(decode(all))
    }),
  )
})

test('any bytes are accepted, with little memory', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (pieces) => {
      const d = new Decoder()
      for (const p of pieces) {
        for (const i of d.push(p)) if (i.type === 'key' && i.name === 'char') expect([...i.char].length).toBe(1)
        if (d.patience !== undefined) expect(d.patience).toBeGreaterThan(0)
      }
      d.flush()
    }),
  )
  const d = new Decoder()
  expect(d.push(Buffer.from(`\x1b]${'x'.repeat(100_000)}`))).toEqual([])
  expect(d.push(Buffer.from('q')).map((i) => i.type === 'key' && i.char)).toEqual(['q'])
})
