// A gRPC socket that may appear, disappear and reappear: opens it when it exists, and reopens it after it was lost.
import { Grpc } from './grpc.js'
import { type Complain, GREETING_TIME, Retry } from './runtime.js'
import { RuntimeHealth } from './runtime-health.js'
import { refusal } from './socket-access.js'

interface SocketUser {
  /** Sends the cheapest request. Rejects if there is no response within `ms`, or a wrong one. */
  greet(grpc: Grpc, ms: number): Promise<void>
  /** Called when it responds: lists the containers. */
  connected(grpc: Grpc): Promise<void>
  /** Called when it responds, and when the connection is lost. */
  reach?(): void
}

/** gRPC status codes: no response in time; unknown service. */
const DEADLINE = 4
const UNIMPLEMENTED = 12
const UNAVAILABLE = 14
/** Messages of the library while a daemon stops or starts. */
const BETWEEN = /ECONNREFUSED|ECONNRESET|ENOENT|Connection dropped/

/** The message for the user from the library's details, which for a broken connection sometimes contain no reason. */
const meaning = (details: string): string =>
  /Last error: (.*?) \(/.exec(details)?.[1] ??
  (/^No connection established/.test(details) ? 'connections to it are closed' : details)

export class GrpcSocket {
  /** undefined while it does not exist or does not respond */
  grpc: Grpc | undefined
  /** the socket exists */
  there = false
  readonly ready: Promise<void>
  private listed!: () => void
  private closed = false
  private readonly retry = new Retry(() => void this.connect())
  private doubted = false
  private readonly health = new RuntimeHealth()

  constructor(
    readonly path: string,
    private readonly user: SocketUser,
    private readonly complain: Complain,
  ) {
    this.ready = new Promise((done) => {
      this.listed = done
    })
  }

  /** whether it responds is not known yet, or in doubt */
  get connecting(): boolean {
    return this.health.connecting
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

  /** Called when the connection was lost: it is reopened later. */
  lost(): void {
    const { grpc } = this
    this.grpc = undefined
    grpc?.close()
    if (grpc !== undefined) this.user.reach?.()
    this.listed()
    if (!this.closed) this.retry.failed()
  }

  /** Called after a failed call: checks whether the failure concerns that request or the whole runtime. */
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
      if (why !== '') this.complain(`not querying ${this.path} for containers: ${why}`)
      this.listed()
      return this.retry.later()
    }
    this.health.greets()
    const grpc = await Grpc.open(this.path)
    let answered = false
    try {
      await this.user.greet(grpc, this.retry.patience(GREETING_TIME))
      this.health.answered()
      if (this.closed) return grpc.close()
      this.grpc = grpc
      answered = true
      this.user.reach?.()
      await this.user.connected(grpc)
      if (this.grpc === grpc) this.retry.succeeded()
      this.listed()
    } catch (e) {
      grpc.close()
      // closed meanwhile by lost(), which caused this error
      if (answered && this.grpc !== grpc) return
      this.refused(e)
    }
  }

  private refused(e: unknown): void {
    const { code, details = (e as Error).message } = e as { code?: number; details?: string }
    this.health.failed(code === DEADLINE)
    const why = code === DEADLINE ? 'no answer in time' : meaning(details)
    // containerd's socket does not have the CRI service if the plugin is disabled, and vice versa
    if (!this.closed && code !== UNIMPLEMENTED && !BETWEEN.test(details))
      this.complain(`${this.path} did not return its containers: ${why}`)
    this.lost()
  }
}
