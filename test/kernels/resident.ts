// Resident memory as ksys tells it, against what a program found in its own page tables.
import { expect } from 'vitest'
import type { Said, Seen } from '../helpers/said.js'
import type { Guest } from './steps.js'

const PAGE_KB = 4

/**
 * How far the kernel's own counters may be from the truth, in kB. Since 6.2 they lag behind by what a CPU has not handed on yet,
 * 32 pages of each kind of memory. Before, each thread has its share to itself, which can be added exactly; not adding it
 * makes the figure up to 64 pages too low.
 */
function slack(guest: Guest): number {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(guest.release) ?? []
  const lags = Number(major) * 1000 + Number(minor) >= 6002
  return lags ? 2 * 32 * guest.cpus * PAGE_KB : 8 * PAGE_KB
}

const number = (args: string, name: string): number => Number(new RegExp(`(?:^| )${name}=(\\d+)`).exec(args)?.[1])

/** Each call that the program said its resident memory at must have been recorded with that size. */
export function residentAsSaid(said: readonly Said[], seen: readonly Seen[], guest: Guest): void {
  expect(said.length).toBeGreaterThan(10)
  const off = said.map((s) => {
    const event = seen.find((e) => e.type === 'munmap' && ` ${e.args} `.includes(` ${s.args[0]} `))
    return event ? number(event.args, 'vm_rss') - s.ret : Number.NaN
  })
  const most = slack(guest)
  expect(
    off.filter((kb) => !(Math.abs(kb) <= most)),
    `differences in kB: ${off.join(' ')}`,
  ).toEqual([])
}
