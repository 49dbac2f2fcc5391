// A gRPC socket that comes, goes and comes back: opens it when it is there, and again after it was lost.
import { Grpc } from './grpc.js'
import { type Complain, GREETING_TIME, Retry } from './runtime.js'
import { RuntimeHealth } from './runtime-health.js'
import { refusal } from './socket-access.js'

export interface SocketUser {
  /** Asks for as little as possible. Rejects when there is no answer within `ms`, or another one. */
  greet(grpc: Grpc, ms: number): Promise<void>
  /** It answers: list what there is. */
  connected(grpc: Grpc): Promise<void>
}

/** Codes of gRPC: nothing came in time; it does not have that service. */
const DEADLINE = 4
const UNIMPLEMENTED = 12
const UNAVAILABLE = 14
/** What the library says when a daemon ended, ends or begins. */
const BETWEEN = /ECONNREFUSED|ECONNRESET|ENOENT|Connection dropped/

/** What a person is told where the library gives a reason like that: of a connection that broke it has not always one. */
const meaning = (details: string): string =>
  /Last error: (.*?) \(/.exec(details)?.[1] ??
  (/^No connection established/.test(details) ? 'connections to it break' : details)

export class GrpcSocket {
  /** undefined while it is not there or does not answer */
  grpc: Grpc | undefined
  /** there is such a socket */
  there = false
  readonly ready: Promise<void>
  private listed!: () => void
  private closed = false
  private readonly retry = new Retry(() => void this.connect())
  private doubted = false
  private readonly standing = new RuntimeHealth()

  constructor(
    readonly path: string,
    private readonly user: SocketUser,
    private readonly complain: Complain,
  ) {
    this.ready = new Promise((done) => {
      this.listed = done
    })
  }

  /** whether it answers is not known yet, or in doubt */
  get connecting(): boolean {
    return this.standing.connecting
  }

  start(): void {
    void this.connect()
  }

  close(): void {
    this.closed = true
    this.retry.stop()
    this.grpc?.close()
    this.grpc = undefined
    this.listed()
  }

  /** It was lost: it is opened again in a while. */
  lost(): void {
    this.grpc?.close()
    this.grpc = undefined
    this.listed()
    if (!this.closed) this.retry.failed()
  }

  /** A call failed like that: because of what was asked, or of the whole runtime, which is found out. */
  async doubt(e: unknown): Promise<void> {
    const { grpc } = this
    const { code } = e as { code?: number }
    if (grpc === undefined || this.doubted || (code !== DEADLINE && code !== UNAVAILABLE)) return
    this.doubted = true
    await this.user.greet(grpc, GREETING_TIME).catch((why) => {
      if (this.grpc === grpc) this.refused(why)
    })
    this.doubted = false
  }

  private async connect(): Promise<void> {
    const why = await refusal(this.path)
    if (this.closed) return
    this.there = why === undefined
    if (why !== undefined) {
      if (why !== '') this.complain(`${this.path} is not asked what containers it has: ${why}`)
      this.listed()
      return this.retry.later()
    }
    this.standing.greets()
    const grpc = await Grpc.open(this.path)
    let answered = false
    try {
      await this.user.greet(grpc, this.retry.patience(GREETING_TIME))
      this.standing.answered()
      if (this.closed) return grpc.close()
      this.grpc = grpc
      answered = true
      await this.user.connected(grpc)
      if (this.grpc === grpc) this.retry.succeeded()
      this.listed()
    } catch (e) {
      grpc.close()
      // it was given up meanwhile, which ended this
      if (answered && this.grpc !== grpc) return
      this.refused(e)
    }
  }

  private refused(e: unknown): void {
    const { code, details = (e as Error).message } = e as { code?: number; details?: string }
    this.standing.failed(code === DEADLINE)
    const why = code === DEADLINE ? 'no answer in time' : meaning(details)
    // a socket of the other of the two interfaces does not have the service
    if (!this.closed && code !== UNIMPLEMENTED && !BETWEEN.test(details))
      this.complain(`${this.path} does not say what containers it has: ${why}`)
    this.lost()
  }
}
