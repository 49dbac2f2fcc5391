// The signs of marks on the timeline and their meanings, most important first.
import type { MarkKind } from '../worker/messages.js'
import type { Role } from './spans.js'

export interface Sign {
  readonly kind: MarkKind
  readonly sign: string
  readonly role: Role
  readonly doc: string
}

export const SIGNS: readonly Sign[] = [
  { kind: 'loss', sign: '!', role: 'bad', doc: 'events were lost' },
  {
    kind: 'ceiling',
    sign: '%',
    role: 'warn',
    doc: 'a ceiling of the recording started or ended: calls of a cgroup were only counted',
  },
  { kind: 'alert', sign: '^', role: 'bad', doc: 'a rule fired (--rules)' },
  { kind: 'trigger', sign: '*', role: 'accent', doc: 'the event for which a recorder wrote this file' },
  { kind: 'container', sign: '+', role: 'good', doc: 'a container started, or was seen for the first time' },
]
