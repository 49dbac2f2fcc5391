// Which events tell about more than the process whose rows they are.
import { CODE, CODE_LIMIT } from '../../schema/codes.js'
import { eventsByName } from '../../schema/events/index.js'

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
