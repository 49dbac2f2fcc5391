// The pod of ksys on a node: creates it, waits for it, and always removes it.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { CliError, EXIT } from '../errors/exit.js'
import { firstLine, type Kubectl } from './kubectl.js'
import { manifestOf } from './manifest.js'
import { lastEvent, podOf } from './objects.js'
import type { Request } from './options.js'

/** ms until a pod must run: its image may have to be fetched */
const START_TIMEOUT = 120_000
/** ms between checks */
const POLL_EVERY = 500
/** ms after which an error that may be temporary counts as permanent */
const TEMPORARY_TIMEOUT = 10_000
/** errors of a waiting container that are permanent, and those that may be temporary */
const PERMANENT = /^(InvalidImageName|ErrImageNeverPull|CreateContainer(Config)?Error)$/
const TEMPORARY = /^(ErrImagePull|ImagePullBackOff|RunContainerError|CrashLoopBackOff)$/

/** What to do if the pod cannot be created, by kubectl's message. */
const REMEDIES: readonly (readonly [shape: RegExp, remedy: string])[] = [
  [/namespaces "[^"]*" not found/, 'create it with namespace.yaml of ksys, or name another one with --ksys-namespace'],
  [
    /violates PodSecurity/,
    'use the namespace of namespace.yaml of ksys, or one for privileged pods with --ksys-namespace',
  ],
]

export class KsysPod {
  readonly name = `ksys-${randomBytes(4).toString('hex')}`
  /** the pod may exist */
  private created = false

  constructor(
    private readonly kubectl: Kubectl,
    private readonly node: string,
    private readonly request: Pick<Request, 'home' | 'image' | 'timeToLive'>,
  ) {}

  /** The arguments of kubectl that identify the pod. */
  get reference(): readonly string[] {
    return ['-n', this.request.home, this.name]
  }

  /** Creates the pod. Throws CliError with kubectl's message. */
  async create(): Promise<void> {
    const { name, node, request } = this
    const { home, image, timeToLive } = request
    // even if kubectl fails, the pod may have been created
    this.created = true
    const manifest = manifestOf({ name, namespace: home, node, image, timeToLive })
    try {
      await this.kubectl.json(`cannot create the pod of ksys on ${node}`, ['create', '-f', '-'], manifest)
    } catch (e) {
      const remedy = e instanceof CliError ? REMEDIES.find(([shape]) => shape.test(e.message))?.[1] : undefined
      throw remedy === undefined ? e : new CliError(EXIT.unavailable, `${(e as CliError).message}; ${remedy}`)
    }
  }

  /** Waits until the pod runs, or `stopped` returns true. Throws CliError with the cluster's reason if it will not run. */
  async waitUntilRunning(stopped: () => boolean): Promise<void> {
    const { node } = this
    const from = Date.now()
    let failingSince: number | undefined
    for (;;) {
      const failure = `cannot query the pod of ksys on ${node}`
      const pod = podOf(await this.kubectl.json(failure, ['get', 'pod', ...this.reference]))
      if (pod.running || stopped()) return
      const { reason, message } = pod.why
      const ended = pod.phase === 'Failed' || pod.phase === 'Succeeded'
      failingSince = TEMPORARY.test(reason ?? '') ? (failingSince ?? Date.now()) : undefined
      const isLate =
        Date.now() - from > START_TIMEOUT ||
        (failingSince !== undefined && Date.now() - failingSince > TEMPORARY_TIMEOUT)
      if (ended || isLate || PERMANENT.test(reason ?? '')) {
        const why = [reason, message].filter((part) => part !== undefined).join(': ') || (await this.lastEvent())
        throw new CliError(EXIT.unavailable, `the pod of ksys does not run on ${node}: ${why ?? `it is ${pod.phase}`}`)
      }
      await sleep(POLL_EVERY)
    }
  }

  /** Removes the pod; returns a message if it could not be removed. */
  async remove(): Promise<string | undefined> {
    if (!this.created) return undefined
    const { code, stderr } = await this.kubectl.run([
      ...['delete', 'pod', ...this.reference],
      ...['--ignore-not-found', '--wait=false', '--grace-period=1'],
    ])
    if (code === 0) return undefined
    const { home, timeToLive } = this.request
    return `the pod ${this.name} in the namespace ${home} was not removed (${firstLine(stderr)}): it ends after ${timeToLive} s`
  }

  /** The last event about the pod; undefined: none is known. */
  private async lastEvent(): Promise<string | undefined> {
    const selector = `involvedObject.name=${this.name}`
    const { code, stdout } = await this.kubectl.run([
      ...['get', 'events', '-n', this.request.home, '--field-selector', selector, '-o', 'json'],
    ])
    try {
      return code === 0 ? lastEvent(JSON.parse(stdout)) : undefined
    } catch {
      return undefined
    }
  }
}
