// Opens the sink that runs chisels; live tables are updated in place on a terminal.
import type { CaptureRun } from '../../run/capture-run.js'
import { outputOf } from '../output/format.js'
import type { Screen } from '../output/screen.js'
import type { Output } from '../output/stdout.js'
import type { ChiselRun } from './prepare.js'
import type { ChiselSink, RowsFile } from './sink.js'

/** rows: the export file for the tables, in place of standard output; screen: the terminal, if it is used. */
export async function openChiselSink(
  chisels: ChiselRun,
  run: CaptureRun,
  out: Output,
  rows: RowsFile | undefined,
): Promise<{ sink: ChiselSink; screen: Screen | undefined }> {
  const [{ ChiselSink }, { Screen }] = await Promise.all([import('./sink.js'), import('../output/screen.js')])
  const only = chisels.chisels.length === 1 ? chisels.chisels[0] : undefined
  const inPlace =
    (only?.table !== undefined || only?.def.refreshes === true) &&
    outputOf(chisels.settings).value === undefined &&
    rows === undefined
  const screen =
    run.isLive && inPlace && Screen.usable() ? new Screen(() => process.kill(process.pid, 'SIGINT')) : undefined
  screen?.start()
  return { sink: new ChiselSink(chisels, run, out, screen, rows), screen }
}
