// Whether `info --host` agrees with captures in a guest.
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Guest, Left } from './step.js'

/** Events that a capture requests and some kernels do not support, by the feature that they need. */
const OFFERED = {
  'page faults': 'page_fault',
  switches: 'switch',
  signals: 'signaldeliver',
  'OOM kills': 'oomkill',
  io_uring: 'io_uring_complete',
} as const
export const REQUESTED = Object.values(OFFERED)

/** The features that a capture reports at its start as omitted, since the kernel does not support them. */
export function withoutOf(stderr: string): string[] {
  const line = /^ksys: continuing without (.*?): this kernel .* does not support it; /gm
  return [...stderr.matchAll(line)].map((m) => m[1] as string)
}

/** stdout is the output of `info --host -j`; `types` and `told` are the output of a capture of ASKED for a program that makes them. */
export function hostAsCaptured(l: Left, guest: Guest): void {
  const host = JSON.parse(l.stdout) as { features: { name: string; there?: boolean }[] }
  expect(host).toMatchObject({ kernel: guest.release, capture: true, tried: true })
  expect(host.features.filter((f) => f.there === undefined)).toEqual([])
  const lacks = host.features.filter((f) => f.there === false).map((f) => f.name)
  const text = (name: string) => readFileSync(l.file(name), 'utf8')
  expect(withoutOf(text('told')).sort()).toEqual(lacks.filter((name) => name in OFFERED).sort())
  const messages = text('told')
    .split('\n')
    .filter((l) => l !== '' && !l.includes('at most that the kernel did not report'))
  expect(messages).toHaveLength(withoutOf(text('told')).length)
  const types = new Set(text('types').split('\n').filter(Boolean))
  // the program does nothing through io_uring
  for (const name of ['page faults', 'switches', 'signals'] as const)
    expect([name, types.has(OFFERED[name])]).toEqual([name, !lacks.includes(name)])
  // known properties of these kernels
  expect(lacks.includes('page faults')).toBe(guest.arch === 'arm64')
  if (/^6\.(1|12)\./.test(guest.release)) expect(lacks).toContain('io_uring')
}
