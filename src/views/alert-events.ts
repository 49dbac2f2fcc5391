// Rule alerts, one row each.
import { CONTAINER, TIME, YIELDS } from './columns.js'
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'alert_events',
  name: 'Alert Events',
  description: 'Each event that fires a rule (a Falco rule loaded with --rules), with its alert.',
  tips: [
    'Enter shows the calls from one second before an alert to one second after it: those of its container or, for a process on the host, of the process. Enter there, or d and Enter here, opens the event.',
    'Live, alerts from before the view was opened are listed too, as far back as calls are retained.',
  ],
  example: 'rule.tags intersects (network)',
  appliesTo: [WHOLE_MACHINE, 'rule.name', ...WHO],
  drillTo: 'dig',
  empty: 'No rule fired.',
  list: {
    filter: 'rule.name exists',
    around: 1_000_000_000,
    columns: [
      { ...TIME, yields: YIELDS.rare, doc: 'time of the event' },
      { field: 'rule.priority', title: 'PRIORITY', width: 13, fits: true, doc: 'priority of the rule' },
      { field: 'rule.name', title: 'RULE', width: 36, fits: true, names: true, doc: 'name of the rule' },
      {
        field: 'proc.name',
        title: 'PROC',
        width: 12,
        fits: true,
        yields: YIELDS.container,
        doc: 'name of the process',
      },
      CONTAINER,
      { field: 'rule.output', title: 'Output', yields: YIELDS.command, doc: 'text of the alert' },
    ],
  },
})
