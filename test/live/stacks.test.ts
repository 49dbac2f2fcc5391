// The stacks of calls: programs whose functions are known, live, in traces, in chisels.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ksys, privileged, root } from '../helpers/ksys.js'
import { readRows, scratchDir } from '../helpers/live.js'

const dir = scratchDir('stacks')

/** The test program, compiled in one of several ways. */
function build(name: string, ...options: string[]): string {
  const exe = join(dir, name)
  const source = join(root, 'test/live/programs/stacks.c')
  execFileSync('cc', ['-O1', ...options, '-o', exe, source], { stdio: 'pipe' })
  return exe
}

/** The lines of a format that a live capture of a command prints. */
function lines(args: string[], command: string[]): string[] {
  const ran = ksys([...args, '--', ...command])
  expect(ran.code, ran.stderr).toBe(0)
  return ran.stdout.trimEnd().split('\n')
}

const OPENED = 'evt.type=openat and evt.arg.name=/etc/passwd'

describe.runIf(privileged())('stacks', () => {
  const framed = build('framed', '-fno-omit-frame-pointer')

  test('have the names of functions of a short-lived program, in the order of the calls', () => {
    const stacks = lines(['-p', '%evt.stack.folded', OPENED], [framed, 'open'])
    expect(stacks).toHaveLength(50)
    expect(new Set(stacks).size).toBe(1)
    expect(stacks[0]).toMatch(/(?:^|;)main;outermost;middle;innermost;(?:.*;)?(?:open|__open|open64|\[libc\.so\.6\])/)
  })

  test('are one by one in a list field, which filters can use', () => {
    const found = lines(['-p', '%evt.stack.text', `${OPENED} and evt.stack intersects (middle)`], [framed, 'open'])
    expect(found).toHaveLength(50)
    expect(found[0]).toMatch(/innermost < middle < outermost < main/)
    const none = ksys(['-p', '%evt.num', `${OPENED} and evt.stack intersects (nowhere)`, '--', framed, 'open'])
    expect(none.stdout).toBe('')
  })

  test.runIf(process.arch === 'x64')('have the functions next to the call even without frame pointers', () => {
    const exe = build('unframed', '-fomit-frame-pointer')
    const [stack] = lines(['-p', '%evt.stack.folded', OPENED], [exe, 'open'])
    expect(stack).toMatch(/middle;innermost;/)
  })

  test.runIf(process.arch === 'x64')('of functions without frame pointers are the same with DWARF as without', () => {
    const stacks = ['-g', '-g0'].map(
      (debug) =>
        lines(['-p', '%evt.stack.folded', OPENED], [build(`omit${debug}`, '-fomit-frame-pointer', debug), 'open'])[0],
    )
    expect(stacks[0]).toMatch(/main;outermost;middle;innermost;/)
    expect(stacks[1]).toBe(stacks[0])
  })

  test("have names of Node's JavaScript functions where frame pointers lead to them, live and from a file", {
    timeout: 240_000,
  }, () => {
    const script = join(dir, 'allocate.mjs')
    writeFileSync(
      script,
      `import { appendFileSync } from 'node:fs'
appendFileSync(${JSON.stringify(join(dir, 'pids'))}, process.pid + '\\n')
function allocate(n) { const all = []; for (let i = 0; i < n; i++) all.push(new Array(1000).fill(i)); return all }
let rounds = process.argv[2]
const timer = setInterval(() => { allocate(4000); if (--rounds === 0) clearInterval(timer) }, 100)`,
    )
    // V8 also writes a log, by default into the current folder
    const log = ['--no-logfile-per-isolate', `--logfile=${join(dir, 'v8.log')}`]
    const node = (rounds: number) => [process.execPath, '--perf-basic-prof', ...log, script, String(rounds)]
    onTestFinished(() => {
      const pids = readFileSync(join(dir, 'pids'), 'utf8').trim().split('\n')
      for (const pid of pids) rmSync(`/tmp/perf-${pid}.map`, { force: true })
    })
    const mapped = 'evt.type in (mmap, munmap)'
    const name = /;JS:\S?allocate [^;]*;.*;(?:mmap|munmap)\(\) \d+$/
    const live = (rounds: number) => lines(['-c', 'stacks', mapped], node(rounds)).some((l) => name.test(l))
    const file = join(dir, 'node.ksys')
    const fromFile = (rounds: number) => {
      lines(['--stacks', 'user', '-w', file, mapped], node(rounds))
      return ksys(['-r', file, '-c', 'stacks'])
        .stdout.split('\n')
        .some((l) => name.test(l))
    }
    // the map is read every second, and less often on a busy machine: a run may end before that
    for (const hasNames of [live, fromFile]) {
      let rounds = 20
      while (rounds < 320 && !hasNames(rounds)) rounds *= 2
      expect(rounds).toBeLessThan(320)
    }
  })

  test('have names for a program at fixed addresses, one without symbols, and the child of a fork', () => {
    const fixed = build('fixed', '-fno-omit-frame-pointer', '-no-pie')
    expect(lines(['-p', '%evt.stack.folded', OPENED], [fixed, 'open'])[0]).toMatch(/main;outermost;middle;innermost/)
    const bare = build('bare', '-fno-omit-frame-pointer', '-s')
    expect(lines(['-p', '%evt.stack.folded', OPENED], [bare, 'open'])[0]).toMatch(/\[bare\];\[bare\];\[bare\]/)
    const child = lines(['-p', '%evt.stack.folded', 'evt.arg.name=/etc/hostname'], [framed, 'fork'])
    expect(child[0]).toMatch(/main;outermost;middle;innermost/)
  })

  test('of a deep recursion are cut at the outer end', () => {
    const [stack] = lines(['-p', '%evt.stack.folded', 'evt.type=getppid'], [framed, 'deep'])
    const frames = (stack as string).split(';')
    expect(frames.length).toBeGreaterThan(100)
    expect(frames.length).toBeLessThan(150)
    expect(frames.filter((f) => f === 'recurse').length).toBeGreaterThan(100)
  })

  test('have the kernel functions in which a call slept', () => {
    const sleeping = 'evt.type in (nanosleep, clock_nanosleep)'
    const [both] = lines(['--stacks', 'both', '-p', '%evt.stack.folded', sleeping], [framed, 'sleep'])
    expect(both).toMatch(/main;sleeps;.*hrtimer_nanosleep_\[k\];.*schedule_\[k\]$/)
    const [kernel] = lines(['--stacks', 'kernel', '-p', '%evt.stack.folded', sleeping], [framed, 'sleep'])
    expect(kernel).toMatch(/^[^;]+_\[k\];.*schedule_\[k\]$/)
    expect(kernel).not.toMatch(/main/)
    const awake = ksys(['--stacks', 'kernel', '-p', '*%evt.stack', 'evt.type=getppid', '--', framed, 'number'])
    expect(awake.stdout.trim()).toBe('<NA>')
  })

  test('are in a trace once each, and have the same text wherever it is read', () => {
    const trace = join(dir, 'stacks.ksys')
    const ran = ksys(['--stacks', 'user', '-w', trace, '--', framed, 'open'])
    expect(ran.code, ran.stderr).toBe(0)
    const rows = readRows(trace, ['evt.type', 'evt.stack.folded', 'evt.arg.name'], [OPENED])
    expect(rows).toHaveLength(50)
    for (const row of rows) expect(row['evt.stack.folded']).toMatch(/main;outermost;middle;innermost/)
    // also from the middle on: the part of a file that begins with a snapshot of its own
    const part = join(dir, 'part.ksys')
    expect(ksys(['cut', trace, '-w', part, OPENED]).code).toBe(0)
    const again = readRows(part, ['evt.stack.folded'], [OPENED])
    expect(again.map((r) => r['evt.stack.folded'])).toEqual(rows.map((r) => r['evt.stack.folded']))
  })

  test('are printed folded as for flame graphs, live and from a file', () => {
    const live = lines(['-c', 'stacks', OPENED], [framed, 'open'])
    expect(live).toHaveLength(1)
    expect(live[0]).toMatch(/^framed;.*main;outermost;middle;innermost;.*;openat\(\) 50$/)
    const file = ksys(['-r', join(dir, 'stacks.ksys'), '-c', 'stacks', OPENED])
    expect(file.stdout.trimEnd()).toBe(live[0])
    const json = JSON.parse(ksys(['-r', join(dir, 'stacks.ksys'), '-j', '-c', 'stacks', OPENED]).stdout)
    expect(json.calls).toBe(50)
    expect(json.stack.slice(-1)).toEqual(['openat()'])
    expect(json.time).toBeGreaterThan(0)
  })

  test('are shown in the plain view, and in the lines of ksys', () => {
    const view = ksys(['ui', '-r', join(dir, 'stacks.ksys'), '-v', 'why', '--plain', OPENED])
    expect(view.stdout).toMatch(/openat\s.*innermost < middle < outermost < main/)
    const [line] = lines(['--stacks', 'user', OPENED], [framed, 'open'])
    expect(line).toMatch(/ stack=.*innermost < middle < outermost < main/)
  })

  test.runIf(process.arch === 'x64')('have names from a JIT compiler', () => {
    const sleeping = 'evt.type in (nanosleep, clock_nanosleep) and evt.latency < 1s'
    const [stack] = lines(['-p', '%evt.stack.folded', sleeping], [framed, 'compiled'])
    expect(stack).toMatch(/main;compiled;made:at run time;sleeps;/)
  })

  test.runIf(process.arch === 'x64')('have names from files in the root of a process, as in a container', () => {
    const at = join(dir, 'root')
    mkdirSync(join(at, 'tmp'), { recursive: true })
    copyFileSync(build('static', '-fno-omit-frame-pointer', '-static'), join(at, 'inside'))
    const sleeping = 'evt.type in (nanosleep, clock_nanosleep) and evt.latency < 1s'
    const [stack] = lines(['-p', '%evt.stack.folded', sleeping], ['chroot', at, '/inside', 'compiled'])
    expect(stack).toMatch(/main;compiled;made:at run time;sleeps;/)
  })

  test('are refused in a sentence where they are not available', () => {
    const file = ksys(['-r', join(dir, 'stacks.ksys'), '--stacks', 'user'])
    expect(file.code).toBe(2)
    expect(file.stderr).toMatch(/--stacks applies to live captures/)
    const sum = ksys(['-S', '--stacks', 'user', '--', 'true'])
    expect(sum.stderr).toMatch(/-c stacks/)
    expect(ksys(['--stacks', 'all', '--', 'true']).stderr).toMatch(/user, kernel, both/)
    const none = ksys(['-r', join(root, 'captures/build.ksys'), '-c', 'stacks'])
    expect(none.stderr).toMatch(/no event with a stack was captured/)
  })
})
