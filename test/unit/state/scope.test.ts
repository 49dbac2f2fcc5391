// Which events a reader must not leave out, by what they may tell.
import { expect, test } from 'vitest'
import { EVENTS } from '../../../src/schema/events/index.js'
import { naming, namingAddresses, namingThreads } from '../../../src/state/effects/event-scope.js'

/** Of events of that name, what the map says of each. */
const of = (map: Uint8Array, name: string): Set<number> =>
  new Set(EVENTS.filter((d) => d?.name === name).map((d) => map[d?.code as number] as number))

test('what a thread is changes by exec, names, ids and directories, not by files, memory or times', () => {
  const map = namingThreads()
  for (const name of ['execve', 'prctl', 'setuid', 'chdir', 'ks_rename', 'ks_fork', 'clone3', 'procexit'])
    expect(of(map, name).has(1), name).toBe(true)
  for (const name of ['openat', 'read', 'close', 'dup2', 'brk', 'mmap', 'ks_times', 'switch', 'getuid'])
    expect([...of(map, name)], name).toEqual([0])
})

test('arguments that name neither a process nor a descriptor are those of calls without an effect', () => {
  const map = naming()
  for (const name of ['openat', 'socket', 'dup2', 'close', 'execve', 'ks_fd', 'connect', 'pipe2', 'ks_cwd'])
    expect(of(map, name).has(1), name).toBe(true)
  for (const name of ['read', 'write', 'getuid', 'futex', 'nanosleep']) expect([...of(map, name)], name).toEqual([0])
  expect(map[1], 'what nobody declares may name anything').toBe(1)
})

test('addresses come with calls on sockets alone', () => {
  const map = namingAddresses()
  for (const name of ['connect', 'bind', 'accept4', 'sendto', 'recvmsg', 'ks_fd'])
    expect(of(map, name).has(1), name).toBe(true)
  for (const name of ['read', 'socket', 'listen', 'openat', 'getuid']) expect([...of(map, name)], name).toEqual([0])
  expect(map[1]).toBe(0)
})
