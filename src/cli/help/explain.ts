// --explain: how a filter is evaluated in the kernel, in ksys and when reading files.

import { registry } from '../../fields/index.js'
import { explainFilter } from '../../filter/index.js'
import { plannedFilter } from '../../run/planned-filter.js'
import { hostArch } from '../../schema/arch.js'
import { EVENTS } from '../../schema/events/index.js'
import { users } from '../../source/accounts.js'
import { attachHost } from '../../source/attach-host.js'
import { attachmentFor, attachmentSentence } from '../../source/attachment.js'
import { packConfig } from '../../source/pack.js'
import type { CapturePlan } from '../../source/plan.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Settings } from '../options/settings.js'
import type { Output } from '../output/stdout.js'
import { planOptions } from '../query/capture-plan.js'
import { checkingContext, checkQuery, type Query } from '../query/query.js'
import { withRuleFiles } from '../rules/given.js'

/** Prints the explanation; returns the exit code. */
export async function explain(s: Settings, out: Output): Promise<number> {
  await out.text(await explanation(await withRuleFiles(s)))
  return EXIT.ok
}

async function explanation(s: Settings): Promise<string> {
  if (s.chisels.length > 0) {
    const { prepareChisels } = await import('../chisels/prepare.js')
    const { settings, query } = await prepareChisels(s)
    return explainText(settings, query)
  }
  const query = checkQuery(s)
  if (plannedFilter(query.filter, s.redaction) === undefined)
    throw new CliError(EXIT.usage, '--explain requires a filter, as in: ksys --explain proc.name=cat')
  return explainText(s, query)
}

function explainText(s: Settings, q: Query): string {
  const options = planOptions(s, q, { users: users() })
  return `${explainFilter(plannedFilter(q.filter, s.redaction), registry, checkingContext(s), options, whereHere())}\n`
}

/** Returns the sentence on where the programs of a capture with a plan run on this machine; undefined if its processor cannot capture. */
function whereHere(): ((plan: CapturePlan) => string) | undefined {
  const arch = hostArch()
  if (arch === undefined) return undefined
  return (plan) => attachmentSentence(attachmentFor(plan, packConfig(plan, EVENTS, arch), attachHost()))
}
