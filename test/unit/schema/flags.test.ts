import { constants } from 'node:os'
import { expect, test } from 'vitest'
import { errnoName } from '../../../src/schema/errno.js'
import { toPortable } from '../../../src/schema/flags/convert.js'
import { fcntlCommands } from '../../../src/schema/flags/files.js'
import { semctlCommands, semgetFlags } from '../../../src/schema/flags/ipc.js'
import { mmapFlags, pageFaultFlags } from '../../../src/schema/flags/memory.js'
import { shutdownHow, sockoptLevels } from '../../../src/schema/flags/net.js'
import { fdFlags, fileFlags } from '../../../src/schema/flags/open.js'
import { cloneFlags, ptraceRequests } from '../../../src/schema/flags/process.js'
import { quotactlCmds, quotactlTypes } from '../../../src/schema/flags/quota.js'
import { signalName, signalSet } from '../../../src/schema/signals.js'

test('the access mode of open counts from one', () => {
  expect(toPortable(fileFlags, 'flags', 0)).toBe(1)
  expect(toPortable(fileFlags, 'flags', 1)).toBe(2)
  expect(toPortable(fileFlags, 'flags', 2)).toBe(3)
  expect(toPortable(fileFlags, 'flags', 0o2000000)).toBe(4097)
  expect(toPortable(fileFlags, 'flags', 0o1101)).toBe(262)
})

test('flags of calls without an access mode have none', () => {
  expect(toPortable(fdFlags, 'flags', 0o2004000)).toBe(4160)
  expect(toPortable(fdFlags, 'flags', 0)).toBe(0)
})

test('O_SYNC and O_TMPFILE are not taken for the bits they contain', () => {
  expect(toPortable(fdFlags, 'flags', 0o10000)).toBe(16)
  expect(toPortable(fdFlags, 'flags', 0o200000)).toBe(1024)
})

test('clone flags: the exit signal in the low byte is dropped, the highest bit is retained', () => {
  // CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD
  expect(toPortable(cloneFlags, 'flags', 0x01200011)).toBe(25165824)
  expect(toPortable(cloneFlags, 'flags', 0x80000000)).toBe(4)
  // clone3 has bits above 32 for which libs has no names
  expect(toPortable(cloneFlags, 'flags', 2 ** 33 + 0x10000)).toBe(8192)
})

test('enums: unknown values become UNKNOWN if libs has it', () => {
  expect(toPortable(fcntlCommands, 'enum', 1030)).toBe(26)
  expect(toPortable(fcntlCommands, 'enum', 0)).toBe(1)
  expect(toPortable(fcntlCommands, 'enum', 9999)).toBe(0)
  expect(toPortable(sockoptLevels, 'enum', 6)).toBe(2)
  expect(toPortable(shutdownHow, 'enum', 7)).toBe(65535)
  expect(toPortable(ptraceRequests, 'enum', 0x4206)).toBe(20)
})

test('values that are numbers in the kernel and bits in libs are converted', () => {
  expect(toPortable(semctlCommands, 'flags', 0)).toBe(4)
  expect(toPortable(semctlCommands, 'flags', 16)).toBe(4096)
  expect(toPortable(semgetFlags, 'flags', 0o1600)).toBe(8192 | 0o600)
  expect(toPortable(quotactlCmds, 'flags', 0x80000700)).toBe(32)
  expect(toPortable(quotactlTypes, 'flags', 0x80000701)).toBe(2)
})

test('memory: MAP_SHARED_VALIDATE is a shared mapping, and a fault has flags for what it was and was not', () => {
  expect(toPortable(mmapFlags, 'flags', 0x22)).toBe(10)
  expect(toPortable(mmapFlags, 'flags', 3)).toBe(1)
  expect(toPortable(pageFaultFlags, 'flags', 0x14)).toBe(154)
})

test('errno and signal names agree with the system', () => {
  for (const [name, n] of Object.entries(constants.errno))
    if (!['EWOULDBLOCK', 'EOPNOTSUPP', 'ENOTSUP', 'EDEADLOCK'].includes(name)) expect(errnoName(-n), name).toBe(name)
  expect(errnoName(-514)).toBe('ERESTARTNOHAND')
  for (const [name, n] of Object.entries(constants.signals))
    if (!['SIGIOT', 'SIGPOLL'].includes(name)) expect(signalName(n), name).toBe(name)
  expect(signalName(0)).toBeUndefined()
  expect(signalSet(0b100_0000_0010)).toEqual(['SIGINT', 'SIGSEGV'])
})
