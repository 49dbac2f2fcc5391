// Attempts to connect: which of them failed, and with which error. A program that does not wait for a connection reads its result
// later (SO_ERROR, or another connect), or never.
import type { Fd } from '../model/fd.js'
import { errnoName } from '../schema/errno.js'
import type { HostRow } from './report.js'
import { addName } from './users.js'

/** Maximum number of attempts without a result that are known at a time. */
const MOST = 10_000

type Counts = { -readonly [K in 'connections' | 'failed' | 'unanswered']: HostRow[K] } & { readonly errors: string[] }

export class Attempts {
  /** begun, and no result has been seen */
  private readonly open = new Map<Fd, Counts>()

  /** The socket is connected, or waits for the answer of the other end. */
  begin(fd: Fd, host: Counts, waits: boolean): void {
    host.connections++
    this.open.delete(fd)
    if (waits && this.open.size < MOST) this.open.set(fd, host)
  }

  /** Whether the result of the socket's attempt is not known yet. */
  isOpen(fd: Fd): boolean {
    return this.open.has(fd)
  }

  /** Data has passed, or the result has been read: fd.connectError is 0 if it is success. */
  end(fd: Fd): void {
    const host = this.open.get(fd)
    if (host === undefined) return
    this.open.delete(fd)
    if (fd.connectError === 0) return
    host.connections--
    Attempts.failed(host, fd.connectError)
  }

  /** An attempt has failed at once. error: a number of errno. */
  static failed(host: Counts, error: number): void {
    host.failed++
    addName(host.errors, errnoName(error) ?? String(error))
  }

  /** The capture has ended: no answer has come. */
  finish(): void {
    for (const host of this.open.values()) {
      host.connections--
      host.unanswered++
    }
    this.open.clear()
  }
}
