// The keys of actions: nothing runs except a selected action that was shown completely, and confirmed if it changes something.
import { expect, test } from 'vitest'
import type { OwnAction } from '../../../src/actions/define.js'
import type { UiState } from '../../../src/tui/model/model.js'
import { DOWN, ENTER, snapshot, Ui } from './ui.js'

const own: OwnAction = { id: 'own:p', own: true, title: 'perf', doc: 'Looks.', argv: ['perf', '{proc.pid}'], key: 'w' }
const AS = { ours: 'root', own: 'anna' }
/** ns since the epoch */
const BEGAN = 1_790_000_000_000_000_000n

/** Processes 10 and 11, with the worker's data about them. */
function processes(over: Partial<UiState> = {}): Ui {
  const ui = new Ui(over)
  const s = snapshot(ui.state.number, [10, 11])
  const rows = s.rows.map((r) => ({ ...r, cells: [...r.cells.slice(0, 5), BEGAN, ...r.cells.slice(5)] }))
  return ui.do({ kind: 'report', report: { ...s, rows } })
}
const done = (ui: Ui) => ui.effects.filter((e) => e.kind === 'run' || e.kind === 'copy')

test.each(['a', '\x1b[19~'])(
  '%j opens the actions of the row, Enter shows the command and y copies it; nothing runs',
  (key) => {
    const ui = processes().type(DOWN + key)
    expect(ui.text()).toMatch(/Select action[\s\S]*kill -9[\s\S]*kill -TERM 11[\s\S]*requires ksys ui --actions/)
    ui.type(ENTER)
    expect(ui.text()).toContain('y copies it, Esc closes it')
    ui.type(`${ENTER}y`)
    expect(ui.text()).toContain('copied: kill -TERM 11')
    expect(done(ui)).toEqual([{ kind: 'copy', text: 'kill -TERM 11' }])
  },
)

test('with --actions it runs: at once, or if it changes something after y and no other key', () => {
  const ui = processes({ runsAs: AS })
  ui.type(`a${ENTER}`)
  expect(ui.text()).toContain('Runs as root. It makes changes and needs confirmation.')
  ui.type(ENTER)
  expect(ui.text()).toContain('Run it? y/N')
  for (const no of ['n', ENTER, '\x1b', ' ', 'Y']) ui.type(no).type(`a${ENTER}${ENTER}`)
  expect(done(ui)).toEqual([])
  ui.type('y')
  const values = { 'proc.pid': '10', 'proc.pid.ts': String(BEGAN) }
  expect(done(ui)).toMatchObject([{ kind: 'run', offer: { action: { id: 'kill' }, values } }])
  // strace changes nothing
  ui.type(`a${DOWN.repeat(4)}${ENTER}${ENTER}`)
  expect(done(ui).at(-1)).toMatchObject({ offer: { argv: ['strace', '-f', '-p', '10'] } })
  expect(ui.state.overlay).toBeUndefined()
  expect(ui.do({ kind: 'ran', text: 'strace has ended' }).text()).toContain('strace has ended')
})

test('no plain key runs anything, over the table or over the menu', () => {
  const keys = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i))
  for (const key of keys) expect(done(processes({ runsAs: AS }).type(key)).filter((e) => e.kind === 'run')).toEqual([])
  for (const key of keys) expect(done(processes({ runsAs: AS }).type(`a${key}`))).toEqual([])
})

test('a user-defined action has its key in the menu, and waits for Enter too', () => {
  const ui = processes({ actions: [own], runsAs: AS }).type('aw')
  expect(ui.text()).toMatch(/perf\n Looks\.[\s\S]*perf 10[\s\S]*Runs as anna/)
  expect(done(ui)).toEqual([])
  expect(done(ui.type(ENTER))).toMatchObject([{ kind: 'run', offer: { argv: ['perf', '10'] } }])
})

test('for rows that have ended, rows of a file and no rows the reason is shown, and nothing runs', () => {
  const gone = processes({ runsAs: AS })
  gone.rows(11)
  gone.type(`a${ENTER}${ENTER}`)
  const file = processes({ runsAs: AS, file: 'x.ksys' }).type(`a${ENTER}${ENTER}`)
  expect(file.text()).toContain('A file shows the past')
  expect(new Ui().rows().type('a').text()).toContain('no row is selected')
  for (const ui of [gone, file]) expect(done(ui)).toEqual([])
})

test('on a narrow terminal the whole command is shown', () => {
  const long: OwnAction = {
    ...own,
    argv: ['perf', '{proc.pid}', ...Array.from({ length: 9 }, (_, i) => `--word-${i}=1234567`)],
  }
  const ui = processes({ actions: [long], width: 40, height: 24, runsAs: AS }).type(`a${ENTER}`)
  for (let i = 0; i < 9; i++) expect(ui.text()).toContain(`--word-${i}`)
})
