// The UI over bundled captures, in a real terminal: the screen shows what the engine computes.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { registry } from '../../src/fields/index.js'
import { checkFilter } from '../../src/filter/index.js'
import { openTrace } from '../../src/run/file-kinds.js'
import { type View, WHOLE_MACHINE } from '../../src/views/define.js'
import { loadViews } from '../../src/views/index.js'
import { ksys } from '../helpers/ksys.js'
import { type EngineRows, engineRows } from './engine.js'
import { hasTmux, Terminal } from './terminal.js'

const CAPTURES = fileURLToPath(new URL('../../captures/', import.meta.url))
const MAIN = fileURLToPath(new URL('../../.build/js/src/main.js', import.meta.url))
const views = await loadViews()
const capture = (name: string) => `${CAPTURES}${name}.ksys`

let t: Terminal | undefined
afterEach(() => {
  t?.close()
  t = undefined
})

/** Waits until a file has been read and its rows are shown. */
async function whole(t: Terminal, row: string | RegExp = /\b1\/\d+ $/): Promise<string[]> {
  return t.until(
    'all rows',
    (l) => !/reading|starting/.test(l[0] ?? '') && new RegExp(row).test(`${(l.at(-1) ?? '').trimEnd()} `),
  )
}

/** The table on the screen has the engine's rows, each once, ordered by the sorting column. */
async function sameRows(t: Terminal, { titles, rows, sorted }: EngineRows, view: View): Promise<void> {
  if (rows.length === 0) {
    await t.shows((view.empty ?? 'No event matches this view.').slice(0, 30))
    return
  }
  const lines = await whole(t, `\\b\\d+/${rows.length} $`)
  const title = lines.findIndex((l) => titles.every((c) => l.includes(c)))
  expect(title).toBeGreaterThan(0)
  const body = lines.slice(title + 1, -1).filter((l) => l.trim() !== '')
  expect(body.length).toBe(Math.min(rows.length, lines.length - title - 2))
  const left = [...rows]
  for (const [i, line] of body.entries()) {
    // a cell that does not fit is cut, a path at its start
    const shows = (cell: string) =>
      [collapse(cell).slice(0, 12), collapse(cell).slice(-12)].some((part) => collapse(line).includes(part))
    const at = left.findIndex((r) => r.every(shows))
    expect(at, `${view.name} has no row left for: ${line}`).toBeGreaterThanOrEqual(0)
    const [row] = left.splice(at, 1)
    const sort = sorted ?? -1
    if (sorted !== undefined) expect(row?.[sort], `order of ${view.name}`).toBe(rows[i]?.[sort])
  }
}

/** The number of processes in a bundled capture. */
async function processes(name: string): Promise<number> {
  const { rows } = await engineRows(capture(name), views.find((v) => v.id === 'procs') as View)
  return rows.length
}

const collapse = (s: string) => s.replace(/\s+/g, ' ').trim()

describe.skipIf(!hasTmux)('the UI over a file', () => {
  test('in every view the rows are the engine’s', async () => {
    const file = capture('web')
    t = new Terminal(200, 50)
    t.ui('-r', file)
    await whole(t)
    for (const [i, view] of views.filter((v) => v.appliesTo.includes(WHOLE_MACHINE)).entries()) {
      if (view.spectrogram !== undefined) continue
      t.keys('F2')
      await t.shows('Select view')
      t.keys('Home', ...Array.from({ length: i }, () => 'Down'), 'Enter')
      await t.until(
        view.name,
        (l) => (l[0] ?? '').startsWith(` ksys ${view.name} `) && !l.some((x) => x.includes('Select view')),
      )
      await sameRows(t, await engineRows(file, view), view)
    }
  })

  test('the host is not a container', async () => {
    const containers = views.find((v) => v.id === 'containers') as View
    expect((await engineRows(capture('web'), containers)).rows).toEqual([])
  })

  test('Enter opens a row, the path is shown, and Backspace returns to this row', async () => {
    t = new Terminal()
    t.ui('-r', capture('web'))
    const all = await processes('web')
    await t.shows(new RegExp(`\\b1/${all}\\b`))
    t.keys('Down', 'Down')
    const before = await t.shows(new RegExp(`\\b3/${all}\\b`))
    const pid = /^\s*(\d+)/.exec(before[before.findIndex((l) => l.includes('PPID')) + 3] ?? '')?.[1]
    t.keys('Enter')
    const inside = await t.until('threads of the process', (l) => /TID/.test(l.join()) && /\b1\/\d+/.test(l.join()))
    expect(inside[0]).toContain(`Processes › proc.pid=${pid} Threads`)
    const first = inside.findIndex((l) => l.includes('TID')) + 1
    const rows = inside.slice(first, -1).filter((l) => l.trim() !== '')
    expect(rows.length).toBeGreaterThan(0)
    for (const r of rows) expect(r.trim().split(/\s+/)[0]).toBe(pid)
    t.keys('BSpace')
    const after = await t.shows(new RegExp(`\\b3/${all}\\b`))
    expect(after[0]).not.toContain('Threads')
    expect(after.findIndex((l) => new RegExp(`^\\s*${pid}\\b`).test(l))).toBe(
      before.findIndex((l) => new RegExp(`^\\s*${pid}\\b`).test(l)),
    )
  })

  test('in a trace of several hosts each process belongs to one host', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ksys-tui-'))
    try {
      const both = join(dir, 'both.ksys')
      ksys(['merge', capture('web'), capture('web'), '-w', both, '--host', 'one', '--host', 'two'])
      t = new Terminal()
      t.ui('-r', both)
      const rows = await t.shows(new RegExp(`\\b1/${2 * (await processes('web'))}\\b`))
      expect(rows.find((l) => l.includes('PPID'))).toMatch(/^\s*HOST\b/)
      for (const host of ['one', 'two'])
        expect(rows.filter((l) => new RegExp(`^ *${host} `).test(l)).length).toBeGreaterThan(3)
      t.keys('Enter')
      const inside = await t.until('its threads', (l) => /TID/.test(l.join()) && /\b1\/\d+/.test(l.join()))
      expect(inside[0]).toMatch(/Processes › proc\.pid=\d+ host\.name=(one|two) Threads/)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

  test('a filter shows what it passes; an error is shown with its position', async () => {
    t = new Terminal()
    t.ui('-r', capture('web'), '-v', 'files')
    await t.shows(/\b1\/\d+/)
    t.type('\\')
    await t.shows('Enter applies it')
    t.type('proc.nam')
    t.keys('Tab')
    await t.shows('filter  proc.name')
    t.keys('Enter')
    await t.shows('^')
    t.type('=python3')
    t.keys('Enter')
    const files = views.find((v) => v.id === 'files') as View
    const { rows } = await engineRows(capture('web'), files, 'proc.name=python3')
    await whole(t, `\\b1/${rows.length} $`)
    await t.shows('filter proc.name=python3')
    expect(checkFilter('proc.name=python3', registry).warnings).toEqual([])
  })

  test('containers have their column if the file contains any', async () => {
    const packed = fileURLToPath(new URL('../golden/captures/container.scap.gz', import.meta.url))
    const dir = mkdtempSync(join(tmpdir(), 'ksys-tui-'))
    try {
      writeFileSync(join(dir, 'container.scap'), gunzipSync(readFileSync(packed)))
      t = new Terminal()
      t.ui('-r', join(dir, 'container.scap'))
      await t.shows(/PID.*CONTAINER.*Command/)
      t.resize(80, 24)
      // tmux cuts off the top of the old screen, and the rest of it ends as the new one does
      const head = /PID .*▼CPU .* Command.* \+\d+ →$/
      const narrow = await t.until('the smaller screen', (l) => l.length === 24 && l.some((line) => head.test(line)))
      expect(narrow.join('\n')).toMatch(/ emacs -nw$/m)
      t.keys('Right')
      await t.shows(/PID +PPID +VPID .*CONTAINER/)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

  test('columns are sorted by key and by click, in both directions', async () => {
    t = new Terminal()
    t.ui('-r', capture('build'), '-v', 'syscalls')
    const numbers = (l: string[], column: string) => {
      const at = l.findIndex((x) => x.includes('SYSCALL') && x.includes('ERRORS'))
      const end = (l[at] ?? '').indexOf(column) + column.length
      return l
        .slice(at + 1, -1)
        .map((x) => x.slice(end - 8, end).trim())
        .filter((x) => x !== '')
        .map(Number)
    }
    await t.shows('▼CALLS/S')
    t.type('%')
    const down = numbers(await t.shows('▼ERRORS'), 'ERRORS')
    expect(down).toEqual([...down].sort((a, b) => b - a))
    t.type('%')
    const up = numbers(await t.shows('▲ERRORS'), 'ERRORS')
    expect(up).toEqual([...up].sort((a, b) => a - b))
    const line = t.lines().findIndex((l) => l.includes('▲ERRORS'))
    const x = (t.lines()[line] ?? '').indexOf('SYSCALL')
    t.type(`\x1b[<0;${x + 2};${line + 1}M\x1b[<0;${x + 2};${line + 1}m`)
    const names = await t.shows('SYSCALL▲')
    const column = names
      .slice(line + 1, -1)
      .filter((l) => l.trim())
      .map((l) => l.trim().split(/\s+/).at(-1) as string)
    expect(column).toEqual([...column].sort())
  })

  test('search finds a row, the views menu describes its entries, the help has every key', async () => {
    t = new Terminal()
    t.ui('-r', capture('build'), '-v', 'syscalls')
    await t.shows(/\b1\/\d+/)
    t.type('/mprot')
    t.keys('Enter')
    await t.until('the found row', (l) => !/\b1\/\d+/.test(l.at(-1) ?? ''))
    t.keys('F2')
    await t.shows('Select view')
    t.keys('Home')
    await t.shows('Every process with the CPU')
    t.keys('Enter')
    await t.shows('PPID')
    t.type('?')
    const help = await t.shows('Keys')
    for (const key of ['F1', 'F2', 'F4', 'F9', 'F10', 'PgUp']) expect(help.join('\n')).toContain(key)
    t.keys('Escape')
    await t.shows(/^F1 Help/)
    t.type(':command')
    t.keys('Enter')
    await t.shows(`ksys ui -r ${capture('build')}`)
  })

  test.each([
    [80, 24],
    [300, 100],
    [120, 40],
  ])('the screen is complete at %dx%d and after resizing to it', async (width, height) => {
    t = new Terminal(width, height)
    t.ui('-r', capture('build'))
    const first = await whole(t)
    expect(first.length).toBe(height)
    expect(first[0]).toMatch(/^ ksys Processes/)
    expect(first.at(-1)).toMatch(/^F1 Help/)
    t.resize(100, 30)
    await t.until('the smaller screen', (l) => l.length === 30 && /^F1 Help/.test(l[29] ?? ''))
    t.resize(10, 3)
    await t.shows(/too/)
    t.resize(width, height)
    const again = await t.until('the first screen', (l) => /^F1 Help/.test(l[height - 1] ?? ''))
    expect(again).toEqual(first)
  })

  test('key presses write lines and never clear the screen', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ksys-tui-'))
    try {
      t = new Terminal()
      t.ui('-r', capture('build'))
      await whole(t)
      const raw = join(dir, 'written')
      t.record(raw)
      for (const [keys, shown] of [
        [['Down', 'Down'], /\b3\/\d+$/],
        [['F2'], 'Select view'],
        [['Escape'], /^F1 Help/],
        [['F1'], 'Esc closes'],
        [['Escape'], /^F1 Help/],
      ] as const) {
        t.keys(...keys)
        await t.shows(shown)
      }
      const written = readFileSync(raw, 'latin1')
      expect(written).toContain('Esc closes')
      expect(written).not.toMatch(/\x1b\[\d*J|\x1bc/)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

  test('if CI is set the screen is drawn as usual', async () => {
    t = new Terminal(100, 24, { CI: 'true' })
    t.ui('-r', capture('build'))
    await whole(t)
    t.keys('Down')
    await whole(t, /\b2\/\d+ $/)
  })

  test('the command that :command shows opens the same screen, and y copies it', async () => {
    t = new Terminal(160, 40)
    t.ui('-r', capture('web'), '-v', 'files', '--no-args', 'proc.name=python3')
    await t.shows(/\b1\/\d+/)
    t.keys('Down', 'Enter')
    await t.until(
      'the processes',
      (l) => /Files › fd.name=.* Processes/.test(l[0] ?? '') && l.some((x) => x.includes('PPID')),
    )
    const first = await whole(t)
    t.type('y')
    const copied = (await t.shows(/^ copied: /)).map((l) => /^ copied: (.*)/.exec(l)?.[1]).find((l) => l !== undefined)
    const command = t.clipboard()
    // the same data are omitted in both
    expect(command).toContain(' --no-args ')
    expect(command).toContain(copied?.trim().slice(0, 100))
    t.type(':command')
    t.keys('Enter')
    await t.shows(command.slice(0, 100))
    t.keys('q')
    await t.shows('shell>')
    t.type(`${command.replace(/^ksys/, `node ${MAIN}`)}`)
    t.keys('Enter')
    const again = await whole(t)
    const from = (l: string[]) => l.slice(l.findIndex((x) => x.includes('PPID')))
    expect(from(again)).toEqual(from(first))
  })

  test('if a file is removed, the UI ends with a sentence and restores the terminal', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ksys-tui-'))
    try {
      const file = join(dir, 'gone.ksys')
      copyFileSync(capture('web'), file)
      t = new Terminal()
      t.ui('-r', file)
      await whole(t)
      rmSync(file)
      t.keys('Enter')
      await t.shows(`ksys: ${file} cannot be read: there is no such file`)
      t.type('echo "$? $(stty -a | grep -c " echo ")"')
      t.keys('Enter')
      await t.shows(/^4 1$/)
      expect(t.fact('#{alternate_on} #{cursor_flag} #{mouse_any_flag}')).toBe('0 1 0')
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

  test('the readable part of a damaged file is shown, and the damage is reported', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ksys-tui-'))
    try {
      const file = join(dir, 'damaged.ksys')
      const bytes = readFileSync(capture('web'))
      bytes.fill(0x55, bytes.length >> 1, (bytes.length >> 1) + 64)
      writeFileSync(file, bytes)
      t = new Terminal()
      t.ui('-r', file)
      await t.shows(/^ damaged: /)
      // the message may arrive before the rows, and both before everything has been read
      const lines = await t.until('rows, and the end of reading', (l) => {
        return l.some((line) => /\bcurl\b/.test(line)) && !(l[0] ?? '').includes('reading')
      })
      expect(lines[0]).toContain('DAMAGED')
      expect(lines.join('\n')).not.toMatch(/^ +at /m)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

  test('colours are those of the terminal', async () => {
    const kinds = [
      [{ TERM: 'tmux-256color' }, ['5']],
      [{ TERM: 'xterm', COLORTERM: 'truecolor' }, ['2']],
      [{ TERM: 'xterm' }, []],
    ] as const
    await Promise.all(
      kinds.map(async ([env, palettes]) => {
        const terminal = new Terminal(100, 24, env)
        try {
          terminal.ui('-r', capture('build'))
          await whole(terminal)
          const used = new Set([...terminal.coloured().matchAll(/[34]8;([25]);/g)].map((m) => m[1]))
          expect([...used], JSON.stringify(env)).toEqual(palettes)
        } finally {
          terminal.close()
        }
      }),
    )
  })

  test('a light background has its own bar colours, if the terminal reports it or the user selects it', async () => {
    const bars = { light: '48;5;254', dark: '48;5;237' }
    const kinds = [
      [{ COLORFGBG: '0;15' }, [], 'light'],
      [{}, ['--theme', 'light'], 'light'],
      [{ COLORFGBG: '0;15' }, ['--theme', 'dark'], 'dark'],
    ] as const
    for (const [env, words, theme] of kinds) {
      const terminal = new Terminal(80, 24, env)
      try {
        terminal.ui('-r', capture('web'), ...words)
        await whole(terminal)
        expect(terminal.coloured()).toContain(bars[theme])
        expect(terminal.coloured()).not.toContain(bars[theme === 'light' ? 'dark' : 'light'])
      } finally {
        terminal.close()
      }
    }
  })

  test.each(['dumb', ''])('TERM=%s is reported in a sentence, and nothing is drawn', async (term) => {
    t = new Terminal(100, 24)
    t.type(`TERM=${term} node ${MAIN} ui -r ${capture('build')}; echo "code $?"`)
    t.keys('Enter')
    const lines = await t.shows(/^code 2$/)
    expect(lines.join('')).toContain(
      `ksys: the UI needs a terminal that can show a full screen, and TERM is '${term}'; without one --plain prints a view as text`,
    )
    expect(t.fact('#{alternate_on}')).toBe('0')
  })

  test('without colours nothing is coloured', async () => {
    t = new Terminal(100, 30, { NO_COLOR: '1' })
    t.type(`NO_COLOR=1 node ${MAIN} ui -r ${capture('build')}`)
    t.keys('Enter')
    await t.shows(/\b1\/\d+/)
    const sgr = [...t.coloured().matchAll(/\x1b\[([\d;]*)m/g)].flatMap((m) => (m[1] ?? '').split(';').map(Number))
    expect(sgr.filter((n) => n >= 30)).toEqual([])
  })
})

test('every bundled capture opens', async () => {
  const files = readdirSync(CAPTURES).filter((f) => f.endsWith('.ksys'))
  expect(files.length).toBeGreaterThan(0)
  for (const f of files) await (await openTrace(`${CAPTURES}${f}`)).close()
})
