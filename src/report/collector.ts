// Collects what a report shows, from one event after another, in bounded memory.

import type { FieldContext } from '../fields/field.js'
import { registry } from '../fields/index.js'
import { absolutePath } from '../fields/paths.js'
import { failed } from '../fields/result.js'
import type { Event } from '../model/event.js'
import type { Thread } from '../model/thread.js'
import type { FieldValue } from '../render/context.js'
import { errnoName } from '../schema/errno.js'
import { Files, type OpenMode } from './files.js'
import { Hosts } from './hosts.js'
import { Names } from './names.js'
import { gainedBy, privilegeOf } from './privileges.js'
import { nameOf, type Process, Programs } from './programs.js'
import type { CountedRow, SecretRow } from './report.js'
import { secretKind } from './secrets.js'
import { Counts } from './users.js'

/** Maximum numbers of different secrets, refused calls and privileges. */
const MOST = 2_000
const REFUSED: ReadonlySet<string> = new Set(['EPERM', 'EACCES'])
const MISSING: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR'])

type Counted = { -readonly [K in keyof CountedRow]: CountedRow[K] extends readonly string[] ? string[] : CountedRow[K] }
type Did = SecretRow['did'][number]
type Secret = Counted & { readonly kind: string; readonly did: Did[] }

export interface CollectorOptions {
  /** the working folder; undefined: that of the first program */
  readonly folder: string | undefined
  /** show the queries of requests */
  readonly secrets: boolean
}

export class Collector {
  private readonly names = new Names()
  readonly programs = new Programs(this.names)
  readonly files: Files
  readonly hosts: Hosts
  readonly secrets = new Counts<Secret>(MOST)
  readonly refused = new Counts<Counted>(MOST)
  readonly privileges = new Counts<Counted>(MOST)
  /** working folder and name of the program of the first event; undefined before it */
  first: { readonly folder: string; readonly program: string; readonly args: readonly string[] } | undefined
  /** the process of the first event */
  private firstProcess: Thread | undefined
  /** exit code of that process, once it has ended */
  exitCode: number | undefined
  private ctx!: FieldContext
  private readonly mode: OpenMode = {
    reads: (e) => this.value(e, 'evt.is_open_read') === true,
    writes: (e) => this.value(e, 'evt.is_open_write') === true,
    creates: (e) => this.value(e, 'evt.is_open_create') === true,
  }
  /** getters for the present capture, by field */
  private readonly getters = new Map<string, (e: Event) => FieldValue | undefined>()

  constructor({ folder = '', secrets }: CollectorOptions) {
    this.names.folder = folder
    this.files = new Files(this.mode, this.names)
    this.hosts = new Hosts(secrets)
  }

  /** The events of another capture follow. */
  attach(ctx: FieldContext): void {
    this.ctx = ctx
    this.getters.clear()
    this.hosts.attach(ctx)
    this.programs.attach()
  }

  /** Takes the event under the cursor. */
  show(e: Event): void {
    const { def, thread } = e
    if (thread === undefined) return
    if (this.names.folder === '') this.names.folder = thread.leader.cwd
    if (def.task === 'exit') {
      if (thread === this.firstProcess) this.exitCode = exitCode(e)
      return
    }
    // enter events, and others that are no calls
    if ((e.type & 1) === 0) return
    const isFailed = failed(e)
    if (def.task === 'exec' && !isFailed) {
      this.exec(e)
      return
    }
    const process = this.programs.of(e)
    this.begin(e, process)
    const by = nameOf(process.node)
    this.addSecrets(e, isFailed, by)
    if (isFailed) this.addFailed(e, by)
    else {
      this.files.add(e, by)
      this.addPrivilege(privilegeOf(e, this.argText, process), by)
      process.uid = thread.leader.uid
      process.capPermitted = thread.leader.capPermitted
    }
    this.hosts.add(e, by)
  }

  private begin(e: Event, { node }: Process): void {
    if (this.first !== undefined) return
    const leader = e.thread?.leader
    this.firstProcess = leader
    this.first = { folder: leader?.cwd ?? '', program: node.path, args: node.args }
  }

  private exec(e: Event): void {
    const { process, before } = this.programs.exec(e)
    this.begin(e, process)
    this.addPrivilege(gainedBy(before, process), nameOf(process.node))
  }

  private addPrivilege(what: string | undefined, by: string): void {
    if (what === undefined) return
    const key = this.names.stableIn(what)
    this.privileges.add(key, by, () => ({ what: key, count: 0, by: [] }))
  }

  private addFailed(e: Event, by: string): void {
    const error = errnoName(-e.ret) ?? ''
    if (!REFUSED.has(error)) return
    const path = absolutePath(e, 'name') ?? absolutePath(e, 'source')
    const about = path === undefined ? '' : ` ${this.names.stable(path)}`
    const what = `${e.def.name}${about}: ${error}`
    this.refused.add(what, by, () => ({ what, count: 0, by: [] }))
  }

  /** Secrets among the paths that a call opened or changed. */
  private addSecrets(e: Event, isFailed: boolean, by: string): void {
    const { def } = e
    if (def.opens === undefined && def.changesFiles !== true) return
    const did = this.didTo(e, isFailed)
    if (did === undefined) return
    for (const which of ['name', 'source', 'target'] as const) {
      const path = absolutePath(e, which)
      if (path === undefined || isOwn(path, e)) continue
      const kind = secretKind(path)
      if (kind === undefined) continue
      const what = this.names.stable(path)
      const row = this.secrets.add(what, by, () => ({ what, kind, did: [], count: 0, by: [] }))
      if (row !== undefined && !row.did.includes(did)) row.did.push(did)
    }
  }

  /** undefined: it failed for another reason. */
  private didTo(e: Event, isFailed: boolean): Did | undefined {
    if (isFailed) {
      const error = errnoName(-e.ret) ?? ''
      return REFUSED.has(error) ? 'refused' : e.def.opens !== undefined && MISSING.has(error) ? 'not found' : undefined
    }
    if (e.def.opens === undefined) return 'changed'
    if (e.fd?.type === 'directory') return undefined
    return this.mode.writes(e) ? 'written' : 'read'
  }

  private readonly argText = (e: Event, name: string): string => {
    const value = this.value(e, `evt.arg.${name}`)
    return typeof value === 'string' ? value : ''
  }

  /** The value of a field of the event. */
  private value(e: Event, field: string): FieldValue | undefined {
    let get = this.getters.get(field)
    if (get === undefined) {
      const { def, arg } = registry.find(field)
      get = def.make(this.ctx, arg)
      this.getters.set(field, get)
    }
    return get(e)
  }
}

/** Whether a path below /proc is about the process itself. */
function isOwn(path: string, e: Event): boolean {
  return path.startsWith('/proc/') && path.startsWith(`/proc/${e.thread?.leader.vpid ?? e.pid}/`)
}

/** 128 + N if signal N ended the process; undefined if it is not recorded. */
function exitCode(e: Event): number | undefined {
  const signal = e.numberOf('sig')
  return signal !== undefined && signal > 0 ? 128 + signal : e.numberOf('ret')
}
