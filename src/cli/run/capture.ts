// Runs a capture with the chisels and rules of the settings, or for a receiver of events.
import { isMerged } from '../../merged/kind.js'
import { toCliError } from '../errors/to-cli-error.js'
import { liveToCliError } from '../errors/unavailable.js'
import type { Settings } from '../options/settings.js'
import type { Output } from '../output/stdout.js'
import { checkQuery } from '../query/query.js'
import { withRuleFiles } from '../rules/given.js'
import type { Receiver } from './receiver.js'
import { printMessage } from './report.js'
import { Run } from './run.js'

/** Captures or reads according to the settings; returns the exit code. */
export async function capture(given: Settings, out: Output): Promise<number> {
  const s = await withRuleFiles({ ...given, hosts: given.read.some(isMerged) })
  const chisels = s.chisels.length === 0 ? undefined : await (await import('../chisels/prepare.js')).prepareChisels(s)
  const query = chisels?.query ?? checkQuery(s)
  warn(s, chisels?.warnings ?? query.filter?.warnings)
  try {
    const code = await new Run(chisels?.settings ?? s, query, out, chisels).all()
    if (chisels === undefined || chisels.saved.length === 0) return code
    const { writeSaved } = await import('../chisels/saved.js')
    const again = (settings: Settings) => new Run(settings, checkQuery(settings), out).all()
    return await writeSaved(chisels.saved, code, s, again)
  } catch (e) {
    throw toCliError(liveToCliError(e, s.verbose))
  }
}

/** Captures or reads for a receiver that handles the events itself; returns the exit code. */
export async function captureFor(receiver: Receiver, given: Settings, out: Output): Promise<number> {
  const s = { ...given, hosts: given.read.some(isMerged) }
  warn(s, s.unneeded)
  try {
    return await new Run(s, receiver.query, out, undefined, receiver).all()
  } catch (e) {
    throw toCliError(liveToCliError(e, s.verbose))
  }
}

/** Prints warnings about the command line, once each; not with -q. */
export function warn({ quiet }: Pick<Settings, 'quiet'>, warnings: readonly string[] = []): void {
  if (!quiet) for (const warning of new Set(warnings)) printMessage(`ksys: ${warning}`)
}
