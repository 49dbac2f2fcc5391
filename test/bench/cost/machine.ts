// The machine: what the table says about it, and the kernel's statistics of BPF programs.
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, release } from 'node:os'
import { sleep, tracers } from '../tracer.js'
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

/** A machine is quiet if its processors are busy for less than this share of a time of so many ms. */
const QUIET = 0.2
const WINDOW = 2000

/** The time of all processors since the start, and how much of it they were idle. */
function processorTime(): { all: number; idle: number } {
  const times = cpus().map((cpu) => cpu.times)
  const sum = (of: (time: (typeof times)[0]) => number) => times.reduce((total, time) => total + of(time), 0)
  return { all: sum(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq), idle: sum(({ idle }) => idle) }
}

/** Why figures of this machine decide nothing now: what would be measured as well. */
export async function disturbances(): Promise<string[]> {
  const found = tracers().map((tracer) => `another tracer is attached: ${tracer}`)
  if (areOn()) found.push('kernel.bpf_stats_enabled is on, which makes each call slower')
  const before = processorTime()
  await sleep(WINDOW)
  const after = processorTime()
  const busy = 1 - (after.idle - before.idle) / (after.all - before.all)
  if (busy > QUIET) found.push(`other programs use ${(busy * 100).toFixed(0)} % of the processors`)
  return found
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
