// The machine: what the table says about it, and the kernel's statistics of BPF programs.
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, release } from 'node:os'
import { tracers } from '../tracer.js'
import { atEnd } from './cleanup.js'

export interface Machine {
  kernel: string
  processor: string
  cpus: number
}

export function machine(): Machine {
  const info = readFileSync('/proc/cpuinfo', 'utf8')
  const processor = /^(?:model name|CPU implementer)\s*:\s*(.*)/m.exec(info)?.[1] ?? 'unknown'
  return { kernel: release(), processor, cpus: availableParallelism() }
}

const STATISTICS = '/proc/sys/kernel/bpf_stats_enabled'
const areOn = () => readFileSync(STATISTICS, 'utf8').trim() !== '0'

/** Why figures of this machine decide nothing now: what would be measured as well. */
export function disturbances(): string[] {
  const attached = tracers().map((tracer) => `another tracer is attached: ${tracer}`)
  return areOn() ? [...attached, 'kernel.bpf_stats_enabled is on, which makes each call slower'] : attached
}

/** Runs something while the kernel measures BPF programs, which it does not do otherwise. */
export async function withStatistics<T>(measured: () => Promise<T>): Promise<T> {
  if (areOn()) return measured()
  const off = atEnd(() => writeFileSync(STATISTICS, '0'))
  writeFileSync(STATISTICS, '1')
  try {
    return await measured()
  } finally {
    off()
  }
}
