// The chisel netstat lists a socket once for each process, or for each thread if asked.
import { expect, test } from 'vitest'
import type { FdInfo } from '../../../src/model/snapshot.js'
import { overRows } from '../../helpers/chisel.js'
import { shell, thread } from '../state/world.js'

const listening = (num: number, port: number, ino?: number): FdInfo => ({
  ...{ num, type: 'ipv4', name: '', l4: 'tcp', localIp: '0.0.0.0', localPort: port },
  ...(ino === undefined ? {} : { ino }),
})

/** A server with three threads, two of which share its descriptors; a worker process that inherited a socket. */
function server() {
  const snapshot = shell()
  snapshot.threads.push(
    // its number is below that of the main thread, which began before the numbers started again
    thread(199, { pid: 200, comm: 'resolver' }),
    thread(200, {
      comm: 'server',
      fds: [listening(3, 80, 7), listening(4, 80, 7), listening(5, 443, 8), listening(6, 22), listening(7, 53)],
    }),
    thread(201, { pid: 200, comm: 'worker' }),
    thread(202, { pid: 200, comm: 'private', fds: [listening(3, 80, 7), listening(9, 8080, 9)] }),
    thread(300, { comm: 'child', fds: [listening(3, 80, 7)] }),
  )
  return snapshot
}

/** the state is shown at the first event */
const first = [{ type: 'getpid' }]
const netstat = async (...words: string[]) => (await overRows('netstat', first, { snapshot: server(), words })).values

test('a socket is listed once for each process, with its main thread if it has the socket', async () => {
  const seen = (await netstat()).map((s) => [s.server, s.tid, s.pid, s.program])
  expect(seen.sort()).toEqual(
    [
      ['0.0.0.0:80', 200, 200, 'server'],
      ['0.0.0.0:443', 200, 200, 'server'],
      ['0.0.0.0:22', 200, 200, 'server'],
      ['0.0.0.0:53', 200, 200, 'server'],
      // only this thread has it
      ['0.0.0.0:8080', 202, 200, 'private'],
      ['0.0.0.0:80', 300, 300, 'child'],
    ].sort(),
  )
})

test('threads=yes lists each descriptor of each thread, and a filter by thread its sockets alone', async () => {
  const count = async (...words: string[]) => (await netstat(...words)).length
  expect(await count('threads=yes')).toBe(3 * 5 + 2 + 1)
  expect(await count('threads=no')).toBe(6)
  expect((await netstat('thread.tid=201')).map((s) => s.tid)).toEqual([201, 201, 201, 201])
  expect((await netstat('fd.sport=80 and proc.pid=200')).map((s) => s.tid)).toEqual([200])
})

test('text has the same rows as JSON', async () => {
  const { lines, values } = await overRows('netstat', first, { snapshot: server() })
  expect(lines).toHaveLength(values.length + 1)
  expect(lines.filter((l) => l.includes('200/200/server'))).toHaveLength(4)
})
