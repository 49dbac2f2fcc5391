// The steps in each guest, and their expected results: captures of every kind over programs of known calls.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { accountLines, type Seen } from '../helpers/account.js'
import { ksys, root } from '../helpers/ksys.js'
import { readRows } from '../helpers/live.js'
import { readMetrics } from '../helpers/prometheus.js'
import { hostAsCaptured, REQUESTED, withoutOf } from './host.js'
import { residentAsSaid } from './resident.js'
import { FILTERED, SINGLE_CALLS } from './single-calls.js'
import { allSeen, CAPTURE, ended, type Left, OF_KNOWN, otherWords, recorded, type Step, skipped } from './step.js'

/** The messages of ksys if reading symbols takes longer than a capture waits, as in an emulator on a busy machine. */
const SLOW_SYMBOLS =
  /^ksys: (?:reading symbol tables takes too long: |not all functions of |[\d,]+ stacks? contains? file names )[^\n]*\n/gm

/** The compared parts of traces that two machines read. */
export const READ = '%evt.num %evt.type %evt.args'

/** The lines that ksys prints by itself: `12 13:05:01.123456789 0 known (77) < openat fd=3 ...`. */
function printed(text: string): Seen[] {
  return text.split('\n').flatMap((line) => {
    const [, type, args] =
      /^\d+ [\d:.]+ \d+ .*? \(\d+\) [<>] (\w+) ?(.*)$/.exec(line.replace(/\x1b\[[\d;]*m/g, '')) ?? []
    return type === undefined ? [] : [{ type, ret: null, args: args ?? '' }]
  })
}

/** Calls of known that no library makes for it: as often as it prints, or 57 times, which it does not print. */
const COUNTED = ['getpgid', 'dup3', 'renameat2', 'sendmsg', 'pipe2', 'accept4', 'recvmsg']

/** Calls that only 32-bit programs make. */
const OF_32_BITS = ['stat64', 'fstat64', 'mmap2', 'send', 'recv', 'llseek']
const PROGRAM_OF_32_BITS = 'if command -v arm32 >/dev/null; then arm32; else i386; fi'

/** The numbers of these calls equal the program's, except calls that the kernel did not show. */
function sameCounts(l: Left, counts: ReadonlyMap<string, number>, calls: readonly string[] = COUNTED): void {
  const said = accountLines(l.said)
  const times = (type: string) => said.filter((s) => s.type === type).length
  const unseen = calls.map((t) => [t, (times(t) || 57) - (counts.get(t) ?? 0)] as const)
  if (unseen.some(([, n]) => n < 0 || n > skipped(l)))
    expect(Object.fromEntries(unseen)).toEqual(Object.fromEntries(calls.map((t) => [t, 0])))
}

export const STEPS: readonly Step[] = [
  {
    name: 'info --host',
    short: true,
    run: `ksys info --host -j
      ksys ${CAPTURE} -p %evt.type 'evt.type in (${REQUESTED.join(', ')})' -- sh -c "states faults; known" >types 2>told`,
    check(l, guest) {
      ended(l)
      hostAsCaptured(l, guest)
    },
  },
  {
    name: '-w, -r',
    short: true,
    run: `beside all.ksys ${CAPTURE} -- 'known; states resident'; ksys -r all.ksys -v -p '${READ}' proc.name=known >read 2>statistics`,
    check(l) {
      ended(l)
      const said = accountLines(l.said).filter((s) => s.type !== 'resident')
      expect(said.length).toBeGreaterThan(50)
      allSeen(l, said, recorded(l.file('all.ksys'), OF_KNOWN))
      const here = ksys(['-r', l.file('all.ksys'), '-v', '-p', READ, 'proc.name=known'])
      expect(readFileSync(l.file('read'), 'utf8')).toBe(here.stdout)
    },
  },
  {
    name: '-r of another machine',
    short: false,
    run: `ksys -r /ksys/node_modules/ksys/captures/shell.ksys -v -p '${READ}' 2>statistics`,
    check(l) {
      ended(l)
      expect(l.stdout).toBe(ksys(['-r', join(root, 'captures/shell.ksys'), '-v', '-p', READ]).stdout)
    },
  },
  {
    name: 'RSS',
    short: true,
    of: '-w, -r',
    check(l, guest) {
      const said = accountLines(l.said).filter((s) => s.type === 'resident')
      residentAsSaid(said, recorded(l.file('all.ksys'), ['proc.name=states']), guest)
    },
  },
  {
    name: '-- CMD',
    short: false,
    run: `ksys ${CAPTURE} -v -- known`,
    check(l) {
      expect({ code: l.code }).toEqual({ code: 0 })
      allSeen(l, accountLines(l.said), printed(l.stdout))
      expect(l.stdout).not.toMatch(/ \(busybox\) | ksys /)
    },
  },
  {
    name: '32-bit programs',
    short: false,
    run: `beside narrow.ksys ${CAPTURE} -- '${PROGRAM_OF_32_BITS}'`,
    check(l) {
      ended(l)
      const said = accountLines(l.said)
      expect(said.length).toBeGreaterThan(40)
      allSeen(l, said, recorded(l.file('narrow.ksys'), []))
    },
  },
  {
    name: '32-bit programs, filtered',
    short: false,
    run: `beside few.ksys ${CAPTURE} --enter 'evt.type in (${OF_32_BITS.join(', ')})' -- '${PROGRAM_OF_32_BITS}'`,
    check(l) {
      ended(l)
      const rows = readRows(l.file('few.ksys'), ['evt.type', 'evt.dir'], [], ['--enter'])
      for (const dir of ['>', '<']) {
        const times = (type: string) => rows.filter((r) => r['evt.type'] === type && r['evt.dir'] === dir).length
        sameCounts(l, new Map(OF_32_BITS.map((type) => [type, times(type)])), OF_32_BITS)
      }
    },
  },
  {
    name: 'filter',
    short: false,
    run: `beside some.ksys ${CAPTURE} 'evt.type in (${FILTERED.join(', ')}) and proc.name=known' -- known`,
    check(l) {
      ended(l)
      const seen = recorded(l.file('some.ksys'), [])
      const said = accountLines(l.said).filter((s) => FILTERED.includes(s.type))
      expect(said.length).toBeGreaterThan(8)
      allSeen(l, said, seen)
      expect([...new Set(seen.map((s) => s.type))].filter((t) => ![...FILTERED, 'drop'].includes(t))).toEqual([])
    },
  },
  ...SINGLE_CALLS,
  {
    name: 'after a loss',
    short: true,
    once: true,
    // the shell starts while events are lost: its environment was read afterwards
    run: `: >/tmp/marker
      ksys ${CAPTURE} --buffer 1m -p '*%evt.type %proc.env[MARK]' fd.name=/tmp/marker >marks & pid=$!
      until [ -s marks ]; do : </tmp/marker; sleep 0.1; done
      kill -STOP $pid
      dd if=/dev/zero of=/dev/null bs=1 count=100000 2>/dev/null
      MARK=here sh -c 'while :; do : </tmp/marker; sleep 0.1; done' & born=$!
      sleep 0.5
      kill -CONT $pid
      until grep -q 'openat here' marks; do sleep 0.1; done
      kill $born
      kill -INT $pid
      wait $pid`,
    check(l) {
      expect(l.code).toBe(0)
      expect(l.text('marks')).toMatch(/^openat here$/m)
      expect(l.stderr).toMatch(/events were lost/)
    },
  },
  {
    name: 'ceilings',
    short: false,
    // a loop that makes more calls a second even on the slowest emulation
    run: `beside few.ksys ${CAPTURE} --max-cpu 100% --max-calls 100 -- 'for i in $(seq 3000); do : </dev/null; done'`,
    check(l) {
      expect(otherWords(l.stderr)).toMatch(
        /^ksys: [\d,]+ events were only counted because of --max-calls \(.*\): \/ [\d,]+ in [\d.]+ s\n$/,
      )
      const changes = readRows(l.file('few.ksys'), ['evt.args'], ['evt.type=throttle']).map((r) =>
        String(r['evt.args']),
      )
      expect(changes[0]).toMatch(/^change=begin cgroup=\/ ceiling=max-calls leaves=all left_out=0 /)
      expect(changes.at(-1)).toMatch(/^change=end cgroup=\/ ceiling=max-calls leaves=all left_out=[1-9]/)
    },
  },
  {
    name: 'counted',
    short: false,
    run: `ksys ${CAPTURE} -j -c topscalls 'evt.type in (${COUNTED.join(', ')})' -- known`,
    check(l) {
      ended(l)
      const counts = new Map<string, number>()
      for (const line of l.stdout.trimEnd().split('\n'))
        for (const [type, n] of JSON.parse(line).data) counts.set(type, (counts.get(type) ?? 0) + n)
      sameCounts(l, counts)
    },
  },
  {
    name: 'counted by program',
    short: false,
    run: `ksys metrics ${CAPTURE} --by program,call 'evt.type in (${COUNTED.join(', ')})' -- known`,
    check(l) {
      ended(l)
      const calls = readMetrics(l.stdout, 'prometheus').find((f) => f.name === 'ksys_syscalls_total')?.samples ?? []
      const ofKnown = calls.filter((s) => s.labels.program === 'known')
      sameCounts(l, new Map(ofKnown.map((s) => [s.labels.call ?? '', s.value])))
    },
  },
  {
    name: '--inflight',
    short: false,
    run: `mkfifo /tmp/quiet; states asleep /tmp/quiet & pid=$!
      until grep -q pipe /proc/$pid/wchan || [ "$(cut -d' ' -f3 /proc/$pid/stat)" = S ]; do sleep 0.1; done
      ksys --inflight -j proc.name=states; kill $pid`,
    check(l) {
      ended(l)
      const calls = l.stdout.trimEnd().split('\n')
      expect(calls).toHaveLength(1)
      expect(JSON.parse(calls[0] as string)).toMatchObject({ 'evt.type': 'read', 'fd.name': '/tmp/quiet' })
    },
  },
  {
    name: 'switches, faults, enter',
    short: false,
    run: `ksys ${CAPTURE} --switches --page-faults --enter -w extra.ksys -- states faults`,
    check(l, guest) {
      expect({ code: l.code }).toEqual({ code: 0 })
      expect(withoutOf(l.stderr)).toEqual(guest.arch === 'arm64' ? ['page faults'] : [])
      const said = accountLines(l.said)
      const rows = readRows(
        l.file('extra.ksys'),
        ['evt.type', 'evt.dir', 'evt.args'],
        ['proc.name=states'],
        ['--enter'],
      )
      const of = (type: string, dir: string) => rows.filter((r) => r['evt.type'] === type && r['evt.dir'] === dir)
      const naps = said.filter((s) => s.type === 'nanosleep').length
      expect([of('nanosleep', '>').length, of('nanosleep', '<').length]).toEqual([naps, naps])
      // when asleep, it leaves the CPU
      expect(rows.filter((r) => r['evt.type'] === 'switch').length).toBeGreaterThanOrEqual(naps)
      if (guest.arch === 'arm64') return
      const faults = rows.filter((r) => r['evt.type'] === 'page_fault').map((r) => String(r['evt.args']))
      const unseen = said.filter((s) => s.type === 'page_fault' && !faults.some((f) => f.includes(s.args[0] as string)))
      expect(unseen).toEqual([])
    },
  },
  {
    name: 'stacks',
    short: true,
    once: true,
    run: `ksys ${CAPTURE} --stacks both -j -p '*%evt.type %evt.stack.folded' 'proc.name=states and evt.type=nanosleep' -- states faults`,
    check(l, guest) {
      const others = l.stderr.replace(SLOW_SYMBOLS, '')
      const slow = others !== l.stderr
      ended({ ...l, stderr: others })
      const lines = l.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
      // calls that the kernel skipped have a line too
      const stacks = lines.filter((line) => line['evt.type'] === 'nanosleep').map((line) => line['evt.stack.folded'])
      expect(stacks).toHaveLength(5)
      // on arm64 the function that called libc is not found
      const program = guest.arch === 'arm64' ? /__libc_start/ : /(?:main|faults);/
      for (const stack of stacks) {
        if (!slow || !stack.includes('[states];')) expect(stack).toMatch(program)
        expect(stack).toMatch(/hrtimer_nanosleep_\[k\];.*schedule_\[k\]$/)
      }
    },
  },
  {
    name: 'CPU times',
    short: false,
    run: `ksys ${CAPTURE} -j -c topprocs_cpu -- states busy 1500`,
    check(l) {
      ended(l)
      let seen = 0
      for (const line of l.stdout.trimEnd().split('\n'))
        for (const [name, , ns] of JSON.parse(line).data) if (name === 'states') seen += ns
      const used = accountLines(l.said).find((s) => s.type === 'cpu')?.ret as number
      expect(seen / used).toBeGreaterThan(0.8)
      expect(seen / used).toBeLessThan(1.2)
    },
  },
]
