// Resident memory as ksys reports it, compared with the page tables of a program.
import { expect } from 'vitest'
import type { Said, Seen } from '../helpers/account.js'
import type { Guest } from './step.js'

const PAGE_KB = 4

/**
 * The possible error of the kernel's own counters, in kB. Since 6.2 they lag behind by what a CPU has not passed on yet,
 * 32 pages of each kind of memory. Before, each thread has its own share, which can be added exactly; without it
 * the value is up to 64 pages too low.
 */
function slack(guest: Guest): number {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(guest.release) ?? []
  const lags = Number(major) * 1000 + Number(minor) >= 6002
  return lags ? 2 * 32 * guest.cpus * PAGE_KB : 8 * PAGE_KB
}

const number = (args: string, name: string): number => Number(new RegExp(`(?:^| )${name}=(\\d+)`).exec(args)?.[1])

/** Each call at which the program printed its resident memory must have been recorded with this size. */
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
