// docker and podman, which speak the same REST API: events, then a list, then look-ups by id.
import { stat } from 'node:fs/promises'
import type { ContainerInfo } from '../model/container.js'
import { inspected } from './docker-info.js'
import { ask, type Endpoint, follow } from './http.js'
import { digestOf } from './image.js'
import { list, object, text } from './raw.js'
import { ANSWER_TIME, type Complain, each, RETRY, type Runtime, type Told } from './runtime.js'

/** Containers asked about at once. */
const AT_ONCE = 8
/** What changes nothing that is told of a container. */
const IDLE =
  /^(exec_|top|attach|resize|health_status|kill|archive-path|export|copy|commit|stats|die|stop|cleanup|remove|destroy)/
const EVENTS = `/events?filters=${encodeURIComponent('{"type":["container"]}')}`

export class Docker implements Runtime {
  answers = false
  readonly ready: Promise<void>
  private listed!: () => void
  private told: Told = () => undefined
  private kind = 'docker'
  private closed = false
  private stop: (() => void) | undefined
  private timer: NodeJS.Timeout | undefined
  private readonly digests = new Map<string, readonly string[]>()

  constructor(
    private readonly at: Endpoint,
    /** told the kind of runtime and the folder that it keeps containers in */
    private readonly folder: (kind: string, dir: string) => void,
    private readonly complain: Complain,
  ) {
    this.ready = new Promise((done) => {
      this.listed = done
    })
  }

  start(told: Told): void {
    this.told = told
    void this.connect()
  }

  async find(id: string): Promise<ContainerInfo | undefined> {
    if (!this.answers) return undefined
    try {
      const answer = await ask(this.at, `/containers/${encodeURIComponent(id)}/json`, ANSWER_TIME)
      const info = inspected(answer, this.kind)
      return info && { ...info, imageDigest: info.imageDigest || (await this.digest(info)) }
    } catch {
      return undefined
    }
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
    this.stop?.()
    this.listed()
  }

  private async connect(): Promise<void> {
    if (this.closed) return
    const { socketPath } = this.at
    const there = socketPath === undefined || (await stat(socketPath).catch(() => undefined)) !== undefined
    if (!there) return this.later()
    try {
      const version = object(await ask(this.at, '/version', 2 * ANSWER_TIME))
      if (text(version.Version) === '' && text(version.ApiVersion) === '') throw new Error('it speaks another protocol')
      const parts = list(version.Components).map((c) => text(object(c).Name))
      this.kind = parts.some((name) => /podman/i.test(name)) ? 'podman' : 'docker'
    } catch (e) {
      this.complain(`${this.name} does not say what containers it has: ${(e as Error).message}`)
      return this.later()
    }
    if (this.closed) return
    this.answers = true
    this.stop = follow(this.at, EVENTS, 60_000, {
      open: () => undefined,
      line: (event) => this.event(event),
      end: () => this.later(),
    })
    const dir = text(object(await ask(this.at, '/info', ANSWER_TIME).catch(() => undefined)).DockerRootDir)
    if (dir !== '') this.folder(this.kind, dir)
    await this.list()
    this.listed()
  }

  /** It is not there, or not any more: another try comes in a while. */
  private later(): void {
    this.answers = false
    this.listed()
    if (this.closed) return
    this.timer = setTimeout(() => void this.connect(), RETRY)
    this.timer.unref()
  }

  private async list(): Promise<void> {
    const all = list(await ask(this.at, '/containers/json?all=true', 5 * ANSWER_TIME).catch(() => undefined))
    const ids = all.map((c) => text(object(c).Id)).filter((id) => id !== '')
    await each(ids, AT_ONCE, (id) => this.tell(id))
  }

  private event(value: unknown): void {
    const e = object(value)
    const id = text(object(e.Actor).ID) || text(e.id)
    if (id !== '' && !IDLE.test(text(e.Action) || text(e.status))) void this.tell(id)
  }

  private async tell(id: string): Promise<void> {
    const info = await this.find(id)
    if (info !== undefined) this.told(info)
  }

  /** The image's digest in its registry, asked once per image. */
  private async digest(info: ContainerInfo): Promise<string> {
    const id = info.imageId
    if (id === '') return ''
    let known = this.digests.get(id)
    if (known === undefined) {
      const image = object(
        await ask(this.at, `/images/${encodeURIComponent(id)}/json`, ANSWER_TIME).catch(() => undefined),
      )
      known = list(image.RepoDigests).map(text)
      this.digests.set(id, known)
    }
    return digestOf(known, info.imageRepository)
  }

  private get name(): string {
    return this.at.socketPath ?? `${this.at.host}:${this.at.port}`
  }
}
