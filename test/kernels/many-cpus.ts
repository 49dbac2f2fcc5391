// A machine of 32 processors on two NUMA nodes: every call on every processor is recorded or counted as lost, while processors go and come
// back.
import { expect } from 'vitest'
import { ksys } from '../helpers/ksys.js'
import { CAPTURE, type Left, type Step } from './step.js'

export const CPUS = 32
const MEMORY = 1500

/** Seconds for the guest, and for a step: 32 processors are emulated by a few. */
export const SECONDS = 2400
const STEP_SECONDS = 1000

/** Options of QEMU for such a machine. */
export const MACHINE: readonly string[] = [
  ...['-m', String(MEMORY), '-smp', String(CPUS)],
  ...[0, 1].flatMap((node) => [
    ...['-object', `memory-backend-ram,id=m${node},size=${MEMORY / 2}M`],
    ...['-numa', `node,nodeid=${node},memdev=m${node},cpus=${node * 16}-${node * 16 + 15}`],
  ]),
]

const online = (value: 0 | 1, cpus: readonly number[]) =>
  cpus.map((cpu) => `echo ${value} > /sys/devices/system/cpu/cpu${cpu}/online`).join('; ')

/**
 * Captures the calls that percpu makes, `calls` on each processor, while some processors go off and come back. stopped: ksys stands still
 * meanwhile, so that the buffers become full.
 */
function hotplug(calls: number, options: string, stopped = false): string {
  const cycle = `${online(0, [3, 17, 31])}; ${online(1, [17, 3, 31, 8])}; ${online(0, [8])}`
  return `${online(0, [8, 25])}; cat /sys/devices/system/cpu/online; ls -d /sys/devices/system/node/node?
    beside some.ksys ${CAPTURE} ${options} 'proc.name=percpu and evt.type=getpgid' -- '
      ${stopped ? 'kill -STOP $pid' : ''}
      percpu ${calls} > made & percpu=$!
      ${online(1, [25])}
      while kill -0 $percpu 2>/dev/null; do ${cycle}; done
      wait $percpu
      ${stopped ? 'kill -CONT $pid' : ''}'
    ${online(1, [8])}`
}

/** The numbers of calls that were made, recorded and lost, and of processors that made some. */
function counted(l: Left) {
  expect(l.stdout.split('\n')[0]).toBe('0-7,9-24,26-31')
  expect(l.stdout).toMatch(/node0\n.*node1\n/)
  const [made = 0, used = 0] = l.text('made').trim().split(' ').map(Number)
  const rows = ksys(['-r', l.file('some.ksys'), '-p', '%evt.cpu', 'evt.type=getpgid'])
    .stdout.trim()
    .split('\n')
  const { losses = {} } = JSON.parse(ksys(['info', '-j', l.file('some.ksys')]).stdout) as {
    losses?: Record<string, number>
  }
  return { made, used, recorded: rows.length, cpus: new Set(rows).size, losses }
}

export const MANY_CPUS: readonly Step[] = [
  {
    name: 'calls on 32 processors that go off and come back',
    short: false,
    seconds: STEP_SECONDS,
    run: hotplug(500, ''),
    check(l) {
      const { made, used, recorded, cpus, losses } = counted(l)
      expect(made).toBe(CPUS * 500)
      expect(recorded + (losses.calls ?? 0)).toBe(made)
      expect(cpus).toBeLessThanOrEqual(used)
      // a processor may have been off whenever its program ran
      expect(cpus).toBeGreaterThan(CPUS / 2)
    },
  },
  {
    name: 'calls on 32 processors with buffers that are too small',
    short: false,
    seconds: STEP_SECONDS,
    run: hotplug(20_000, '--buffer 4M', true),
    check(l) {
      const { made, recorded, losses } = counted(l)
      expect(made).toBe(CPUS * 20_000)
      expect(losses.calls).toBeGreaterThan(0)
      expect(recorded + (losses.calls ?? 0)).toBe(made)
    },
  },
]
