// The user's own actions in the UI, and the processes that run actions. They start before ksys drops its privileges.
import { userInfo } from 'node:os'
import { Runner } from '../../actions/client.js'
import type { OwnAction } from '../../actions/define.js'
import { OwnActionsError, readOwnActions } from '../../actions/own.js'
import { registry } from '../../fields/index.js'
import { callingUser } from '../../model/trusted-file.js'
import type { Runners } from '../../tui/app.js'
import { loadViews } from '../../views/index.js'
import { self } from '../self.js'
import { RUNNER } from './action-runner.js'

/** The user's own actions. note: a message if their file could not be read. */
export interface OwnActions {
  readonly own: readonly OwnAction[]
  readonly note: string | undefined
}

export async function ownActions(): Promise<OwnActions> {
  const views = (await loadViews()).map((v) => v.id)
  try {
    return { own: readOwnActions({ field: (name) => registry.get(name) !== undefined, views }), note: undefined }
  } catch (e) {
    if (!(e instanceof OwnActionsError)) throw e
    return { own: [], note: e.message }
  }
}

interface StartedRunners extends OwnActions {
  readonly runners: Runners
  /** Ends the runners and their actions. */
  close(): void
}

/** Starts the processes that run actions; they end with this process. */
export async function startRunners(): Promise<StartedRunners> {
  const defined = await ownActions()
  const uid = callingUser()
  const { name, gid } = account(uid)
  const root = process.geteuid?.() === 0
  const ours = new Runner(command(), {})
  const start = { actions: defined.own, uid, gid }
  const own = defined.own.length === 0 ? undefined : new Runner(command(), { own: start })
  const without = root && uid === 0 ? 'root without capabilities' : name
  return {
    ...defined,
    runners: { as: { ours: root ? 'root' : name, own: without }, ours, own },
    close: () => {
      ours.close()
      own?.close()
    },
  }
}

function command(): readonly [string, readonly string[]] {
  const [file, words] = self()
  return [file, [...words, RUNNER]]
}

/** Name and primary group of the current user, or of the user who called sudo. */
function account(uid: number): { name: string; gid: number } {
  if (uid === process.geteuid?.()) return { name: userInfo().username, gid: process.getegid?.() ?? uid }
  return { name: process.env.SUDO_USER ?? String(uid), gid: Number(process.env.SUDO_GID ?? uid) }
}
