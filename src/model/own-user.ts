// The user that ksys was started as. ksys may switch to another account (source/privilege.ts), whose files are not trusted:
// which files belong to ksys is decided by the starting user. Worker threads get it from the main thread.
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'

const KEY = 'ksys user'
const inherited = getEnvironmentData(KEY)

/** The effective user id at the start. */
export const ownUser: number = typeof inherited === 'number' ? inherited : (process.geteuid?.() ?? 0)

if (inherited === undefined) setEnvironmentData(KEY, ownUser)
