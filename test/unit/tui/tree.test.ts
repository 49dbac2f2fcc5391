// Rows below each other, crowds and the followed row, as a user controls them.
import { describe, expect, test } from 'vitest'
import { rowsOf, selectedRow } from '../../../src/tui/layout/rows.js'
import { page } from '../../../src/tui/model/model.js'
import { commandLine } from '../../../src/tui/model/query.js'
import type { RowData } from '../../../src/tui/worker/messages.js'
import { BACK, DOWN, ENTER, snapshot, Ui } from './ui.js'

type Given = readonly [pid: number, parent: number | undefined, cpu: number, all?: number]

/** init with a shell and a server; the shell has a make, which has two compilers and has had a crowd. */
const FAMILY: readonly Given[] = [
  [1, undefined, 0, 96],
  [20, 1, 5, 86],
  [21, 20, 1, 81],
  [31, 21, 30],
  [32, 21, 50],
  [11, 1, 10],
]
const CROWD: RowData = {
  id: 'crowd',
  keys: [undefined],
  cells: [undefined, 3, 'sed x12 of make', 'sed', 'make', undefined],
  group: { by: ['sed', 'make'], count: 12 },
  parent: '21',
}

function family(ui: Ui, given: readonly Given[] = FAMILY): Ui {
  const rows = given.map(([pid, parent, cpu, all]): RowData => {
    const cells = [pid, cpu, `program ${pid}`, '/bin/program', 'shell', 'program']
    return {
      id: String(pid),
      keys: [pid],
      cells,
      ...(parent !== undefined && { parent: String(parent) }),
      ...(all !== undefined && { subtree: cells.with(1, all) }),
    }
  })
  const all = [...rows, CROWD].sort((a, b) => Number(b.cells[1]) - Number(a.cells[1]))
  return ui.do({ kind: 'report', report: { ...snapshot(ui.state.number, []), rows: all, total: all.length } })
}

/** Numbers and names on the screen, from top to bottom. */
const shown = (ui: Ui) =>
  ui
    .text()
    .split('\n')
    .flatMap((l) => /^\s+(?:\d+ +)?(\d+) ((?:…|[├└│─ ])*(?:\[\+\] )?(?:program|sed).*)$/.exec(l)?.slice(1) ?? [])
const names = (ui: Ui) => shown(ui).filter((_, i) => i % 2 === 1)

const TREE = [
  'program 1',
  '├─ program 20',
  '│ └─ program 21',
  '│   ├─ program 32',
  '│   ├─ program 31',
  '│   └─ sed x12 of make',
  '└─ program 11',
]

describe('the process tree', () => {
  test('t shows each below its parent, those with the highest totals first; again: the list', () => {
    const ui = family(new Ui())
    const list = names(ui)
    expect(list[0]).toBe('program 32')
    expect(names(ui.type('t'))).toEqual(TREE)
    // as it is on the screen: with the line that connects it
    expect(ui.text()).toContain(' 32       50 │   ├─ program 32')
    expect(names(family(ui))).toEqual(TREE)
    expect(names(ui.type('t'))).toEqual(list)
  })

  test('- hides the rows below a row, which then has the totals; to the left too, for one with nothing below; + shows them', () => {
    const ui = family(new Ui()).type(`t${DOWN}${DOWN}-`)
    expect(shown(ui).slice(4, 8)).toEqual(['81', '│ └─[+] program 21', '10', '└─ program 11'])
    expect(ui.text()).toContain(' 3/7 (4 shown)')
    expect(names(family(ui))).toHaveLength(4)
    expect(names(ui.type('+'))).toEqual(TREE)
    ui.type(`${DOWN}-`)
    expect(ui.selected).toBe(21)
    expect(names(ui)).toHaveLength(4)
    ui.type('--')
    expect(names(ui)).toEqual(['[+] program 1'])
    expect(shown(ui)[0]).toBe('96')
  })

  test('a search finds a hidden row, and shows it', () => {
    const ui = family(new Ui()).type(`t-/program 31${ENTER}`)
    expect(ui.selected).toBe(31)
    expect(names(ui)).toEqual(TREE)
  })

  test('selection and tree remain across refreshes and on return', () => {
    const ui = family(new Ui()).type(`t${DOWN}${DOWN}-${DOWN}`)
    expect(family(ui).selected).toBe(11)
    ui.type(ENTER)
    expect(page(ui.state).view.id).toBe('threads')
    family(ui.type(BACK))
    expect(names(ui)).toHaveLength(4)
    expect(ui.selected).toBe(11)
    expect(commandLine(ui.state)).toBe('ksys ui --tree')
  })

  test('siblings are sorted in the other direction; a row whose parent was not sent is at the left', () => {
    const ui = family(new Ui(), FAMILY.slice(1)).type('t@')
    expect(names(ui)).toEqual([
      'program 11',
      'program 20',
      '└─ program 21',
      '  ├─ sed x12 of make',
      '  ├─ program 31',
      '  └─ program 32',
    ])
  })

  test('on a narrow terminal half of the column is reserved for names', () => {
    const deep = Array.from({ length: 40 }, (_, i): Given => [i + 1, i === 0 ? undefined : i, 1, 1])
    const ui = family(new Ui({ width: 80, height: 60 }), deep).type('t')
    expect(ui.text()).toMatch(/ 40 +1 …[ └─]+ program 40$/m)
  })

  test('rows that are not processes have no tree, which is reported', () => {
    const ui = new Ui()
    const files = ui.state.views.find((v) => v.id === 'files')!
    const other = new Ui({ pages: [{ ...page(ui.state), view: files }] })
    expect(other.type('t').state.note).toContain('not processes')
    expect(family(new Ui()).type('-').state.note).toContain('t shows it')
  })
})

describe('a row for short-lived processes', () => {
  const inside = (keys: string) => {
    const ui = family(new Ui({ meter: { kept: 5e9 } as never }))
    while (ui.state.result?.rows[page(ui.state).at]?.group === undefined) ui.type(DOWN)
    return ui.type(keys)
  }

  test('is opened by Enter: the same view, with a row for each process', () => {
    const ui = inside(ENTER)
    const filter = 'proc.exe=sed and proc.pname=make and proc.duration<1s'
    expect(ui.lastAsk).toMatchObject({ view: 'procs', filter, apart: true })
    expect(ui.text()).toContain('short-lived sed of make')
    expect(ui.type(BACK).lastAsk).toMatchObject({ filter: '', apart: false })
  })

  test('leads to its calls with one key, and reports if it has no parent', () => {
    expect(inside('d').lastAsk).toMatchObject({ view: 'dig', filter: expect.stringContaining('proc.exe=sed and ') })
    const ui = new Ui({ refresh: 250 })
    const orphans = { ...CROWD, group: { by: ['my tool', undefined], count: 2 } }
    const report = { ...snapshot(ui.state.number, []), rows: [orphans], total: 1 }
    expect(ui.do({ kind: 'report', report }).type(ENTER).lastAsk?.filter).toBe(
      'proc.exe="my tool" and not proc.pname exists and proc.duration<250ms',
    )
  })
})

describe('f', () => {
  test('keeps a row selected and in view, shows this, and reports when the row has ended', () => {
    const many = Array.from({ length: 100 }, (_, i) => i + 1)
    const ui = new Ui().rows(...many).type('f')
    expect(ui.effects.at(-1)).toEqual({ kind: 'send', request: { kind: 'pin', id: '1' } })
    // the message disappears with the next key
    ui.type('\x0c').rows(...many.slice(1), 1)
    expect(ui.selected).toBe(1)
    expect(ui.text()).toContain('program 1\n')
    expect(ui.text()).toMatch(/ follows 100\/100$/)
    for (let i = 0; i < 4; i++) ui.rows(...many.slice(1))
    expect(ui.state.note).toContain('the followed row is no longer shown')
    expect(page(ui.state).followed).toBe(false)
  })

  test('its mark disappears when the selection moves, or with f', () => {
    const ui = new Ui().rows(1, 2, 3).type('f')
    expect(page(ui.state).followed).toBe(true)
    expect(ui.type(DOWN).text()).toMatch(/ {3}2\/3$/)
    expect(page(ui.type('ff').state).followed).toBe(false)
  })

  test('in a live list, stays at the end', () => {
    const dig = new Ui().state.views.find((v) => v.id === 'dig')!
    const ui = new Ui({ pages: [{ ...page(new Ui().state), view: dig }] })
    const many = Array.from({ length: 50 }, (_, i) => i + 1)
    ui.rows(...many).type('g')
    expect(ui.rows(...many, 51).selected).toBe(1)
    expect(ui.type('f').rows(...many, 51, 52).selected).toBe(52)
    expect(selectedRow(ui.state)).toBe(rowsOf(ui.state).at(-1))
  })
})
