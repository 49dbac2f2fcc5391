// The names of calls in profiles are the kernel's, by ABI, also where events have other names.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Abi } from '../../../src/advise/calls/abi.js'
import { allNames, eventsNamed, isCallName, namesOf } from '../../../src/advise/calls/names.js'
import { DOCKER_DEFAULT } from '../../../src/advise/profile/docker-default.js'
import { EVENTS, eventsByName } from '../../../src/schema/events/index.js'
import type { EventDef } from '../../../src/schema/types.js'

const named = (event: string, abi: Abi) => {
  const def = eventsByName(event)
    .map((code) => EVENTS[code] as EventDef)
    .find((d) => (d.code & 1) === 1 || d.nr === undefined) as EventDef
  return namesOf(def, abi)
}

test.each<[string, Abi, string[]]>([
  ['pread', 'x86_64', ['pread64']],
  ['pwrite', 'x86_64', ['pwrite64']],
  ['prlimit', 'x86_64', ['prlimit64']],
  ['openat', 'x86_64', ['openat']],
  ['openat', 'aarch64', ['openat']],
  ['open', 'aarch64', []],
  ['getuid', 'x86', ['getuid', 'getuid32']],
  ['socket', 'x86', ['socket', 'socketcall']],
  ['mmap2', 'x86', ['mmap2']],
  ['clock_gettime', 'arm', ['clock_gettime', 'clock_gettime64']],
  ['clone3', 'x86', ['clone3']],
])('the event %s on %s is the call %j', (event, abi, names) => {
  expect([...named(event, abi)].sort()).toEqual(names)
})

test.each(['procexit', 'signaldeliver', 'switch', 'drop', 'unknown'])('the event %s is no call', (event) => {
  for (const abi of ['x86_64', 'x86', 'aarch64', 'arm'] as const) expect(named(event, abi)).toEqual([])
})

test('all names that the headers have are known, and no others', () => {
  const of = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/#define __NR_(\w+) \d+/g)].map((m) => m[1] as string)
  for (const [abi, file] of [
    ['x86_64', '/usr/include/x86_64-linux-gnu/asm/unistd_64.h'],
    ['x86', '/usr/include/x86_64-linux-gnu/asm/unistd_32.h'],
  ] as const) {
    const headers = of(file)
    // the headers may be older or newer than the tables
    const known = new Set(allNames(abi))
    const missing = headers.filter((name) => !known.has(name))
    expect(missing.filter((name) => !['_sysctl', 'uselib'].includes(name)).length).toBeLessThan(headers.length * 0.05)
    expect([...known].filter((name) => !headers.includes(name)).length).toBeLessThan(30)
  }
})

test("each name of Docker's default profile that x86-64 or arm64 has is an event's", () => {
  const known = DOCKER_DEFAULT.rules.flatMap(({ names }) => names).filter(isCallName)
  expect(known.length).toBeGreaterThan(350)
  for (const name of known) {
    const abi = (['x86_64', 'aarch64', 'x86', 'arm'] as const).find((a) => allNames(a).includes(name)) as Abi
    expect(eventsNamed(name, abi), name).not.toEqual([])
  }
})
