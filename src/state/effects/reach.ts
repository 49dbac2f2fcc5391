// Which events tell about more than the process whose rows they are.
import { CODE, CODE_LIMIT } from '../../schema/codes.js'
import { EVENTS, eventsByName } from '../../schema/events/index.js'
import { closeEffects } from './close.js'
import { dupEffects } from './dup.js'
import { changesState } from './index.js'
import { socketEffects } from './sockets.js'
import { timesEffects } from './times.js'
import { toldEffects } from './told.js'
import { transferEffects } from './transfer.js'

/** About containers and accounts. */
const OF_ALL = ['container', 'asyncevent', 'useradded', 'userdeleted', 'groupadded', 'groupdeleted']
/** Which threads there are, and what they are called. */
const NAMING = 'clone clone3 fork vfork execve execveat prctl procexit'.split(' ')
/** The same, of ksys's own records: no name finds them. */
const OWN_NAMING = [CODE.ks_fork, CODE.ks_exec, CODE.ks_rename]

/**
 * By event code, 1 for rows that matter to a question about one process whoever's they are; names: the question also looks
 * at what other threads are called.
 */
export function aboutEverybody(names: boolean): Uint8Array {
  const codes = new Uint8Array(CODE_LIMIT)
  for (const name of names ? [...OF_ALL, ...NAMING] : OF_ALL) for (const code of eventsByName(name)) codes[code] = 1
  if (names) for (const code of OWN_NAMING) codes[code] = 1
  return codes
}

const OF_DESCRIPTORS_AND_TIMES = [closeEffects, dupEffects, socketEffects, transferEffects, toldEffects, timesEffects]
const OF_MEMORY = ['brk', 'mmap', 'mmap2', 'munmap']

/**
 * By event code, 1 for events that may change what a thread is: what it runs, who it is, where. Its descriptors, memory and
 * times do not count.
 */
export function namingThreads(): Uint8Array {
  const quiet = new Set([...OF_DESCRIPTORS_AND_TIMES.flatMap((effects) => Object.keys(effects)), ...OF_MEMORY])
  const codes = new Uint8Array(CODE_LIMIT)
  for (const [code, def] of EVENTS.entries()) {
    if (
      def === undefined ||
      def.makes !== undefined ||
      quiet.has(def.name) ||
      !(changesState(def, false) || changesState(def, true))
    )
      continue
    codes[code] = 1
  }
  return codes
}

/** By event code, 0 for events whose arguments name neither a process nor a descriptor, whatever is in them. */
export function naming(): Uint8Array {
  const codes = new Uint8Array(CODE_LIMIT).fill(1)
  for (const [code, def] of EVENTS.entries())
    if (def !== undefined && def.fdEffect !== 'creates' && !changesState(def, false) && !changesState(def, true))
      codes[code] = 0
  return codes
}

/** By event code, 1 for events that bring addresses: what a socket is called is told nowhere else. */
export function namingAddresses(): Uint8Array {
  const codes = new Uint8Array(CODE_LIMIT)
  for (const [code, def] of EVENTS.entries())
    if (def?.params.some(({ type }) => type === 'sockaddr' || type === 'socktuple') === true) codes[code] = 1
  return codes
}
