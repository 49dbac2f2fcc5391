// The process that runs the actions of the UI. It exists as long as the UI, so it loads as little as it can: no fields and no views.
import { existsSync } from 'node:fs'
import type { RunnerStart } from '../../actions/runner.js'
import { CliError, EXIT } from '../errors/exit.js'

/** The argument with which ksys starts itself to run actions. */
export const RUNNER = 'action-runner'

/** Runs actions until the process that started this one exits. */
export async function actionRunner(argv: readonly string[]): Promise<number> {
  const [start] = argv
  if (start === undefined || !existsSync('/proc/self/fd/3'))
    throw new CliError(EXIT.usage, `${RUNNER} is a part of 'ksys ui --actions', which starts it`)
  const { runActions } = await import('../../actions/runner.js')
  await runActions(JSON.parse(start) as RunnerStart)
  return EXIT.ok
}
