// The sink that evaluates rules and emits alerts: rules may be replaced between two batches, and losses are reported in the same stream.

import { expect, test } from 'vitest'
import { AlertStream } from '../../../src/cli/rules/alert-stream.js'
import { Coverage } from '../../../src/cli/rules/coverage.js'
import { type CompileForSource, RulesSink } from '../../../src/cli/rules/rules-sink.js'
import { registry } from '../../../src/fields/index.js'
import { batchNs } from '../../../src/model/time.js'
import { alertLine } from '../../../src/rules/alerts/lines.js'
import { alertMaker } from '../../../src/rules/alerts/maker.js'
import { checkRules } from '../../../src/rules/engine/checked.js'
import { compileRules } from '../../../src/rules/engine/engine.js'
import { Outputs } from '../../../src/rules/outputs/outputs.js'
import type { Rule } from '../../../src/rules/rule.js'
import { rule } from '../../helpers/rule.js'
import { World } from '../state/world.js'

const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const
const opened = (name: string) => ({ type: 'open', ret: 3, params: { name, flags: 0 } })

/** A stream into a string, and how rules become an evaluator. */
async function streaming(world: World) {
  let text = ''
  const outputs = await Outputs.open([], {
    json: false,
    write: (bytes) => {
      text += Buffer.from(bytes).toString()
    },
    reportProblem: (sentence) => {
      throw new Error(sentence)
    },
    version: '0',
    hostname: 'box',
    format: (alert) => alertLine(alert, true).replace(/^\S+ /, ''),
  })
  const stream = new AlertStream(outputs, [], { isoTime: true, window: undefined })
  const ctx = { info: world.state.info, states: [world.state], format }
  const options = { isoTime: true, appendOutput: [], suggested: false, bufferBase64: false }
  const judging =
    (...rules: Rule[]): CompileForSource =>
    (fired) => ({
      engine: compileRules(checkRules(rules, registry), ctx, { matching: 'all', fired }),
      maker: alertMaker(rules, ctx, options),
    })
  return { stream, judging, info: ctx.info, text: () => text }
}

test('each event is evaluated by the rules that are current then', async () => {
  const world = new World()
  const { stream, judging, info, text } = await streaming(world)
  const etc = rule('Etc', 'evt.type=open and fd.name startswith /etc', { output: 'etc %fd.name' })
  const any = rule('Any', 'evt.type=open', { output: 'any %fd.name' })
  const sink = new RulesSink({ info, coverage: undefined }, stream, judging(etc))
  const see = (name: string) => world.play([opened(name)], (e) => sink.show(e))
  see('/etc/one')
  see('/tmp/one')
  sink.setRules(judging(any, etc))
  see('/etc/two')
  await sink.flush()
  await stream.close()
  expect(text()).toBe('Warning etc /etc/one\nWarning any /etc/two\nWarning etc /etc/two\n')
  expect(sink.judged).toBe(3)
  expect(stream.counts.total).toBe(3)
})

test('losses are reported between the alerts', async () => {
  const world = new World()
  const { stream, judging, info, text } = await streaming(world)
  let stats = { events: 0, lost: 0, late: 0 }
  const sink = new RulesSink(
    { info, coverage: new Coverage(() => stats) },
    stream,
    judging(rule('Any', 'evt.type=open')),
  )
  stats = { events: 50, lost: 50, late: 0 }
  sink.end(batchNs(1))
  await stream.close()
  expect(text()).toMatch(
    /^Warning Falco internal: syscall event drop\. 50 events were lost in \d\.\d s, 50 % of all: rules did not see them \(n_drops=50 n_evts=100 n_left_out=0\)\n$/,
  )
})
