// Queries of servers for loads whose output is compared: each waits until the server listens.
import { spawnSync } from 'node:child_process'
import { connect } from 'node:net'

/** Repeats a query until it is answered, for 30 s at most. */
export async function answered<T>(query: () => T | Promise<T>): Promise<T> {
  const end = Date.now() + 30_000
  for (;;)
    try {
      return await query()
    } catch (e) {
      if (Date.now() > end) throw e
      await new Promise((done) => setTimeout(done, 50))
    }
}

/** Sends lines to a server; what it answers before it closes the connection. */
export function lines(port: number, words: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(words.map((word) => `${word}\r\n`).join('')))
    let text = ''
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    socket.on('error', fail).on('close', () => done(text))
  })
}

/** The rows that PostgreSQL's client prints. Throws if the server does not accept the connection. */
export function psql(port: number, sql: string): string {
  const args = ['-h', '127.0.0.1', '-p', String(port), '-U', 'keeper', '-d', 'postgres', '-AtX', '-c', sql]
  const { stdout, stderr, status } = spawnSync('psql', args, { encoding: 'utf8' })
  // 2: no connection; errors of statements are part of the answer
  if (status === 2) throw new Error(stderr)
  return stdout + stderr
}
