// A trace of that node, generated for tests: no bundled capture has containers, pods, DNS, the system log and calls in flight.
import { bootNs } from '../../../src/model/time.js'
import { TraceWriter } from '../../../src/trace/index.js'
import { makeBatch } from '../../helpers/rows.js'
import { INFO } from '../../helpers/trace.js'
import { CALLS } from './calls.js'
import { NODE } from './processes.js'

/** Writes the trace to this path. */
export async function writeNode(path: string): Promise<void> {
  const info = { ...INFO, hostname: 'node-1', startBoot: bootNs(3 * 86_400e9), note: '' }
  const writer = await TraceWriter.open(path, { info, existing: NODE })
  const batch = makeBatch(CALLS)
  await writer.write(batch)
  await writer.close({ events: batch.count, lost: 0, late: 0 })
}
