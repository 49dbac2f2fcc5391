// The programs that ran, as a tree: which program ran which, and how often. A process that only forked belongs to its parent's program.

import { args, exe, exepath } from '../fields/command.js'
import type { Event } from '../model/event.js'
import type { Thread } from '../model/thread.js'
import { baseName, type Names } from './names.js'

/** Maximum number of nodes; runs of further programs are counted at their parents. */
const MOST = 5_000
const INTERPRETER =
  /^(node|nodejs|bun|deno|(ba|da|z|k|a)?sh|busybox|python[\d.]*|pypy[\d.]*|perl[\d.]*|ruby[\d.]*|php[\d.]*|lua[\d.]*|tclsh[\d.]*|Rscript)$/
/** Options after which an interpreter runs no script: code or a module is given instead. */
const NO_SCRIPT = /^-[a-z]*[cemp]$|^--(eval|print)/
/** An argument that names a script, and is unlikely to be anything else. */
const SCRIPT = /^[\w@%+,./-]{1,300}$/
const ENDS_LIKE_SCRIPT = /\.(js|cjs|mjs|jsx|ts|mts|cts|py|pyc|pyz|sh|bash|zsh|pl|pm|rb|php|lua|tcl|R)$/

export interface ProgramNode {
  readonly path: string
  readonly script: string | undefined
  /** arguments of the first run */
  readonly args: readonly string[]
  runs: number
  readonly children: Map<string, ProgramNode>
}

/** A process as the report follows it. */
export interface Process {
  node: ProgramNode
  /** its user when it, or the process that it descends from, was first seen */
  readonly firstUid: number
  /** what it was allowed, as last seen */
  uid: number
  capPermitted: number
}

type Allowed = Pick<Process, 'uid' | 'capPermitted'>

export class Programs {
  readonly roots = new Map<string, ProgramNode>()
  /** runs of programs that have no node */
  omitted = 0
  /** number of processes with events */
  processes = 0
  /** of these, whose parents have none: in the present capture, and the most of all captures */
  private starting = 0
  mostStarting = 0
  private nodes = 0
  private readonly known = new WeakMap<Thread, Process>()

  constructor(private readonly names: Names) {}

  /** The events of another capture follow. */
  attach(): void {
    this.starting = 0
  }

  /** The process of the event. */
  of(e: Event): Process {
    const t = (e.thread as Thread).leader
    const known = this.known.get(t)
    if (known !== undefined) return known
    const parent = t.parent && this.known.get(t.parent)
    const path = this.pathOf(t)
    // without a parent it ran before its first event here
    const node = parent === undefined ? this.node(this.roots, t, 0) : this.inherited(parent.node, t, path)
    // a child starts with its parent's rights, and its first event may change them
    return this.add(t, node, parent)
  }

  /** A program was executed: its process, and the process as it was before, or as its parent is; undefined if unknown. */
  exec(e: Event): { readonly process: Process; readonly before: Process | undefined } {
    const t = (e.thread as Thread).leader
    const own = this.known.get(t)
    const before = own ?? (t.parent && this.known.get(t.parent))
    const earlier = before && { ...before }
    const node = before === undefined ? this.node(this.roots, t, 1) : this.child(before.node, t, 1)
    if (own === undefined) return { process: this.add(t, node, before, t), before: earlier }
    own.node = node
    own.uid = t.uid
    own.capPermitted = t.capPermitted
    return { process: own, before: earlier }
  }

  /** before: its parent, or what is known of it; allowed: what it may do now. */
  private add(t: Thread, node: ProgramNode, before: Process | undefined, allowed: Allowed = before ?? t): Process {
    const { uid, capPermitted } = allowed
    const process = { node, firstUid: before?.firstUid ?? uid, uid, capPermitted }
    if (t.parent === undefined || !this.known.has(t.parent))
      this.mostStarting = Math.max(++this.starting, this.mostStarting)
    this.known.set(t, process)
    this.processes++
    return process
  }

  /** The node of a child that was seen first after its birth: another program than its parent's was executed unseen. */
  private inherited(parent: ProgramNode, t: Thread, path: string): ProgramNode {
    return path === '' || path === parent.path ? parent : this.child(parent, t, 1)
  }

  /** The path of the program, without what differs between runs. */
  private pathOf(t: Thread): string {
    return this.names.stable(exepath(t) || exe(t) || t.comm)
  }

  /** A script is part of the key; a program that runs itself again, as recursive makes do, has one node. */
  private child(parent: ProgramNode, t: Thread, runs: number): ProgramNode {
    return this.node(parent.children, t, runs, parent)
  }

  private node(siblings: Map<string, ProgramNode>, t: Thread, runs: number, parent?: ProgramNode): ProgramNode {
    const path = this.pathOf(t)
    const called = scriptOf(t, path)
    const script = called && this.names.stable(called)
    const key = `${path}\0${script ?? ''}`
    if (parent !== undefined && parent.path === path && parent.script === script) {
      parent.runs += runs
      return parent
    }
    let node = siblings.get(key)
    if (node === undefined) {
      if (this.nodes >= MOST && parent !== undefined) {
        this.omitted += runs
        return parent
      }
      this.nodes++
      node = { path, script, args: args(t), runs: 0, children: new Map() }
      siblings.set(key, node)
    }
    node.runs += runs
    return node
  }
}

/** The script that an interpreter runs; undefined for other programs, and if the arguments name none. */
function scriptOf(t: Thread, path: string): string | undefined {
  if (!INTERPRETER.test(baseName(path))) return undefined
  for (const arg of args(t)) {
    if (NO_SCRIPT.test(arg)) return undefined
    if (arg.startsWith('-')) continue
    return SCRIPT.test(arg) && (ENDS_LIKE_SCRIPT.test(arg) || arg.startsWith('/')) ? arg : undefined
  }
  return undefined
}

/** The short name of a program. */
export function nameOf({ path, script }: Pick<ProgramNode, 'path' | 'script'>): string {
  const name = baseName(path)
  return script === undefined ? name : `${name} ${baseName(script)}`
}
