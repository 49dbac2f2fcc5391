// The cost of exporting: calls a second from a trace of each kind, and the bytes for each call.
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** Messages in both directions over a connection; each is written, and read at the other end. */
const MESSAGES = 300_000
const ECHO = `
const net = require('node:net')
const server = net.createServer((c) => c.pipe(c)).listen(0, '127.0.0.1', () => {
  let left = ${MESSAGES}
  const c = net.connect(server.address().port, '127.0.0.1')
  c.setNoDelay(true)
  const send = () => { for (let i = 0; i < 50; i++) c.write(Buffer.alloc(100, 120)) }
  c.on('data', (b) => { left -= b.length / 100; if (left <= 0) { c.destroy(); server.close() } else if (left % 50 < 1) send() })
  send()
})`

/** Records traffic over a connection; returns the file and the calls in it. */
export function recordTraffic(ksys: string, dir: string): { file: string; calls: number } {
  const file = join(dir, 'traffic.ksys')
  execFileSync(process.execPath, [ksys, '-w', file, '--', process.execPath, '-e', ECHO], { stdio: 'ignore' })
  const info = execFileSync(process.execPath, [ksys, 'info', file, '-j'], { encoding: 'utf8' })
  return { file, calls: (JSON.parse(info) as { events: number }).events }
}

/** The formats, each with options and the trace that it is measured with. */
export const EXPORTS = [
  ['calls as CSV', 'csv', 'mixed'],
  ['connections as CSV', 'csv', 'traffic'],
  ['calls for Perfetto', 'perfetto', 'mixed'],
  ['connections for Perfetto', 'perfetto', 'traffic'],
  ['connections as pcapng', 'pcapng', 'traffic'],
  ['calls as Parquet', 'parquet', 'mixed'],
  ['connections as Parquet', 'parquet', 'traffic'],
  ['calls as Arrow', 'arrow', 'mixed'],
] as const

/** A server that accepts everything. */
export async function receiver(): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => response.end())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

/** Bytes of a file for each call. */
export function bytesEach(file: string, calls: number): string {
  return `${(statSync(file).size / calls).toFixed(1)} bytes per call`
}
