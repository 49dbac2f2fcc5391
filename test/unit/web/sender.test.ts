// Bodies wait for a server up to a limit, and each record is reported as sent, failed or dropped.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { Poster } from '../../../src/web/poster.js'
import { Sender, type SenderOptions } from '../../../src/web/sender.js'

/** A server that responds on command. */
async function server(): Promise<{ url: string; answer: (status: number) => void; asked: () => number; open: Server }> {
  const waiting: ((status: number) => void)[] = []
  let requests = 0
  let always: number | undefined
  const open = createServer((request, response) => {
    requests++
    request.resume()
    const end = (status: number) => {
      response.writeHead(status)
      response.end()
    }
    if (always === undefined) waiting.push(end)
    else end(always)
  })
  await new Promise<void>((done) => open.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    open.closeAllConnections()
    open.close()
  })
  const answer = (status: number) => {
    always = status
    for (const end of waiting.splice(0)) end(status)
  }
  return { url: `http://127.0.0.1:${(open.address() as AddressInfo).port}`, answer, asked: () => requests, open }
}

function sending(url: string, more: Partial<SenderOptions> = {}) {
  const poster = new Poster({ url, headers: {}, atOnce: 4, retries: 1, timeout: 5000 })
  return new Sender({ poster, complain: () => {}, mostBytes: 1000, ...more })
}

const body = new Uint8Array(100)
const counts = ({ sent, failed, dropped }: Sender) => ({ sent, failed, dropped })

test('bodies beyond the capacity are dropped, the rest is delivered once the server accepts it', async () => {
  const { url, answer } = await server()
  const sender = sending(url)
  const taken = Array.from({ length: 20 }, () => sender.offer(body, 3))
  expect(taken.filter(Boolean)).toHaveLength(10)
  expect(sender.full).toBe(true)
  answer(200)
  await sender.room()
  expect(sender.full).toBe(false)
  await sender.close(10_000)
  expect(counts(sender)).toEqual({ sent: 30, failed: 0, dropped: 30 })
})

test('a single body may have any size', async () => {
  const { url, answer } = await server()
  answer(200)
  const sender = sending(url)
  expect(sender.offer(new Uint8Array(1 << 20), 1)).toBe(true)
  await sender.close(10_000)
  expect(counts(sender)).toEqual({ sent: 1, failed: 0, dropped: 0 })
})

test('a caller that waits for capacity continues after a failure, too', async () => {
  const { url, answer } = await server()
  const sender = sending(url)
  for (let i = 0; i < 10; i++) sender.offer(body, 1)
  answer(400)
  await sender.room()
  expect(sender.failed).toBeGreaterThan(0)
  await sender.close(10_000)
  expect(counts(sender)).toEqual({ sent: 0, failed: 10, dropped: 0 })
  expect(sender.reason).toBe('it responded with 400')
})

test('the end waits for a limited time, then the rest counts as failed', async () => {
  const { url } = await server()
  const sender = sending(url)
  for (let i = 0; i < 6; i++) sender.offer(body, 2)
  await sender.close(100)
  expect(counts(sender)).toEqual({ sent: 0, failed: 12, dropped: 0 })
  expect(sender.offer(body, 1)).toBe(false)
})

test('at most four requests are in progress', async () => {
  const { url, answer, asked } = await server()
  const sender = sending(url)
  for (let i = 0; i < 8; i++) sender.offer(body, 1)
  while (asked() < 4) await new Promise((done) => setTimeout(done, 5))
  await new Promise((done) => setTimeout(done, 100))
  expect(asked()).toBe(4)
  answer(200)
  await sender.close(10_000)
  expect(sender.sent).toBe(8)
})

/** A server in a thread of its own: it counts requests (0), answers from when `1` is set, and sets `2` once it has answered. */
const THREAD = `
const { createServer } = require('node:http')
const { parentPort, workerData } = require('node:worker_threads')
createServer((request, response) => {
  request.resume()
  Atomics.add(workerData, 0, 1)
  const poll = setInterval(() => {
    if (Atomics.load(workerData, 1) === 0) return
    clearInterval(poll)
    response.end(() => {
      Atomics.store(workerData, 2, 1)
      Atomics.notify(workerData, 2)
    })
  }, 1)
}).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port) })`

test('a response that arrives while the client itself cannot run is not late', async () => {
  const shared = new Int32Array(new SharedArrayBuffer(12))
  const thread = new Worker(THREAD, { eval: true, workerData: shared })
  onTestFinished(() => thread.terminate().then(() => undefined))
  const port = await new Promise<number>((done) => thread.once('message', done))
  const timeout = 1000
  const poster = new Poster({ url: `http://127.0.0.1:${port}`, headers: {}, atOnce: 1, retries: 1, timeout })
  onTestFinished(() => poster.close())
  const troubles: string[] = []
  const start = performance.now()
  const sent = poster.send(body, { abort: new AbortController().signal, trouble: (reason) => troubles.push(reason) })
  while (Atomics.load(shared, 0) === 0) await new Promise((done) => setImmediate(done))
  Atomics.store(shared, 1, 1)
  Atomics.wait(shared, 2, 0)
  const left = start + 1.5 * timeout - performance.now()
  if (left > 0) Atomics.wait(shared, 2, 1, left)
  await sent
  expect([troubles, Atomics.load(shared, 0)]).toEqual([[], 1])
})
