// What redis loses beside programs at the tracepoints of all calls, and at single calls: in an emulator that counts instructions as time, so
// that results repeat to a per cent. It reports numbers and demands none.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { root } from '../helpers/ksys.js'
import { CAPTURE, type Left, type Step } from './step.js'

/** Options of QEMU: an instruction takes 2 ns, a waiting processor no time. */
export const MACHINE: readonly string[] = ['-m', '1500', '-smp', '1', '-icount', 'shift=1,sleep=off']
/** Instructions are counted by one thread only. */
export const ACCELERATOR: readonly string[] = ['-accel', 'tcg,thread=single', '-cpu', 'Nehalem,+rdrand']
export const SECONDS = 1500

const PROGRAMS = ['redis-server', 'redis-benchmark']
const TESTS = ['SET', 'GET', 'LPUSH']
const ROUNDS = 3
const REQUESTS = 10_000
/** What runs beside redis: ksys's arguments before --attach. */
const MODES: Readonly<Record<string, string>> = {
  nosuch: 'proc.name=nosuch and evt.type=openat',
  rules: 'rules -f /rules/marked.yaml -f /rules/others.yaml --no-watch',
}
const PLACES = ['tracepoints', 'calls']

/** Adds redis, with the libraries of this machine, and rules to a guest's tree. */
export async function redisFiles(tree: string): Promise<void> {
  const copy = (from: string, to: string) => {
    mkdirSync(dirname(join(tree, to)), { recursive: true })
    copyFileSync(from, join(tree, to))
  }
  for (const name of PROGRAMS) {
    const file = execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
    for (const library of execFileSync('ldd', [file], { encoding: 'utf8' }).match(/\/\S+/g) ?? [])
      copy(library, library)
    copy(file, `bin/${name}`)
  }
  copy(join(root, 'test/rules/bench-rules.yaml'), 'rules/others.yaml')
  copy(join(root, 'test/bench/cost/tools/marked.yaml'), 'rules/marked.yaml')
}

const beside = ([mode, args]: [string, string]) =>
  PLACES.map(
    (where) => `
      ksys ${args} ${CAPTURE} --attach ${where} >out 2>${mode}-${where} & pid=$!
      calm; load ${mode}-${where}; kill -INT $pid; wait $pid`,
  ).join('')

/** Requests per second of a test in the best of the rounds: ksys compiles its code in the others. */
function best(l: Left, mode: string, name: string): number {
  const found = l.stdout.matchAll(new RegExp(`^${mode} ${name}: ([\\d.]+)$`, 'gm'))
  return Math.max(0, ...Array.from(found, ([, rate]) => Number(rate)))
}

export const REDIS: readonly Step[] = [
  {
    name: 'what redis loses',
    short: false,
    seconds: SECONDS,
    run: `redis-server --save "" --appendonly no --daemonize yes >/dev/null
      ticks() { awk '{ print $14 + $15 }' /proc/$pid/stat 2>/dev/null || echo 0; }
      calm() { was=-10; now=0; while [ $((now - was)) -gt 2 ]; do was=$now; sleep 2; now=$(ticks); done; }
      load() {
        for round in $(seq ${ROUNDS}); do
          redis-benchmark -q -c 20 -n ${REQUESTS} -t set,get,lpush 2>/dev/null | tr '\\r' '\\n' |
            awk -v mode="$1" '/requests per/ { print mode, $1, $2 }'
        done
      }
      load bare${Object.entries(MODES).map(beside).join('')}`,
    check(l) {
      const modes = Object.keys(MODES).flatMap((mode) => PLACES.map((where) => `${mode}-${where}`))
      const lost = (mode: string, name: string) => 100 * (1 - best(l, mode, name) / best(l, 'bare', name))
      for (const name of TESTS) expect(best(l, 'bare', name)).toBeGreaterThan(0)
      for (const mode of modes) {
        expect(l.text(mode)).not.toContain('not possible')
        for (const name of TESTS) expect(best(l, mode, name)).toBeGreaterThan(0)
        console.log(`${mode}: ${TESTS.map((name) => `${name} ${lost(mode, name).toFixed(1)} %`).join(', ')} lost`)
      }
    },
  },
]
