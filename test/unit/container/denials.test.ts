// When it is known that a cgroup that may be a container's by its path is none.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import * as grpc from '@grpc/grpc-js'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Names } from '../../../src/container/names.js'
import { scratch } from '../../helpers/trace.js'

const at = scratch()
const MINUTE = 60_000

const fakeTimers = () => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
beforeEach(fakeTimers)
afterEach(() => void vi.useRealTimers())

/** containerd's file about a task. */
function begin(namespace: string, id: string): void {
  const dir = join(at('state'), 'io.containerd.runtime.v2.task', namespace, id)
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'config.json'), JSON.stringify({ linux: { cgroupsPath: `/${namespace}/${id}` } }))
}

function namesOf(containerd: readonly string[]): Names {
  const folders = { docker: [], storage: [], containerd: [at('state')] }
  const places = { docker: [], users: [], given: [], containerd, cri: [], folders, host: '', proc: '/proc' }
  return new Names(places, () => undefined)
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

/** The answers so far, by the path; `all`: fulfilled when none is missing. */
function ask(names: Names, ...paths: string[]) {
  const answers: Record<string, boolean> = {}
  const asked = paths.map(async (path) => {
    answers[path] = await names.denials.denied(path)
  })
  return { answers, all: Promise.all(asked) }
}

test('a cgroup is denied after a minute, if no file of a runtime describes a container in it by then', async () => {
  const names = namesOf([])
  begin('default', 'before')
  const { answers, all } = ask(names, '/default/before', '/default/late', '/jobs/1')
  await pass(MINUTE - 1)
  expect(answers).toEqual({})
  begin('default', 'late')
  await pass(1)
  await all
  expect(answers).toEqual({ '/default/before': false, '/default/late': false, '/jobs/1': true })
  names.close()
})

test('while a runtime does not respond nothing is denied', async () => {
  // connecting takes real time
  vi.useRealTimers()
  const server = createServer()
  const sockets: Socket[] = []
  const met = new Promise<void>((done) => {
    server.once('connection', (s: Socket) => {
      sockets.push(s)
      done()
    })
  })
  await new Promise<void>((done) => server.listen(at('containerd.sock'), done))
  const names = namesOf([at('containerd.sock')])
  void names.start()
  await met
  fakeTimers()
  const { answers, all } = ask(names, '/jobs/1')
  await pass(5 * MINUTE)
  expect(answers).toEqual({})
  names.close()
  await pass(MINUTE)
  await all
  expect(answers).toEqual({ '/jobs/1': false })
  for (const s of sockets) s.destroy()
  await new Promise((done) => server.close(done))
})

test('a container that is reported ends the denial of its cgroup', async () => {
  const names = namesOf([])
  const doubted: (string | undefined)[] = []
  names.denials.onDoubt((path) => doubted.push(path))
  const { answers, all } = ask(names, '/default/web')
  await pass(MINUTE)
  await all
  expect({ answers, doubted }).toEqual({ answers: { '/default/web': true }, doubted: [] })
  begin('default', 'web')
  await names.wantPath('/default/web')
  expect(doubted).toEqual(['/default/web'])
  names.close()
})

test('a runtime that connects ends all denials', async () => {
  vi.useRealTimers()
  const server = new grpc.Server()
  const empty = () => Buffer.alloc(0)
  const path = '/containerd.services.namespaces.v1.Namespaces/List'
  const coding = {
    requestSerialize: empty,
    requestDeserialize: empty,
    responseSerialize: empty,
    responseDeserialize: empty,
  }
  server.addService(
    { List: { path, requestStream: false, responseStream: false, ...coding } },
    { List: (_: unknown, done: grpc.sendUnaryData<Buffer>) => done(null, empty()) },
  )
  const names = namesOf([at('containerd.sock')])
  const doubted = new Promise((done) => names.denials.onDoubt(done))
  await names.start()
  await new Promise<void>((done, fail) =>
    server.bindAsync(`unix://${at('containerd.sock')}`, grpc.ServerCredentials.createInsecure(), (e) =>
      e ? fail(e) : done(),
    ),
  )
  expect(await doubted).toBeUndefined()
  names.close()
  server.forceShutdown()
})
