// Users of containers in a live capture: read through a process that still exists, and from the container's folder once it is known.

import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { AccountReader } from '../../../src/container/accounts.js'
import { Names } from '../../../src/container/names.js'
import { NamedSource } from '../../../src/container/source.js'
import type { Snapshot } from '../../../src/model/snapshot.js'
import { bootNs } from '../../../src/model/time.js'
import type { CaptureSource } from '../../../src/source/source.js'
import { makeBatch } from '../../helpers/rows.js'
import { INFO, NOTHING, scratch } from '../../helpers/trace.js'
import { thread } from '../state/world.js'

const at = scratch()
const ID = 'a'.repeat(64)
const SHORT = ID.slice(0, 12)
const CGROUPS = [`memory=/docker/${ID}`]

const names = new Names({ users: [], given: [], folders: {}, host: '', proc: '/proc' }, () => {}, { patience: 100 })
afterAll(() => names.close())

/** A folder like /proc: process 1 has the root of the host, the given processes that of a container with a user `keeper`. */
function procWith(name: string, ...pids: number[]): string {
  const proc = at(name)
  mkdirSync(`${proc}/1/root`, { recursive: true })
  for (const pid of pids) {
    mkdirSync(`${proc}/${pid}/root/etc`, { recursive: true })
    writeFileSync(`${proc}/${pid}/root/etc/passwd`, 'keeper:x:1234:1234::/:/bin/sh\n')
    for (const map of ['uid_map', 'gid_map']) writeFileSync(`${proc}/${pid}/${map}`, '0 0 4294967295\n')
  }
  return proc
}

type Batch = ReturnType<typeof makeBatch>

/** A live capture with this snapshot and then batches, until there is none, with the accounts of containers read during it. */
function live(
  accounts: AccountReader,
  snapshot: Snapshot,
  batch: () => Batch | undefined = () => undefined,
): NamedSource {
  const source = {
    info: INFO,
    snapshot: async () => snapshot,
    next: async () => {
      await new Promise((done) => setTimeout(done, 50))
      return batch()
    },
    stats: () => ({ events: 0 }),
    close: async () => {},
  } as unknown as CaptureSource
  const options = { hold: true, patient: false, patience: 100, accounts, holdForAccounts: true }
  return new NamedSource(source, names, options)
}

test('the users of a running container are read through its oldest process: a newer one with a lower number may have exited', async () => {
  const proc = procWith('numbers-began-again', 32_000)
  const threads = [
    thread(300, { cgroups: CGROUPS, startBoot: bootNs(2e9) }),
    thread(301, { cgroups: CGROUPS, startBoot: bootNs(0) }),
    thread(32_000, { cgroups: CGROUPS, startBoot: bootNs(1e9) }),
  ]
  const { users } = await live(new AccountReader({ folders: {}, host: '', proc }), { ...NOTHING, threads }).snapshot()
  expect(users).toContainEqual(expect.objectContaining({ name: 'keeper', uid: 1234, container: SHORT }))
})

test('if processes exit too early, the folder is read again, because the runtime may report it late', async () => {
  const folders: Record<string, string[]> = {}
  const accounts = new AccountReader({ folders, host: '', proc: procWith('all-ended') })
  const begins = { type: 'execve', tid: 500, ret: 0, params: { exe: '/bin/id', cgroups: CGROUPS } }
  let num = 0
  // reading takes as long as the machine needs: the capture continues until then, for a minute at most
  const more = () => (++num > 1200 ? undefined : makeBatch([{ ...begins, num, time: num }]))
  const source = live(accounts, { ...NOTHING, threads: [thread(400, { cgroups: CGROUPS })] }, more)
  await source.snapshot()
  await source.next()
  const bundle = at(`state/io.containerd.runtime.v2.task/default/${ID}`)
  mkdirSync(bundle, { recursive: true })
  mkdirSync(at('tree/etc'), { recursive: true })
  writeFileSync(at('tree/etc/passwd'), 'keeper:x:1234:1234::/:/bin/sh\n')
  writeFileSync(`${bundle}/config.json`, JSON.stringify({ root: { path: at('tree') }, linux: {} }))
  folders.containerd = [at('state')]
  const seen: string[] = []
  while (!seen.at(-1)?.includes('keeper')) {
    const batch = await source.next()
    if (batch === undefined) break
    seen.push(Buffer.from(batch.buffer).toString('latin1'))
  }
  expect(seen.join()).toContain('keeper')
})
