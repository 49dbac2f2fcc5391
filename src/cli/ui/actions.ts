// The actions of the UI: which there are, and the processes that run them, which begin before ksys gives up its privileges.
import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { Runner } from '../../actions/client.js'
import type { OwnAction } from '../../actions/define.js'
import { OwnActionsError, readOwnActions } from '../../actions/own.js'
import type { RunnerStart } from '../../actions/runner.js'
import { registry } from '../../fields/index.js'
import { callingUser } from '../../model/trusted-file.js'
import type { Runners } from '../../tui/app.js'
import { loadViews } from '../../views/index.js'
import { CliError, EXIT } from '../errors/exit.js'
import { self } from '../self.js'

/** The word by which the command starts itself as a runner. */
export const RUNNER = 'action-runner'

/** The user's own actions, or why there are none, in a sentence. */
export interface Own {
  readonly own: readonly OwnAction[]
  readonly note: string | undefined
}

export async function ownActions(): Promise<Own> {
  const views = (await loadViews()).map((v) => v.id)
  try {
    return { own: readOwnActions({ field: (name) => registry.get(name) !== undefined, views }), note: undefined }
  } catch (e) {
    if (!(e instanceof OwnActionsError)) throw e
    return { own: [], note: e.message }
  }
}

export interface Begun extends Own {
  readonly runners: Runners
  /** Ends them, and what they run. */
  close(): void
}

/** Starts what runs actions; it ends when this process does. */
export async function beginRunners(): Promise<Begun> {
  const found = await ownActions()
  const uid = callingUser()
  const { name, gid } = account(uid)
  const root = process.geteuid?.() === 0
  const ours = new Runner(command(), {})
  const start = { actions: found.own, uid, gid }
  const own = found.own.length === 0 ? undefined : new Runner(command(), { own: start })
  const without = root && uid === 0 ? 'root without capabilities' : name
  return {
    ...found,
    runners: { as: { ours: root ? 'root' : name, own: without }, ours, own },
    close: () => {
      ours.close()
      own?.close()
    },
  }
}

/** Runs actions until the process that started this one has gone. */
export async function actionRunner(argv: readonly string[]): Promise<number> {
  const [start] = argv
  if (start === undefined || !existsSync('/proc/self/fd/3'))
    throw new CliError(EXIT.usage, `${RUNNER} is a part of 'ksys ui --actions', which starts it`)
  const { runActions } = await import('../../actions/runner.js')
  await runActions(JSON.parse(start) as RunnerStart)
  return EXIT.ok
}

function command(): readonly [string, readonly string[]] {
  const [file, words] = self()
  return [file, [...words, RUNNER]]
}

/** Name and first group of a user: this one, or who became root by sudo. */
function account(uid: number): { name: string; gid: number } {
  if (uid === process.geteuid?.()) return { name: userInfo().username, gid: process.getegid?.() ?? uid }
  return { name: process.env.SUDO_USER ?? String(uid), gid: Number(process.env.SUDO_GID ?? uid) }
}
