// The checked settings of `ksys record`.
import type { CheckedFilter } from '../../filter/index.js'
import type { MemoryBounds } from '../../trace/memory-trace.js'
import type { Usr1 } from '../../usr1.js'

export interface Recording {
  readonly memory: MemoryBounds
  /** an event that passes causes a dump; undefined: only users request dumps */
  readonly trigger: CheckedFilter | undefined
  /** ns of capture time after a request that go into its file */
  readonly after: number
  /** limits for triggers; requests of users are not limited */
  readonly limits: Limits
  /** requests a dump by SIGUSR1 */
  readonly usr1: Usr1
  /** re-reads the file of --config; undefined: there is none. Throws CliError. */
  readonly reread: (() => Reread) | undefined
}

/** The options that can change while a recorder runs. */
export interface Reread extends Pick<Recording, 'after' | 'limits'> {
  /** undefined: the previous trigger stays, since events of the new one are not captured */
  readonly trigger: { readonly now: CheckedFilter | undefined } | undefined
  /** a message about the change */
  readonly message: string
}

export interface Limits {
  /** maximum number of files written by triggers in one run */
  readonly files: number
  /** ns after the end of a file during which triggers are ignored */
  readonly cooldown: number
  /** maximum bytes of the files written within a day; undefined: no limit */
  readonly bytesADay: number | undefined
}
