// The terminal UI in a locale without UTF-8.
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { root } from '../helpers/ksys.js'
import { hasTmux, Terminal } from './terminal.js'

let t: Terminal | undefined
afterEach(() => {
  t?.close()
  t = undefined
})

const inAscii = (lines: readonly string[]) => lines.filter((l) => !/^[\x20-\x7e]*$/.test(l))

describe.skipIf(!hasTmux)('with LC_ALL=C', () => {
  test('every part of the screen is drawn in ASCII', async () => {
    t = new Terminal(200, 40, { LANG: 'C.UTF-8', LC_ALL: 'C' })
    t.ui('-r', join(root, 'captures/build.ksys'), '-v', 'procs')
    expect(inAscii(await t.shows(/-CPU/))).toEqual([])
    t.type('t')
    expect(inAscii(await t.shows(/\|-|`-/)), 'branches of the tree').toEqual([])
    t.type('v')
    expect(inAscii(await t.shows('* Processes')), 'the list of views').toEqual([])
    t.type('latency')
    t.keys('Enter')
    expect(inAscii(await t.shows('<1us  1ms  1s')), 'bars of latencies').toEqual([])
    t.type('?')
    const help = await t.shows('v more')
    expect(inAscii(help), 'the help').toEqual([])
    t.keys('End')
    expect(inAscii(await t.shows('Timeline'))).toEqual([])
    t.keys('Escape')
    // an Esc that is read together with the next key is another key
    await t.until('the table', (lines) => !lines.some((l) => l.includes('Esc closes')))
    t.keys('F12')
    expect(inAscii(await t.shows('|1us')), 'the spectrogram').toEqual([])
  })
})
