// The UI over this machine, in a real terminal: processes of the test are opened and left again, and the terminal is
// restored however the UI ends.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ksys } from '../helpers/ksys.js'
import { hasTmux, Terminal } from './terminal.js'

const canCapture = process.getuid?.() === 0

/** Several threads with steady work: the first one reads a little all the time. */
const LOAD = "setInterval(() => { for (let i = 0; i < 4; i++) require('node:fs').readFileSync('/proc/self/stat') }, 20)"

/** Opens missing files, /nowhere/1 to /nowhere/200, within 4 seconds. */
const NUMBERS = `let n = 0
const timer = setInterval(() => {
  try { require('node:fs').openSync('/nowhere/' + ++n) } catch {}
  if (n === 200) clearInterval(timer)
}, 20)
setTimeout(() => {}, 60_000)`

/** Number of BPF programs that a process has attached. */
function attached(pid: number): number {
  const links = readdirSync(`/proc/${pid}/fdinfo`).map((fd) => {
    try {
      return /^link_id:.*/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))?.[0]
    } catch {
      return undefined
    }
  })
  return new Set(links.filter((l) => l !== undefined)).size
}

let t: Terminal
/** three processes; a test may end some, and the next one has others in their place */
const load: ChildProcess[] = []
/** processes of one test */
const others: ChildProcess[] = []
const runs = (c: ChildProcess | undefined) => c !== undefined && c.exitCode === null && !c.killed

beforeEach(() => {
  t = new Terminal(120, 40)
  for (let i = 0; i < 3; i++)
    if (!runs(load[i])) load[i] = spawn(process.execPath, ['-e', LOAD, `ksys-ui-load-${i + 1}`], { stdio: 'ignore' })
})

afterEach(() => {
  t.close()
  for (const c of others.splice(0)) c.kill('SIGKILL')
})

afterAll(() => {
  for (const c of load) c.kill('SIGKILL')
})

// ksys itself has these words too
const FILTER = 'proc.args contains ksys-ui-load and not proc.args contains main.js'
const pids = () => load.map((c) => c.pid as number)

/** First word of each row of the table, and the line of titles. */
function rows(lines: string[], title: string): string[][] {
  const at = lines.findIndex((l) => l.includes(title))
  return lines
    .slice(at + 1, -1)
    .map((l) => l.trim().split(/\s+/))
    .filter((r) => /^\d+$/.test(r[0] ?? ''))
}

/** pid of the row that is drawn as selected. */
function selected(coloured: string): string | undefined {
  // the selection has a background of its own, titles and bars another one
  const line = coloured.split('\n').find((l) => /\x1b\[[\d;]*48;5;24m/.test(l))
  return line
    ?.replace(/\x1b\[[\d;]*m/g, '')
    .trim()
    .split(/\s+/)[0]
}

/** The numbers of the files of NUMBERS, from top to bottom. */
function numbered(lines: string[]): number[] {
  return lines.flatMap((l) => [...l.matchAll(/\/nowhere\/(\d+)/g)].map((m) => Number(m[1])))
}

/** Whether the screen has a text, and everything before it, and has been unchanged for a second: a large one is drawn in pieces. */
function settled(text: string): (lines: string[]) => boolean {
  let before = ''
  let since = 0
  return (lines) => {
    const now = numbered(lines).join()
    if (now !== before) since = Date.now()
    before = now
    if (/reading/.test(lines[0] ?? '')) since = Date.now()
    return lines.some((l) => l.includes(text)) && Date.now() - since > 1000
  }
}

describe.skipIf(!hasTmux || !canCapture)('the UI over this machine', () => {
  test('processes are shown, idle ones too, with calls a second, and the cost of ksys above', async () => {
    t.ui()
    const lines = await t.until('the load', (l) => rows(l, 'PPID').length > 3 && /calls [1-9]/.test(l[1] ?? ''))
    expect(lines[0]).toMatch(/^ ksys Processes .*live/)
    expect(lines[1]).toMatch(/calls .*errors .*net .*disk .*lost 0 .*ksys [\d.]+% CPU/)
    t.type('/ksys-ui-load-2')
    t.keys('Enter')
    await t.until('the found process', () => selected(t.coloured()) === String(load[1]?.pid))
  })

  test('over ten refreshes the selected process remains selected', async () => {
    t.ui('-d', '200', FILTER)
    await t.until('three processes', (l) => rows(l, 'PPID').length === 3)
    t.keys('End')
    await t.shows(/\b3\/3\b/)
    const pid = selected(t.coloured())
    expect(pids().map(String)).toContain(pid)
    for (let i = 0; i < 10; i++) {
      await new Promise((resolve) => setTimeout(resolve, 220))
      expect(selected(t.coloured())).toBe(pid)
    }
    t.keys('Enter')
    const inside = await t.until('its threads', (l) => (l[0] ?? '').includes('Threads') && rows(l, 'TID').length > 0)
    expect(inside[0]).toContain(`Processes › proc.pid=${pid} Threads`)
    for (const r of rows(inside, 'TID')) expect(r[0]).toBe(pid)
    t.keys('BSpace')
    await t.until('all three again', (l) => rows(l, 'PPID').length === 3)
    expect(selected(t.coloured())).toBe(pid)
  })

  test('a process that ends turns grey and then disappears', async () => {
    // with all columns from the start: the rows move when they appear with the first container
    t.ui('-d', '200', '-pk', FILTER)
    await t.until('three processes', (l) => rows(l, 'PPID').length === 3)
    load[2]?.kill('SIGKILL')
    await t.until('two processes', (l) => rows(l, 'PPID').length === 2)
    expect(rows(t.lines(), 'PPID').map((r) => r[0])).not.toContain(String(load[2]?.pid))
  })

  test('a blocked call is shown with its duration, also in a trace that ended meanwhile', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ksys-tui-'))
    const fifo = join(dir, 'jobs')
    execFileSync('mkfifo', [fifo])
    const held = spawn('sh', ['-c', `exec 3<>${fifo}; exec cat <&3`], { stdio: 'ignore' })
    others.push(held)
    const only = `proc.pid=${held.pid}`
    const row = (l: string[], mark: string) =>
      l
        .map((x) => new RegExp(`^ +([\\d.]+[mu]?s) +${mark} +${held.pid} .*cat +read +fd=0\\(<p>/`).exec(x))
        .find((m) => m !== null)?.[1]
    const seconds = (age = '') => Number.parseFloat(age) / (age.endsWith('ms') ? 1e3 : age.endsWith('us') ? 1e6 : 1)
    try {
      t.ui('-d', '200', '-v', 'inflight', only)
      const first = seconds(row(await t.until('the call', (l) => row(l, '≥') !== undefined), '≥'))
      await t.until('the same call for longer', (l) => seconds(row(l, '≥')) > first)
      writeFileSync(fifo, 'go on')
      await t.until('the next call, which began before our eyes', (l) => row(l, '') !== undefined)
      t.keys('Enter')
      await t.until('its calls', (l) => (l[0] ?? '').includes(`thread.tid=${held.pid} System Calls`))
      t.keys('q')
      await t.shows('shell>')

      const trace = join(dir, 'trace.ksys')
      expect(ksys(['-w', trace, '-M', '1', only]).code).toBe(0)
      t.ui('-r', trace, '-v', 'inflight')
      await t.until('the call at the end', (l) => row(l, '≥') !== undefined && (l.at(-1) ?? '').includes('1/1'))
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

  test('echo shows data read from now on, dig the calls and the details of one', async () => {
    t.ui('-d', '200', FILTER)
    await t.until('three processes', (l) => rows(l, 'PPID').length === 3)
    t.keys('e')
    const masked = await t.shows(/← .*node \(\d+\) {2}read .*\/proc\/self\/stat/)
    expect(masked.join('\n')).toContain('masked, B shows')
    expect(masked.join('\n')).not.toMatch(/\(node\) [RS] \d+/)
    t.keys('B')
    await t.shows('DATA SHOWN')
    await t.until('data with the names of their files', (l) =>
      /← .*node \(\d+\) {2}read .*\/proc\/self\/stat\s+\d+ \(node\) [RS] \d+/.test(l.join('\n')),
    )
    t.keys('d')
    await t.shows(/openat +fd=\d+\(<f>\/proc\/self\/stat\)/)
    // many thousand events later the paused events can still be opened
    t.keys('p')
    await t.shows(/PAUSED [3-9]/)
    t.keys('Up', 'Enter')
    await t.shows('Arguments')
    await t.shows('evt.num')
    await t.shows(/evt\.reltime +\d*[1-9]\d*$/)
    t.keys('q')
    await t.shows('shell>')
  })

  test('alerts from before the page was opened are shown, and the calls around one', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ksys-tui-'))
    const rules = join(dir, 'rules.yaml')
    const condition = 'evt.type=openat and evt.failed=true and fs.path.name startswith /nowhere/'
    const rule = (name: string, priority: string) =>
      `- rule: ${name}\n  desc: d\n  condition: ${condition}\n  output: "%proc.name misses %fs.path.name"\n  priority: ${priority}\n`
    writeFileSync(rules, rule('Missing', 'ERROR'))
    try {
      t.ui('-d', '200', '--rules', rules)
      await t.shows(/live, last .* retained/)
      spawnSync('bash', ['-c', 'for i in {1..3}; do true < /nowhere/$i; done'], { stdio: 'ignore' })
      await new Promise((resolve) => setTimeout(resolve, 2000))
      await t.until('its mark', (l) => (l[2] ?? '').includes('^'))
      t.type(':alerts')
      t.keys('Enter')
      await t.shows(/^ *3 Error +3 .*Missing +(?:host +)?bash misses \/nowhere\/3$/)
      spawnSync('bash', ['-c', 'true < /nowhere/4'], { stdio: 'ignore' })
      await t.shows(/^ *3 Error +4 .*Missing +(?:host +)?bash misses \/nowhere\/4$/)
      t.keys('Enter')
      await t.shows(/Error +Missing +(?:host +)?bash +bash misses \/nowhere\/4$/)
      await t.until('those of before', (l) => numbered(l).join() === '1,2,3,4')
      t.keys('Home', 'Enter')
      const around = await t.until(
        'the calls',
        (l) => /around .* proc\.pid=\d+ Dig/.test(l[0] ?? '') && numbered(l).length >= 3,
      )
      expect(new Set(numbered(around))).toEqual(new Set([1, 2, 3]))
      t.keys('Enter')
      await t.shows(/^ *name +\/nowhere\/1/)
      t.keys('End')
      await t.shows(/rule\.output +bash misses \/nowhere\/1/)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

  test('the calls of a process that has ended are shown, and the details of each', async () => {
    t.ui('-d', '200', FILTER)
    await t.until('three processes', (l) => rows(l, 'PPID').length === 3)
    const { pid } = spawnSync('bash', ['-c', 'for i in {1..7}; do true < /nowhere/$i; done'], { stdio: 'ignore' })
    await new Promise((resolve) => setTimeout(resolve, 500))
    t.type('\\')
    t.keys('C-u')
    t.type(`proc.pid=${pid} and evt.type=openat and evt.failed=true`)
    t.keys('Enter', 'd')
    const lines = await t.shows('/nowhere/7 ')
    expect(numbered(lines).slice(-7)).toEqual([1, 2, 3, 4, 5, 6, 7])
    t.keys('End', 'Enter')
    await t.shows(/^ *name +\/nowhere\/7/)
    await t.shows(/evt\.num +\d/)
  })

  test.each(['dig', 'file_opens'])(
    'in %s each call is shown once, whether it was before or after the page was opened',
    async (view) => {
      t.close()
      t = new Terminal(160, 260)
      // of this run only: another run may capture the same machine
      const mark = `ksys-ui-numbers-${process.pid}`
      const ours = `fs.path.name contains /nowhere/ and proc.args contains ${mark}`
      t.ui('-d', '200', ...(view === 'dig' ? [] : ['-v', view]), 'proc.args contains ksys-ui-load')
      await t.shows(/live, last .* retained/)
      others.push(spawn(process.execPath, ['-e', NUMBERS, mark], { stdio: 'ignore' }))
      await new Promise((resolve) => setTimeout(resolve, 1500))
      t.type('\\')
      t.keys('C-u')
      t.type(ours)
      t.keys('Enter')
      await t.shows(`filter ${ours.slice(0, 20)}`)
      if (view === 'dig') t.keys('d')
      const lines = await t.until('all of them', settled('/nowhere/200'))
      const shown = numbered(lines)
      expect(shown).toEqual([...new Set(shown)].sort((a, b) => a - b))
      // other tests flood the machine: calls may only be missing if the header reports losses
      if (/ lost 0 /.test(lines[1] ?? '')) expect(shown.length).toBe(200)
      else expect(lines[1]).toMatch(/ lost \d/)
    },
  )

  test('Enter on a process that ended half a second ago shows its threads, and their calls', async () => {
    t.ui('-d', '3000', '-pk', FILTER)
    await t.until('three processes', (l) => rows(l, 'PPID').length === 3)
    await t.shows(/last ([3-9]|\d\d).* retained/)
    t.type('/ksys-ui-load-3')
    t.keys('Enter')
    const pid = String(load[2]?.pid)
    await t.until('the found process', () => selected(t.coloured()) === pid)
    load[2]?.kill('SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 500))
    t.keys('Enter')
    const inside = await t.until('its threads', (l) => (l[0] ?? '').includes('Threads') && rows(l, 'TID').length > 1)
    for (const r of rows(inside, 'TID')) expect(r[0]).toBe(pid)
    t.keys('d')
    await t.shows(/openat +fd=\d+\(<f>\/proc\/self\/stat\)/)
  })

  test('a process that has ended is still shown a few seconds earlier, with its threads and calls', async () => {
    t.ui(FILTER)
    const gone = String(load[2]?.pid)
    const there = (l: string[]) => rows(l, 'PPID').some((r) => r[0] === gone)
    await t.until('the process', there)
    await t.shows(/last ([5-9]|\d\d).* retained/)
    load[2]?.kill('SIGKILL')
    await t.until('that it has ended', (l) => !there(l) && rows(l, 'PPID').length === 2)
    t.keys('C-Left')
    await t.until('the process', (l) => there(l) && /PAUSED .* ago {2}\[ older {2}\] newer/.test(l[0] ?? ''))
    t.type(`/ksys-ui-load-3`)
    t.keys('Enter', 'Enter')
    const inside = await t.until('its threads', (l) => (l[0] ?? '').includes('Threads') && rows(l, 'TID').length > 1)
    expect(inside[0]).toMatch(/^ ksys .*Threads.*PAUSED .* ago/)
    for (const r of rows(inside, 'TID')) expect(r[0]).toBe(gone)
    t.keys('d')
    await t.shows(/openat +fd=\d+\(<f>\/proc\/self\/stat\)/)
    t.keys('BSpace', 'BSpace')
    await t.until('the process', there)
    t.type('p')
    await t.until('now', (l) => !there(l) && /live/.test(l[0] ?? '') && rows(l, 'PPID').length === 2)
  })

  test('if buffers are captured, echo shows earlier data, too; otherwise data are masked', async () => {
    t.ui('-d', '200', FILTER)
    await t.until('three processes', (l) => rows(l, 'PPID').length === 3)
    t.keys('e')
    await t.shows('masked, B shows')
    t.keys('BSpace', 'B')
    await t.shows(/^ ksys Processes .*retained with data/)
    const { pid } = spawnSync('bash', ['-c', 'echo ksys-said-this; sleep 0.1; echo and-that'], { stdio: 'pipe' })
    await new Promise((resolve) => setTimeout(resolve, 500))
    t.type('\\')
    t.keys('C-u')
    t.type(`proc.pid=${pid}`)
    t.keys('Enter', 'e')
    // the past is read in segments, the newest one first
    const said = (l: string) => /^ksys-said-this/.test(l.trim())
    const lines = await t.until('both', (l) => l.some(said) && l.some((line) => line.includes('and-that')))
    expect(lines.filter(said)).toHaveLength(1)
    expect(lines.find((l) => l.startsWith(' filter'))).toMatch(/DATA SHOWN, B masks them {2}data since \d\d:\d\d:\d\d$/)
    // when masked again, they are not retained either
    t.keys('BSpace', 'B')
    await t.until('that no data are kept', (l) => /retained {2}/.test(l[0] ?? ''))
    t.type('\\')
    t.keys('C-u')
    t.type(`proc.pid=${load[0]?.pid}`)
    t.keys('Enter', 'd')
    await t.shows('masked, B shows')
    await t.shows(/openat +fd=\d+\(<f>\/proc\/self\/stat\)/)
    t.keys('p')
    await t.shows('PAUSED')
    t.keys('q')
    await t.shows('shell>')
  })

  test('where all calls are recorded with enough data, a page of data attaches no more programs', async () => {
    // with losses the page would have a capture of its own
    t.ui('-d', '200', '-s', '1024', '--buffer', '512M', '--show-data', `proc.pid=${load[0]?.pid}`)
    await t.until('the process', (l) => rows(l, 'PPID').length === 1)
    const pid = uiPid()
    const before = attached(pid)
    expect(before).toBeGreaterThan(0)
    t.keys('d')
    const dig = await t.shows(/read +res=\d+ data=\d+ \(node\) [RS] \d+/)
    expect(dig.find((l) => l.startsWith(' filter'))).toMatch(/ {2}data since \d\d:\d\d:\d\d$/)
    expect(attached(pid)).toBe(before)
    // Echo shows more of each call
    t.keys('BSpace', 'e')
    await t.until('its own capture', () => attached(pid) > before)
    t.keys('BSpace')
    await t.until('the end of its capture', () => attached(pid) === before)
  })

  test('Ctrl-Z returns the terminal to the shell, fg restores the UI completely', async () => {
    t.ui(FILTER)
    await t.until('three processes', (l) => rows(l, 'PPID').length === 3)
    t.keys('C-z')
    await t.shows('Stopped')
    t.type('stty -a | grep -c " echo "; echo back $((40 + 2))')
    t.keys('Enter')
    const shell = await t.shows('back 42')
    expect(shell.some((l) => l.trim() === '1')).toBe(true)
    t.type('fg')
    t.keys('Enter')
    const again = await t.until('the UI', (l) => /^ ksys Processes/.test(l[0] ?? '') && /^F1 Help/.test(l.at(-1) ?? ''))
    expect(again.length).toBe(40)
    t.keys('q')
    await t.shows('shell>')
  })

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('after %s the terminal is restored', async (signal) => {
    t.type('echo before')
    t.keys('Enter')
    await t.shows('before')
    t.ui(FILTER)
    await t.until('the UI', (l) => /^ ksys Processes/.test(l[0] ?? ''))
    process.kill(uiPid(), signal)
    const lines = await t.shows('before')
    expect(lines.join('\n')).not.toContain('F1 Help')
    await restored()
  })

  test('q restores the terminal', async () => {
    t.ui(FILTER)
    await t.until('the UI', (l) => /^ ksys Processes/.test(l[0] ?? ''))
    expect(t.fact('#{alternate_on} #{cursor_flag} #{mouse_button_flag}#{mouse_standard_flag}')).toMatch(/^1 0 .*1/)
    t.keys('q')
    await restored()
  })

  /** The UI's process: the shell's only child. */
  function uiPid(): number {
    return Number(execFileSync('pgrep', ['-P', t.fact('#{pane_pid}')], { encoding: 'utf8' }).trim())
  }

  /** The shell has its cursor, echo and line editing; the mouse is the terminal's own. */
  async function restored(): Promise<void> {
    await t.until('the main screen', () => t.fact('#{alternate_on} #{cursor_flag} #{mouse_any_flag}') === '0 1 0')
    t.type('stty -a | grep -cw -e "icanon" ; echo is ok')
    t.keys('Enter')
    const lines = await t.until('the answer', (l) => l.some((x) => x.trim() === 'is ok'))
    expect(lines.some((l) => l.trim() === '1')).toBe(true)
  }
})
