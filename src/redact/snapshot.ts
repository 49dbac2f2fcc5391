// Redacts the snapshot: the state at the start of a capture.
import {
  changedFds,
  type FdInfo,
  type GroupInfo,
  type Snapshot,
  type ThreadInfo,
  type UserInfo,
} from '../model/snapshot.js'
import { changedThreads } from '../model/thread-records.js'
import { fillsArgs, fillsEnv } from '../model/truncation.js'
import type { EndpointEditors } from './addresses.js'
import type { ContainerEditor } from './container.js'
import { type Editor, firstWord, type ListKind } from './editor.js'
import type { Redaction } from './redaction.js'
import type { Rules } from './rules.js'
import { TARGET } from './targets.js'

export class SnapshotEditor {
  private readonly editors: ReturnType<typeof editorsOf>

  constructor(
    private readonly redaction: Redaction,
    rules: Rules,
    private readonly containers: ContainerEditor,
  ) {
    this.editors = editorsOf(rules)
  }

  /** The redacted snapshot. */
  redact(s: Snapshot): Snapshot {
    return {
      threads: changedThreads(s.threads, (t) => this.thread(t)),
      users: s.users.map((u) => this.user(u)),
      groups: s.groups.map((g) => this.group(g)),
      ...(s.containers && { containers: s.containers.flatMap((json) => this.containers.text(json) ?? []) }),
      ...(s.stacks && { stacks: s.stacks.map((k) => ({ ...k, text: edited(k.text, this.editors.stack) })) }),
    }
  }

  private thread(t: ThreadInfo): ThreadInfo {
    const { noEnv, noArgs } = this.redaction
    const { name, exe, args, env, exepath, cwd, cgroup } = this.editors
    const redacted = { ...t }
    redacted.comm = edited(t.comm, name)
    redacted.exe = edited(noArgs ? firstWord(t.exe) : t.exe, exe)
    redacted.args = redactedList(t.args, noArgs, args, 'args')
    redacted.env = redactedList(t.env, noEnv, env, 'env')
    markTruncated(redacted, 'argsTruncated', redacted.args.length > 0 && fillsArgs(t.exe, t.args))
    markTruncated(redacted, 'envTruncated', redacted.env.length > 0 && fillsEnv(t.env))
    redacted.exepath = path(t.exepath, exepath)
    redacted.cwd = path(t.cwd, cwd)
    redacted.root = path(t.root, cwd)
    if (cgroup !== undefined) redacted.cgroups = t.cgroups.flatMap((item) => cgroup.cgroup(item) ?? [])
    if (t.fds !== undefined) redacted.fds = changedFds(t.fds, (fd) => this.fd(fd))
    return redacted
  }

  private fd(fd: FdInfo): FdInfo {
    const { file, ends, text } = this.editors
    const redacted = { ...fd }
    if (SOCKETS.has(fd.type)) redactEndpoints(redacted, ends)
    else redacted.name = isNamed(fd) ? path(fd.name, file) : edited(fd.name, text)
    if (fd.nameRaw !== undefined) redacted.nameRaw = path(fd.nameRaw, file)
    if (redacted.nameRaw === '') delete redacted.nameRaw
    return redacted
  }

  private user(u: UserInfo): UserInfo {
    const { user, home, shell } = this.editors
    return { ...u, name: edited(u.name, user), home: path(u.home, home), shell: path(u.shell, shell) }
  }

  private group(g: GroupInfo): GroupInfo {
    return { ...g, name: edited(g.name, this.editors.group) }
  }
}

/** Kinds whose name is a file name or was chosen by the program; for other kinds a name without a path is a description. */
const NAMED = new Set<FdInfo['type']>(['file', 'directory', 'memfd'])

function isNamed({ type, name }: FdInfo): boolean {
  return NAMED.has(type) || name.startsWith('/')
}

const SOCKETS = new Set<FdInfo['type']>(['ipv4', 'ipv6', 'unix', 'netlink', 'socket'])

/** Redacts the addresses or the path of a socket, and its name, which is derived from them. */
function redactEndpoints(fd: FdInfo, { address, path: ofPath }: EndpointEditors): void {
  if (fd.path !== undefined) fd.path = path(fd.path, ofPath)
  if (fd.type === 'unix') fd.name = path(fd.name, ofPath)
  if (address === undefined || fd.type === 'unix') return
  for (const key of ['localIp', 'remoteIp'] as const) {
    const redacted = fd[key] === undefined ? undefined : address.address(fd[key])
    if (redacted === undefined) delete fd[key]
    else fd[key] = redacted
  }
  // derived from the endpoints again when needed
  fd.name = ''
}

function editorsOf(rules: Rules) {
  const editor = (targets: number) => rules.editor(targets)
  return {
    name: editor(TARGET.NAME),
    exe: editor(TARGET.EXE | TARGET.EXEPATH),
    args: editor(TARGET.ARGS),
    env: editor(TARGET.ENV),
    exepath: editor(TARGET.EXEPATH | TARGET.PATH),
    cwd: editor(TARGET.CWD),
    cgroup: editor(TARGET.CGROUP),
    file: editor(TARGET.PATH),
    ends: { address: editor(TARGET.ADDRESS), path: editor(TARGET.PATH) },
    text: editor(TARGET.OTHER),
    user: editor(TARGET.USER),
    home: editor(TARGET.HOME),
    shell: editor(TARGET.SHELL),
    group: editor(TARGET.GROUP),
    stack: editor(TARGET.STACK),
  }
}

/** The redacted list; left: omit all of it. */
function redactedList(items: string[], left: boolean, editor: Editor | undefined, kind: ListKind): string[] {
  if (left) return []
  return editor === undefined ? items : [...(editor.list(items, kind) ?? [])]
}

/** Marks a truncated list, as its length may no longer show this; an empty list is not marked. */
function markTruncated(thread: ThreadInfo, key: 'argsTruncated' | 'envTruncated', isCut: boolean): void {
  if (isCut) thread[key] = true
  else if (thread[key === 'argsTruncated' ? 'args' : 'env'].length === 0) delete thread[key]
}

function edited(text: string, editor: Editor | undefined): string {
  return editor === undefined ? text : (editor.text(text) ?? '')
}

function path(text: string, editor: Editor | undefined): string {
  return editor === undefined ? text : (editor.path(text) ?? '')
}
