// The user that ksys was started as. It may go on as another one (source/privilege.ts), whose files are nobody's to trust: whose files
// are ksys's own is decided by this one. Threads that begin later are told by the first.
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'

const KEY = 'ksys user'
const told = getEnvironmentData(KEY)

/** The effective user id at the start. */
export const ownUser: number = typeof told === 'number' ? told : (process.geteuid?.() ?? 0)

if (told === undefined) setEnvironmentData(KEY, ownUser)
