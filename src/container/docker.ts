// Client of docker and podman, which have the same REST API: events, then a list, then look-ups by id.
import type { ContainerInfo } from '../model/container.js'
import { announced, inspected, listed } from './docker-info.js'
import { type Endpoint, follow, getJson, Late, reply } from './http.js'
import { configDigest, digestOf } from './image.js'
import { list, object, text } from './raw.js'
import {
  ANSWER_TIME,
  type Complain,
  each,
  GREETING_TIME,
  LIST_TIME,
  LookupBudget,
  type OnContainer,
  Retry,
  type Runtime,
} from './runtime.js'
import { RuntimeHealth } from './runtime-health.js'
import { refusal } from './socket-access.js'

/** Events that do not change what is recorded of a container. */
const IDLE =
  /^(exec_|top|attach|resize|health_status|kill|archive-path|export|copy|commit|stats|die|stop|cleanup|remove|destroy)/
const EVENTS = `/events?filters=${encodeURIComponent('{"type":["container"]}')}&since=`

export class Docker implements Runtime {
  answers = false
  readonly ready: Promise<void>
  private listed!: () => void
  private onContainer: OnContainer = () => undefined
  private kind = 'docker'
  private closed = false
  private stop: (() => void) | undefined
  private readonly retry = new Retry(() => void this.connect())
  private readonly lookUps = new LookupBudget((id) => this.report(id))
  private doubted = false
  private readonly health = new RuntimeHealth()
  /** seconds since the epoch: events from then on are requested, those of the time without a connection among them */
  private since = Math.floor(Date.now() / 1000)
  private readonly digests = new Map<string, readonly string[]>()

  constructor(
    private readonly at: Endpoint,
    /** called with the kind of runtime and the folder that contains its containers */
    private readonly folder: (kind: string, dir: string) => void,
    private readonly complain: Complain,
  ) {
    this.ready = new Promise((done) => {
      this.listed = done
    })
  }

  get connecting(): boolean {
    return this.health.connecting
  }

  start(onContainer: OnContainer): void {
    this.onContainer = onContainer
    void this.connect()
  }

  async find(id: string, ms: number): Promise<ContainerInfo | undefined> {
    if (!this.answers) return undefined
    try {
      const answer = await getJson(this.at, `/containers/${encodeURIComponent(id)}/json`, ms)
      const info = inspected(answer, this.kind)
      if (info?.fullId !== id) return undefined
      return { ...info, imageDigest: info.imageDigest || (await this.digest(info)) }
    } catch {
      void this.doubt()
      return undefined
    }
  }

  close(): void {
    this.closed = true
    this.retry.stop()
    this.stop?.()
    this.listed()
  }

  private async connect(): Promise<void> {
    if (this.closed) return
    const { socketPath, owner } = this.at
    const why = socketPath === undefined ? undefined : await refusal(socketPath, owner)
    if (why !== undefined) {
      if (why !== '') this.complain(`not querying ${this.name} for containers: ${why}`)
      this.listed()
      return this.retry.later()
    }
    this.health.greets()
    const greets = await this.greets()
    if (!greets || this.closed) return
    this.health.answered()
    this.answers = true
    this.stop = follow(this.at, `${EVENTS}${this.since}`, 60_000, {
      open: () => undefined,
      line: (event) => this.event(event),
      end: () => this.answers && this.lost(),
    })
    await this.list()
    this.listed()
    if (this.answers) this.retry.succeeded()
  }

  /** Whether it identifies itself; if not, the connection is treated as lost. */
  private async greets(): Promise<boolean> {
    try {
      this.kind = await this.ping()
      return true
    } catch (e) {
      const { code = '', message } = e as NodeJS.ErrnoException
      this.health.failed(e instanceof Late)
      // expected while a daemon stops or starts
      if (!/^(ECONNREFUSED|ECONNRESET|ENOENT)$/.test(code))
        this.complain(`${this.name} did not return its containers: ${message}`)
      this.lost()
      return false
    }
  }

  /** Distinguishes the two by the cheapest request: podman's version can take seconds. */
  private async ping(): Promise<string> {
    const { headers, status } = await reply(this.at, '/_ping', this.retry.patience(GREETING_TIME))
    if (headers['libpod-api-version'] !== undefined) return 'podman'
    if (headers['api-version'] !== undefined) return 'docker'
    // a proxy may block /_ping but not other requests
    const version = status < 400 ? {} : object(await getJson(this.at, '/version', this.retry.patience(GREETING_TIME)))
    if (text(version.Version) === '' && text(version.ApiVersion) === '') throw new Error('it uses another protocol')
    return list(version.Components).some((c) => /podman/i.test(text(object(c).Name))) ? 'podman' : 'docker'
  }

  /** A look-up failed or took too long: checks whether that affects one container or the whole runtime. */
  private async doubt(): Promise<void> {
    if (this.doubted || this.closed || !this.answers) return
    this.doubted = true
    await this.greets()
    this.doubted = false
  }

  /** Handles a runtime that no longer responds, or responds wrongly. */
  private lost(): void {
    if (this.answers) this.since = Math.floor(Date.now() / 1000)
    this.answers = false
    this.listed()
    const { stop } = this
    this.stop = undefined
    stop?.()
    if (!this.closed) this.retry.failed()
  }

  private async findFolder(): Promise<void> {
    const dir = text(object(await getJson(this.at, '/info', ANSWER_TIME).catch(() => undefined)).DockerRootDir)
    if (dir !== '') this.folder(this.kind, dir)
  }

  private async list(): Promise<void> {
    const all = list(await getJson(this.at, '/containers/json?all=true', LIST_TIME).catch(() => undefined))
    const infos = all.map((c) => listed(c, this.kind)).filter((i) => i !== undefined)
    // report names first: with hundreds of containers the rest takes a while
    for (const info of infos) this.onContainer(info)
    await Promise.all([this.findFolder(), each(infos, ({ fullId }) => this.report(fullId))])
  }

  private event(value: unknown): void {
    const e = object(value)
    const { ID, Attributes } = object(e.Actor)
    const id = text(ID) || text(e.id)
    if (id === '' || IDLE.test(text(e.Action) || text(e.status))) return
    // a container may be removed before it is looked up; users could flood the known containers with names
    const info = this.at.owner === undefined ? announced(id, Attributes, this.kind) : undefined
    if (info !== undefined) this.onContainer(info)
    this.lookUps.add(id)
  }

  private async report(id: string): Promise<void> {
    const info = await this.find(id, ANSWER_TIME)
    if (info !== undefined) this.onContainer(info)
  }

  /** The image's digest, requested once per image. */
  private async digest({ imageId: id, imageRepository }: ContainerInfo): Promise<string> {
    if (id === '') return ''
    let known = this.digests.get(id)
    if (known === undefined) {
      const answer = await getJson(this.at, `/images/${encodeURIComponent(id)}/json`, ANSWER_TIME).catch(
        () => undefined,
      )
      const image = object(answer)
      const stored = text(object(image.Descriptor).digest)
      known = list(image.RepoDigests)
        .map(text)
        .concat(stored === '' ? [] : `@${stored}`)
      if (answer !== undefined) this.digests.set(id, known)
    }
    return digestOf(known, imageRepository) || configDigest(id)
  }

  private get name(): string {
    return this.at.socketPath ?? `${this.at.host}:${this.at.port}`
  }
}
