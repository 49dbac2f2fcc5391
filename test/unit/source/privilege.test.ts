// The capabilities that are retained for later steps.
import { expect, test } from 'vitest'
import { CAP, calls, requiredCapabilities } from '../../../src/source/privilege.js'

const ALL = (1n << 41n) - 1n

test('a reader retains the right to read, a capture of a command the right to signal it', () => {
  expect(requiredCapabilities({}, ALL)).toEqual([CAP.DAC_READ_SEARCH])
  expect(requiredCapabilities({ command: true }, ALL)).toEqual([CAP.DAC_READ_SEARCH, CAP.KILL])
  expect(requiredCapabilities({ live: true, records: true }, 0n)).toContain(CAP.SYS_NICE)
})

test('for later captures the rights to attach are retained, the narrow ones if both exist', () => {
  expect(requiredCapabilities({ live: true, attach: true }, ALL)).toEqual([
    CAP.DAC_READ_SEARCH,
    CAP.SYS_PTRACE,
    CAP.BPF,
    CAP.PERFMON,
  ])
  expect(requiredCapabilities({ live: true, attach: true }, 1n << BigInt(CAP.SYS_ADMIN))).toContain(CAP.SYS_ADMIN)
})

test('sockets are available as declared, and calls that load programs to a capture that another may follow', () => {
  expect(calls({})).toEqual({ attach: false, maps: false, families: [] })
  expect(calls({ live: true, sockets: ['/run/docker.sock'] })).toEqual({ attach: false, maps: true, families: [1] })
  expect(calls({ live: true, attach: true })).toEqual({ attach: true, maps: true, families: [16] })
  expect([...calls({ network: true }).families].sort()).toEqual([1, 10, 16, 2])
})
