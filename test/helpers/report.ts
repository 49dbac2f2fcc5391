// Reports on hand-made rows: the rows pass through the state and the collector as in a run.
import { PLAIN } from '../../src/fields/field.js'
import type { Snapshot } from '../../src/model/snapshot.js'
import { Collector } from '../../src/report/collector.js'
import { type Finished, finished, type RunFacts } from '../../src/report/finish.js'
import { State } from '../../src/state/state.js'
import { info, shell } from '../unit/state/world.js'
import { cursor, makeBatch, type RowSpec } from './rows.js'

/** Facts of a run that was complete, in /home. */
export const FACTS: RunFacts = {
  command: undefined,
  folder: undefined,
  exitCode: undefined,
  hosts: ['h'],
  seconds: 1.5,
  filter: undefined,
  secrets: false,
  incomplete: [],
}

/** The report on these rows. By default they are of a shell with pid 100, whose folder is /home. native: see makeBatch(). */
export function reportOn(
  rows: readonly RowSpec[],
  facts: Partial<RunFacts> = {},
  snapshot?: Snapshot,
  native = true,
): Finished {
  const state = new State(info)
  state.load(snapshot ?? shell())
  const collector = new Collector({ folder: facts.folder, secrets: facts.secrets ?? false })
  collector.attach({ info, states: [state], format: PLAIN })
  const batch = makeBatch(
    rows.map((row, i) => ({ tid: 100, time: i + 1, ...row })),
    native,
  )
  const e = cursor()
  for (let i = 0; i < batch.count; i++) {
    e.moveTo(batch, i)
    state.apply(e)
    collector.show(e)
  }
  return finished(collector, { ...FACTS, ...facts })
}

const O_WRONLY = 1
const CREATED = 1 << 30

/** A file that was opened for reading. */
export const reads = (name: string, more: Partial<RowSpec> = {}): RowSpec => ({
  type: 'openat',
  ret: 7,
  params: { dirfd: -100, name, flags: 0 },
  ...more,
})

/** A file that was created for writing. */
export const creates = (name: string, more: Partial<RowSpec> = {}): RowSpec => ({
  type: 'openat',
  ret: 8,
  params: { dirfd: -100, name, flags: O_WRONLY | 0o100 | CREATED },
  ...more,
})

/** A program that was executed by process `tid`. */
export const runs = (path: string, args: readonly string[], tid = 100): RowSpec => ({
  type: 'execve',
  tid,
  params: {
    exe: path,
    args,
    filename: path,
    trusted_exepath: path,
    comm: path.slice(path.lastIndexOf('/') + 1),
    uid: 0,
  },
})
