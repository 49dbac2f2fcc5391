// The states of a capture, one for each host: processes of one number, containers of one id and users of one number are others on each.
import type { CaptureSource } from '../source/source.js'
import { State } from './state.js'

/** A new state for each host of a source, in the order of its members: the host of an event is an index into them. */
export function statesOf(source: Pick<CaptureSource, 'info' | 'members'>): readonly State[] {
  return (source.members ?? [source]).map(({ info }, host) => new State(info, host))
}
