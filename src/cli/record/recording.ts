// What `ksys record` is to do, as checked settings.
import type { CheckedFilter } from '../../filter/index.js'
import type { MemoryBounds } from '../../trace/memory-trace.js'
import type { Usr1 } from '../../usr1.js'

export interface Recording {
  readonly memory: MemoryBounds
  /** an event that passes has what is in memory written to a file; undefined: only people have */
  readonly trigger: CheckedFilter | undefined
  /** ns of capture time that go into a file behind the moment for which it is written */
  readonly after: number
  /** what triggers may do to a disk; people may always */
  readonly limits: Limits
  /** a person asks without words */
  readonly usr1: Usr1
  /** what the file of --config says now; undefined: there is none. Throws CliError. */
  readonly reread: (() => Reread) | undefined
}

/** What changes while a recorder runs. */
export interface Reread extends Pick<Recording, 'after' | 'limits'> {
  /** undefined: the one before stays, as events of this one are not captured */
  readonly trigger: { readonly now: CheckedFilter | undefined } | undefined
  /** a sentence about what was read */
  readonly told: string
}

export interface Limits {
  /** files that triggers have written in one run */
  readonly files: number
  /** ns between the end of one file and the next trigger that counts */
  readonly cooldown: number
  /** bytes of the files written within a day; undefined: any number */
  readonly bytesADay: number | undefined
}
