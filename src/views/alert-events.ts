// Alerts of rules, one by one.
import { CONTAINER, TIME, YIELDS } from './columns.js'
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'alert_events',
  name: 'Alert Events',
  description: "Each event that fires a rule (Falco's, given with --rules), with the alert about it.",
  tips: [
    'Enter shows the calls around one: those of its container, or on the host of its process, from a second before to a second after. Enter there, or d and Enter here, shows all about its event.',
    'Live, what was before is there too, as far as calls are kept.',
  ],
  example: 'rule.tags intersects (network)',
  appliesTo: [WHOLE_MACHINE, 'rule.name', ...WHO],
  drillTo: 'dig',
  empty: 'No rule fired.',
  list: {
    filter: 'rule.name exists',
    around: 1_000_000_000,
    columns: [
      { ...TIME, yields: YIELDS.rare, doc: 'when it happened' },
      { field: 'rule.priority', title: 'PRIORITY', width: 13, fits: true, doc: 'how grave it is' },
      { field: 'rule.name', title: 'RULE', width: 36, fits: true, names: true, doc: 'the rule' },
      { field: 'proc.name', title: 'PROC', width: 12, fits: true, yields: YIELDS.container, doc: 'who did it' },
      CONTAINER,
      { field: 'rule.output', title: 'Output', yields: YIELDS.command, doc: 'what the alert says' },
    ],
  },
})
