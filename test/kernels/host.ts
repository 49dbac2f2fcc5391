// Whether `info --host` agrees with what captures do in a guest.
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Guest, Left } from './steps.js'

/** Events that a capture asks for and some kernels do not offer, by the feature that brings them. */
const OFFERED = {
  'page faults': 'page_fault',
  switches: 'switch',
  signals: 'signaldeliver',
  'OOM kills': 'oomkill',
  io_uring: 'io_uring_complete',
} as const
export const ASKED = Object.values(OFFERED)

/** The features that a capture said at its start it goes on without, since the kernel does not offer them. */
export function withoutOf(stderr: string): string[] {
  const line = /^ksys: continuing without (.*?): this kernel .* does not support it; /gm
  return [...stderr.matchAll(line)].map((m) => m[1] as string)
}

/** stdout is what `info --host -j` said; `types` and `told` are what a capture of ASKED printed of a program that makes them. */
export function hostAsCaptured(l: Left, guest: Guest): void {
  const host = JSON.parse(l.stdout) as { features: { name: string; there?: boolean }[] }
  expect(host).toMatchObject({ kernel: guest.release, capture: true, tried: true })
  expect(host.features.filter((f) => f.there === undefined)).toEqual([])
  const lacks = host.features.filter((f) => f.there === false).map((f) => f.name)
  const text = (name: string) => readFileSync(l.file(name), 'utf8')
  expect(withoutOf(text('told')).sort()).toEqual(lacks.filter((name) => name in OFFERED).sort())
  const told = text('told')
    .split('\n')
    .filter((l) => l !== '' && !l.includes('at most that the kernel did not report'))
  expect(told).toHaveLength(withoutOf(text('told')).length)
  const types = new Set(text('types').split('\n').filter(Boolean))
  // the program does nothing through io_uring
  for (const name of ['page faults', 'switches', 'signals'] as const)
    expect([name, types.has(OFFERED[name])]).toEqual([name, !lacks.includes(name)])
  // what is known of these kernels
  expect(lacks.includes('page faults')).toBe(guest.arch === 'arm64')
  if (/^6\.(1|12)\./.test(guest.release)) expect(lacks).toContain('io_uring')
}
