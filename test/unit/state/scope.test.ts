// The events that a reader must not omit, by what they may change.
import { expect, test } from 'vitest'
import { EVENTS } from '../../../src/schema/events/index.js'
import { naming, namingAddresses, namingThreads } from '../../../src/state/effects/event-scope.js'

/** The values of the map for events with this name. */
const of = (map: Uint8Array, name: string): Set<number> =>
  new Set(EVENTS.filter((d) => d?.name === name).map((d) => map[d?.code as number] as number))

test('the identity of a thread is changed by exec, names, ids and directories, not by files, memory or times', () => {
  const map = namingThreads()
  for (const name of ['execve', 'prctl', 'setuid', 'chdir', 'ks_rename', 'ks_fork', 'clone3', 'procexit'])
    expect(of(map, name).has(1), name).toBe(true)
  for (const name of ['openat', 'read', 'close', 'dup2', 'brk', 'mmap', 'ks_times', 'switch', 'getuid'])
    expect([...of(map, name)], name).toEqual([0])
})

test('calls without an effect have no arguments that name a process or a descriptor', () => {
  const map = naming()
  for (const name of ['openat', 'socket', 'dup2', 'close', 'execve', 'ks_fd', 'connect', 'pipe2', 'ks_cwd'])
    expect(of(map, name).has(1), name).toBe(true)
  for (const name of ['read', 'write', 'getuid', 'futex', 'nanosleep']) expect([...of(map, name)], name).toEqual([0])
  expect(map[1], 'what nobody declares may name anything').toBe(1)
})

test('addresses occur in calls on sockets alone', () => {
  const map = namingAddresses()
  for (const name of ['connect', 'bind', 'accept4', 'sendto', 'recvmsg', 'ks_fd'])
    expect(of(map, name).has(1), name).toBe(true)
  for (const name of ['read', 'socket', 'listen', 'openat', 'getuid']) expect([...of(map, name)], name).toEqual([0])
  expect(map[1]).toBe(0)
})
