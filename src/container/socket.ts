// A gRPC socket that comes, goes and comes back: opens it when it is there, and again after it was lost.
import { stat } from 'node:fs/promises'
import { Grpc } from './grpc.js'
import { ANSWER_TIME, type Complain, RETRY } from './runtime.js'

export interface SocketUser {
  /** It answers: list what there is. Rejects when it is not what it should be. */
  connected(grpc: Grpc): Promise<void>
}

export class GrpcSocket {
  /** undefined while it is not there or does not answer */
  grpc: Grpc | undefined
  readonly ready: Promise<void>
  private listed!: () => void
  private closed = false
  private timer: NodeJS.Timeout | undefined

  constructor(
    readonly path: string,
    private readonly user: SocketUser,
    private readonly complain: Complain,
  ) {
    this.ready = new Promise((done) => {
      this.listed = done
    })
  }

  start(): void {
    void this.connect()
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
    this.grpc?.close()
    this.grpc = undefined
    this.listed()
  }

  /** It was lost: it is opened again in a while. */
  lost(): void {
    this.grpc?.close()
    this.grpc = undefined
    this.listed()
    if (this.closed) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.connect(), RETRY)
    this.timer.unref()
  }

  private async connect(): Promise<void> {
    const there = await stat(this.path).catch(() => undefined)
    if (this.closed) return
    if (there === undefined) return this.lost()
    const grpc = await Grpc.open(this.path)
    try {
      await this.user.connected(grpc)
      if (this.closed) return grpc.close()
      this.grpc = grpc
      this.listed()
    } catch (e) {
      grpc.close()
      const { code, details } = e as { code?: number; details?: string }
      const why = code === 4 ? `no answer in ${(2 * ANSWER_TIME) / 1000} s` : (details ?? (e as Error).message)
      // a socket of the other of the two interfaces says that it does not implement this one
      if (code !== 12) this.complain(`${this.path} does not say what containers it has: ${why}`)
      this.lost()
    }
  }
}
