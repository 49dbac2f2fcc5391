// Groups repeated alerts: the first of a group is emitted at once; repeats within the window are counted, and one more alert reports the
// count when the window ends.
import type { Alert, AlertValue } from '../rule.js'
import { iso8601, timeOfDay } from './time.js'

/** Default fields by which alerts of one rule are grouped: the same program in the same container, whatever its process. */
export const DEFAULT_GROUPING = ['proc.name', 'container.id'] as const

/** default ns from the first alert of a group to the end of its window */
export const DEFAULT_WINDOW = 60_000_000_000n

/** groups open at once; one more ends the oldest early */
const MOST = 10_000

interface GroupingOptions {
  /** ns from the first alert of a group to the end of its window */
  readonly window: bigint
  /** show times in texts as ISO 8601, in UTC */
  readonly isoTime: boolean
  /** maximum number of open groups */
  readonly most?: number
}

/** One group while its window is open. */
interface Group {
  readonly first: Alert
  readonly ends: bigint
  /** alerts after the first, and the time of the latest */
  count: number
  last: bigint
}

export class Grouping {
  /** alerts that were counted instead of emitted */
  joined = 0
  /** oldest first, as all windows have the same length */
  private readonly groups = new Map<string, Group>()

  /** send: called with each alert to emit. */
  constructor(
    private readonly options: GroupingOptions,
    private readonly send: (alert: Alert) => void,
  ) {}

  /** Sends an alert or counts it. An alert without a group is sent. */
  take(alert: Alert): void {
    const { group: name, time } = alert
    if (name === undefined) {
      this.send(alert)
      return
    }
    this.tick(time)
    const group = this.groups.get(name)
    if (group !== undefined) {
      this.joined++
      group.count++
      if (time > group.last) group.last = time
      return
    }
    const { window, most = MOST } = this.options
    if (this.groups.size >= most) this.endOldest()
    this.groups.set(name, { first: alert, ends: time + window, count: 0, last: time })
    this.send(alert)
  }

  /** Ends the windows that have expired. now: ns since 1970; when a file is read, the time in the capture. */
  tick(now: bigint): void {
    for (const [name, group] of this.groups) {
      if (group.ends > now) return
      this.end(name, group)
    }
  }

  /** Ends all windows and emits their counts. */
  flush(): void {
    for (const [name, group] of this.groups) this.end(name, group)
  }

  private endOldest(): void {
    for (const [name, group] of this.groups) {
      this.end(name, group)
      return
    }
  }

  private end(name: string, group: Group): void {
    this.groups.delete(name)
    if (group.count > 0) this.send(this.repeated(group))
  }

  /** The alert that represents the counted ones: it has their number and the time of the latest. */
  private repeated({ first: { group: _, ...first }, count, last }: Group): Alert {
    const fields = new Map<string, AlertValue>(first.fields)
    fields.set('alert.repeated', count)
    fields.set('alert.first_time', first.time)
    fields.set('alert.last_time', last)
    const time = this.options.isoTime ? iso8601 : timeOfDay
    const text = `${first.text} [${count} more like it, first ${time(first.time)}, last ${time(last)}]`
    return { ...first, time: last, text, fields }
  }
}
