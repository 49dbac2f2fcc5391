// The declared arguments of calls that libs has no event for, by call.
import type { Calls } from '../kinds.js'
import { fileCalls } from './files.js'
import { ipcCalls } from './ipc.js'
import { memoryCalls } from './memory.js'
import { mountCalls } from './mounts.js'
import { processCalls } from './process.js'
import { schedCalls } from './sched.js'
import { securityCalls } from './security.js'
import { signalCalls } from './signal.js'
import { systemCalls } from './system.js'
import { timeCalls } from './time.js'
import { watchCalls } from './watch.js'

export const CALL_ARGUMENTS: Calls = {
  ...fileCalls,
  ...ipcCalls,
  ...memoryCalls,
  ...mountCalls,
  ...processCalls,
  ...schedCalls,
  ...securityCalls,
  ...signalCalls,
  ...systemCalls,
  ...timeCalls,
  ...watchCalls,
}
