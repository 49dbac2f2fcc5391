// What the columns of a thread are made of, to see whether it is still as it was: to compare is quicker than to ask all fields anew.
import { parentOf } from '../../fields/ancestors.js'
import type { Container } from '../../model/container.js'
import type { Thread } from '../../model/thread.js'

/** Has to have all that fields of `per` thread look at (columns.ts), but for what events tell about everybody (State.upheavals). */
export class ThreadFacts {
  private readonly comm: string
  private readonly argv: object
  private readonly exe: string
  private readonly exepath: string
  private readonly cwd: string
  private readonly tty: number
  private readonly uid: number
  private readonly gid: number
  private readonly loginuid: number
  private readonly vtid: number
  private readonly vpid: number
  private readonly leader: Thread
  private readonly leaderArgv: object
  private readonly leaderExe: string
  private readonly leaderExepath: string
  private readonly leaderCwd: string
  private readonly ptid: number
  private readonly sid: number
  private readonly parent: Thread | undefined
  private readonly parentComm: string | undefined
  private readonly container: Container | undefined
  private readonly info: object | undefined
  private readonly users: object | undefined
  private readonly groups: object | undefined

  constructor(t: Thread) {
    const { leader, container } = t
    const parent = parentOf(t)
    this.comm = t.comm
    this.argv = t.argv
    this.exe = t.exe
    this.exepath = t.exepath
    this.cwd = t.cwd
    this.tty = t.tty
    this.uid = t.uid
    this.gid = t.gid
    this.loginuid = t.loginuid
    this.vtid = t.vtid
    this.vpid = t.vpid
    this.leader = leader
    this.leaderArgv = leader.argv
    this.leaderExe = leader.exe
    this.leaderExepath = leader.exepath
    this.leaderCwd = leader.cwd
    this.ptid = leader.ptid
    this.sid = leader.sid
    this.parent = parent
    this.parentComm = parent?.comm
    this.container = container
    this.info = container?.info
    this.users = container?.users
    this.groups = container?.groups
  }

  /** Whether the thread, the same object, is as it was. */
  hold(t: Thread): boolean {
    return this.own(t) && this.ofProcess(t.leader) && this.ofParent(parentOf(t)) && this.ofContainer(t.container)
  }

  private own(t: Thread): boolean {
    return (
      t.comm === this.comm &&
      t.argv === this.argv &&
      t.exe === this.exe &&
      t.exepath === this.exepath &&
      t.cwd === this.cwd &&
      t.tty === this.tty &&
      t.uid === this.uid &&
      t.gid === this.gid &&
      t.loginuid === this.loginuid &&
      t.vtid === this.vtid &&
      t.vpid === this.vpid
    )
  }

  private ofProcess(leader: Thread): boolean {
    return (
      leader === this.leader &&
      leader.argv === this.leaderArgv &&
      leader.exe === this.leaderExe &&
      leader.exepath === this.leaderExepath &&
      leader.cwd === this.leaderCwd &&
      leader.ptid === this.ptid &&
      leader.sid === this.sid
    )
  }

  private ofParent(parent: Thread | undefined): boolean {
    return parent === this.parent && parent?.comm === this.parentComm
  }

  private ofContainer(container: Container | undefined): boolean {
    return (
      container === this.container &&
      container?.info === this.info &&
      container?.users === this.users &&
      container?.groups === this.groups
    )
  }
}
