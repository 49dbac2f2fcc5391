// What exists when a capture begins, without what is not to be told.
import type { FdInfo, GroupInfo, Snapshot, ThreadInfo, UserInfo } from '../model/snapshot.js'
import { fillsArgs, fillsEnv } from '../model/truncation.js'
import type { EndEditors } from './addresses.js'
import type { ContainerEditor } from './container.js'
import type { Editor, ListKind } from './editor.js'
import { firstWord } from './first-word.js'
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

  /** The snapshot as it may be told. */
  over(s: Snapshot): Snapshot {
    return {
      threads: s.threads.map((t) => this.thread(t)),
      users: s.users.map((u) => this.user(u)),
      groups: s.groups.map((g) => this.group(g)),
      ...(s.containers && { containers: s.containers.flatMap((json) => this.containers.text(json) ?? []) }),
      ...(s.stacks && { stacks: s.stacks.map((k) => ({ ...k, text: edited(k.text, this.editors.stack) })) }),
    }
  }

  private thread(t: ThreadInfo): ThreadInfo {
    const { noEnv, noArgs } = this.redaction
    const { name, exe, args, env, exepath, cwd, cgroup } = this.editors
    const told = { ...t }
    told.comm = edited(t.comm, name)
    told.exe = edited(noArgs ? firstWord(t.exe) : t.exe, exe)
    told.args = listed(t.args, noArgs, args, 'args')
    told.env = listed(t.env, noEnv, env, 'env')
    mark(told, 'argsTruncated', told.args.length > 0 && fillsArgs(t.exe, t.args))
    mark(told, 'envTruncated', told.env.length > 0 && fillsEnv(t.env))
    told.exepath = path(t.exepath, exepath)
    told.cwd = path(t.cwd, cwd)
    told.root = path(t.root, cwd)
    if (cgroup !== undefined) told.cgroups = t.cgroups.flatMap((item) => cgroup.cgroup(item) ?? [])
    if (t.fds !== undefined) told.fds = t.fds.map((fd) => this.fd(fd))
    return told
  }

  private fd(fd: FdInfo): FdInfo {
    const { file, ends, text } = this.editors
    const told = { ...fd }
    if (SOCKETS.has(fd.type)) changeEnds(told, ends)
    else told.name = isNamed(fd) ? path(fd.name, file) : edited(fd.name, text)
    if (fd.nameRaw !== undefined) told.nameRaw = path(fd.nameRaw, file)
    if (told.nameRaw === '') delete told.nameRaw
    return told
  }

  private user(u: UserInfo): UserInfo {
    const { user, home, shell } = this.editors
    return { ...u, name: edited(u.name, user), home: path(u.home, home), shell: path(u.shell, shell) }
  }

  private group(g: GroupInfo): GroupInfo {
    return { ...g, name: edited(g.name, this.editors.group) }
  }
}

/** Of these kinds the name is that of a file, or was given by the program; of others without a path it says what they are. */
const NAMED = new Set<FdInfo['type']>(['file', 'directory', 'memfd'])

function isNamed({ type, name }: FdInfo): boolean {
  return NAMED.has(type) || name.startsWith('/')
}

const SOCKETS = new Set<FdInfo['type']>(['ipv4', 'ipv6', 'unix', 'netlink', 'socket'])

/** Changes the addresses or the path of a socket, and its name, which is made of them. */
function changeEnds(fd: FdInfo, { address, path: ofPath }: EndEditors): void {
  if (fd.path !== undefined) fd.path = path(fd.path, ofPath)
  if (fd.type === 'unix') fd.name = path(fd.name, ofPath)
  if (address === undefined || fd.type === 'unix') return
  for (const key of ['localIp', 'remoteIp'] as const) {
    const told = fd[key] === undefined ? undefined : address.address(fd[key])
    if (told === undefined) delete fd[key]
    else fd[key] = told
  }
  // made of the ends again where somebody asks for it
  fd.name = ''
}

function editorsOf(rules: Rules) {
  const of = (targets: number) => rules.editor(targets)
  return {
    name: of(TARGET.NAME),
    exe: of(TARGET.EXE | TARGET.EXEPATH),
    args: of(TARGET.ARGS),
    env: of(TARGET.ENV),
    exepath: of(TARGET.EXEPATH | TARGET.PATH),
    cwd: of(TARGET.CWD),
    cgroup: of(TARGET.CGROUP),
    file: of(TARGET.PATH),
    ends: { address: of(TARGET.ADDRESS), path: of(TARGET.PATH) },
    text: of(TARGET.OTHER),
    user: of(TARGET.USER),
    home: of(TARGET.HOME),
    shell: of(TARGET.SHELL),
    group: of(TARGET.GROUP),
    stack: of(TARGET.STACK),
  }
}

/** The list as it may be told; left: nothing of it may. */
function listed(items: string[], left: boolean, editor: Editor | undefined, kind: ListKind): string[] {
  if (left) return []
  return editor === undefined ? items : [...(editor.list(items, kind) ?? [])]
}

/** A list that was cut may not have the length any more that tells it, and one of which nothing is left was not cut. */
function mark(told: ThreadInfo, key: 'argsTruncated' | 'envTruncated', isCut: boolean): void {
  if (isCut) told[key] = true
  else if (told[key === 'argsTruncated' ? 'args' : 'env'].length === 0) delete told[key]
}

function edited(text: string, editor: Editor | undefined): string {
  return editor === undefined ? text : (editor.text(text) ?? '')
}

function path(text: string, editor: Editor | undefined): string {
  return editor === undefined ? text : (editor.path(text) ?? '')
}
