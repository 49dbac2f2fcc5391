// The pod of ksys on a node: creates it, waits for it, and always removes it.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { CliError, EXIT } from '../errors/exit.js'
import { firstLine, type Kubectl } from './kubectl.js'
import { manifestOf } from './manifest.js'
import { lastEvent, podOf } from './objects.js'
import type { Request } from './options.js'

/** ms that a pod may take until it runs: an image may have to be fetched */
const PATIENCE = 120_000
/** ms between checks, and how long a possibly temporary reason must persist */
const LOOK = 500
const STANDS = 10_000
/** Why a container waits that will not begin by waiting; and why one hardly will. */
const HOPELESS = /^(InvalidImageName|ErrImageNeverPull|CreateContainer(Config)?Error)$/
const DOUBTFUL = /^(ErrImagePull|ImagePullBackOff|RunContainerError|CrashLoopBackOff)$/

export class KsysPod {
  readonly name = `ksys-${randomBytes(4).toString('hex')}`
  private made = false

  constructor(
    private readonly kubectl: Kubectl,
    private readonly node: string,
    private readonly request: Pick<Request, 'home' | 'image' | 'timeToLive'>,
  ) {}

  /** Words that name it to kubectl. */
  get words(): readonly string[] {
    return ['-n', this.request.home, this.name]
  }

  /** Makes it. Throws CliError with kubectl's words. */
  async make(): Promise<void> {
    const { name, node, request } = this
    const { home, image, timeToLive } = request
    // it may be there although nothing was answered
    this.made = true
    await this.kubectl.json(
      `no pod of ksys can be made on ${node}`,
      ['create', '-f', '-'],
      manifestOf({ name, namespace: home, node, image, timeToLive }),
    )
  }

  /** Until it runs. stopped: somebody wants no more of it. Throws CliError with the reason that the cluster tells. */
  async ready(stopped: () => boolean): Promise<void> {
    const { node } = this
    const from = Date.now()
    let doubtful: number | undefined
    for (;;) {
      const pod = podOf(await this.kubectl.json(`the pod of ksys on ${node} is gone`, ['get', 'pod', ...this.words]))
      if (pod.running || stopped()) return
      const { reason, message } = pod.why
      const ended = pod.phase === 'Failed' || pod.phase === 'Succeeded'
      doubtful = DOUBTFUL.test(reason ?? '') ? (doubtful ?? Date.now()) : undefined
      const late = Date.now() - from > PATIENCE || (doubtful !== undefined && Date.now() - doubtful > STANDS)
      if (ended || late || HOPELESS.test(reason ?? '')) {
        const why = [reason, message].filter((part) => part !== undefined).join(': ') || (await this.event())
        throw new CliError(EXIT.unavailable, `the pod of ksys does not run on ${node}: ${why ?? `it is ${pod.phase}`}`)
      }
      await sleep(LOOK)
    }
  }

  /** Removes it; returns a sentence where that cannot be done. */
  async remove(): Promise<string | undefined> {
    if (!this.made) return undefined
    const { code, stderr } = await this.kubectl.run([
      ...['delete', 'pod', ...this.words],
      ...['--ignore-not-found', '--wait=false', '--grace-period=1'],
    ])
    if (code === 0) return undefined
    const { home, timeToLive } = this.request
    return `the pod ${this.name} in the namespace ${home} was not removed (${firstLine(stderr)}): it ends by itself after ${timeToLive} s`
  }

  /** What was last told of it. */
  private async event(): Promise<string | undefined> {
    const about = `involvedObject.name=${this.name}`
    const { code, stdout } = await this.kubectl.run([
      ...['get', 'events', '-n', this.request.home, '--field-selector', about, '-o', 'json'],
    ])
    try {
      return code === 0 ? lastEvent(JSON.parse(stdout)) : undefined
    } catch {
      return undefined
    }
  }
}
