// Every key in every place: it does something, or says why it does not.
import { expect, test } from 'vitest'
import { Decoder } from '../../../src/tui/input/decoder.js'
import { keyId } from '../../../src/tui/input/input.js'
import { BINDINGS } from '../../../src/tui/keys/bindings.js'
import { newPage } from '../../../src/tui/state/model.js'
import { update } from '../../../src/tui/state/update.js'
import { DOWN, ENTER, meterOf, Ui, views } from './ui.js'

/** What a terminal sends for a key. */
const BYTES: Readonly<Record<string, string>> = {
  ...{ up: '\x1b[A', down: '\x1b[B', right: '\x1b[C', left: '\x1b[D', home: '\x1b[H', end: '\x1b[F' },
  ...{
    pageup: '\x1b[5~',
    pagedown: '\x1b[6~',
    delete: '\x1b[3~',
    escape: '\x1b',
    enter: '\r',
    backspace: '\x7f',
    space: ' ',
  },
  ...{ f1: '\x1bOP', f2: '\x1bOQ', f3: '\x1bOR', f4: '\x1bOS', f5: '\x1b[15~', f6: '\x1b[17~', f7: '\x1b[18~' },
  ...{ f8: '\x1b[19~', f9: '\x1b[20~', f10: '\x1b[21~', f12: '\x1b[24~' },
}
const bytesOf = (key: string): string | undefined =>
  BYTES[key] ??
  (/^ctrl\+[a-z]$/.test(key) ? String.fromCharCode(key.charCodeAt(5) - 96) : [...key].length === 1 ? key : undefined)

const meter = meterOf({ kept: 42e9, time: 1_000_000 })
const of = (id: string) =>
  new Ui({ meter, masked: false, pages: [newPage(views.find((v) => v.id === id)!, undefined)] })
const PLACES: Readonly<Record<string, () => Ui>> = {
  'a table': () =>
    of('procs')
      .rows(...Array.from({ length: 60 }, (_, i) => i))
      .type(`${DOWN}${DOWN}`),
  'a table below a row': () => of('procs').rows(1, 2).type(ENTER).rows(3, 4, 5).type(DOWN),
  'a list of events': () => of('dig').rows(1, 2, 3),
  'a conversation': () => of('echo').rows(1, 2, 3),
}
/** Keys that move find nothing further where the person is at the end already, or nothing is wider than the screen. */
const MOVES = new Set(['up', 'down', 'pageUp', 'pageDown', 'home', 'end', 'left', 'right'])

test.each(Object.keys(PLACES))('in %s', (place) => {
  const silent: string[] = []
  for (const b of BINDINGS.filter((b) => b.places.includes('table') && !MOVES.has(b.command)))
    for (const key of b.keys) {
      const bytes = bytesOf(key)
      if (bytes === undefined) continue
      const { state } = PLACES[place]!()
      const decoder = new Decoder()
      const [input] = [...decoder.push(Buffer.from(bytes)), ...decoder.flush()]
      if (input?.type !== 'key' || keyId(input) !== key) silent.push(`${key} is never sent`)
      else {
        const after = update({ ...state, note: undefined }, { kind: 'input', input, at: 0 })
        const changed = JSON.stringify(after.state) !== JSON.stringify({ ...state, note: undefined })
        if (!changed && after.effects.length === 0) silent.push(`${key} (${b.command})`)
      }
    }
  expect(silent).toEqual([])
})
