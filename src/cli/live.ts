// A live capture of this machine, or of a command and its descendants.
import { readdirSync } from 'node:fs'
import { constants } from 'node:os'
import { registry } from '../fields/index.js'
import { planFilter } from '../filter/index.js'
import { LiveError, LiveSource } from '../source/live.js'
import type { CaptureSource } from '../source/source.js'
import { spawnStopped } from '../source/spawn.js'
import { CliError, EXIT } from './exit.js'
import type { Settings } from './parse.js'
import { planOptions } from './plan.js'
import type { Question } from './question.js'
import { ROOT } from './version.js'

export interface Live {
  readonly source: CaptureSource
  /** what a signal does: it ends the capture, or reaches the command first */
  interrupt(signal: NodeJS.Signals): void
  /** the exit code of the run: the command's when there is one */
  exitCode(): Promise<number>
}
