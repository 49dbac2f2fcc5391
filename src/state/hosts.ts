// The hosts of a capture, each with a state of its own: processes of one number, containers of one id and users of one number are
// others on each. One host is the current one, whose event is looked at.
import type { CaptureInfo, CaptureSource } from '../source/source.js'
import { State } from './state.js'

export class Hosts {
  readonly states: readonly State[]
  /** the current host's place among them, and its state */
  index = 0
  current: State

  constructor(source: Pick<CaptureSource, 'info' | 'members'>) {
    this.states = (source.members ?? [source]).map((member) => new State(member.info))
    this.current = this.states[0] as State
  }

  /** Makes a host the current one. */
  enter(index: number): void {
    this.index = index
    this.current = this.states[index] as State
  }
}

/** Something together with the host that it is about. */
type OnHost<T> = T & { readonly info: CaptureInfo; readonly state: State; readonly hosts?: Hosts }

class CurrentHost {
  constructor(readonly hosts: Hosts) {}

  get info(): CaptureInfo {
    return this.hosts.current.info
  }

  get state(): State {
    return this.hosts.current
  }
}

/** These properties, with the host's description and state: of several hosts, at any moment those of the current one. */
export function onHost<T extends object>(given: State | Hosts, properties: T): OnHost<T> {
  if (!(given instanceof Hosts)) return { ...properties, info: given.info, state: given }
  if (given.states.length === 1) return onHost(given.current, properties)
  return Object.assign(new CurrentHost(given), properties)
}

/** Visits the state of each host, which is the current one meanwhile. */
export function eachState(ctx: { readonly state: State; readonly hosts?: Hosts }, visit: (state: State) => void): void {
  const { hosts } = ctx
  if (hosts === undefined) {
    visit(ctx.state)
    return
  }
  const { index } = hosts
  hosts.states.forEach((state, i) => {
    hosts.enter(i)
    visit(state)
  })
  hosts.enter(index)
}
